"""How many initiatives take place in each department: the map as a table."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from maillage.web.register.finding.asking import Answer
from maillage.web.register.finding.criteria import Criteria
from maillage.web.register.models import Initiative
from maillage.web.territories.models import Territory


@dataclass(frozen=True, slots=True)
class Spot:
    """A department, and how many initiatives take place in it, at least in part."""

    department: Territory
    count: int
    query: str

    @property
    def url(self) -> str:
        """Return the list of its initiatives."""
        return f"{reverse('register:list')}?{self.query}"


def spots_of(found: Answer) -> list[Spot]:
    """Return the departments where something takes place; an initiative counts once in each."""
    through = Initiative.territories.through.objects
    rows = (
        through.filter(initiative__in=found.initiatives)
        .exclude(territory__department_code="")
        .exclude(territory__kind__in=("region", "nation"))
        .values_list("territory__department_code")
        .annotate(n=Count("initiative", distinct=True))
        .order_by()
    )
    counts = dict(rows)
    departments = Territory.objects.filter(kind="department", code__in=list(counts))
    return [
        Spot(each, counts[each.code], _inside(found.criteria, each))
        for each in departments.order_by("code")
    ]


def _inside(criteria: Criteria, department: Territory) -> str:
    pairs = [pair for pair in criteria.pairs() if pair[0] != "territoire"]
    return urlencode([*pairs, ("territoire", f"department-{department.code}")])


def count_elsewhere(found: Answer) -> int:
    """Return how many initiatives have no department: the whole of a region, of the country."""
    through = Initiative.territories.through.objects
    placed = (
        through.exclude(territory__department_code="")
        .exclude(territory__kind__in=("region", "nation"))
        .values("initiative_id")
    )
    return found.initiatives.exclude(pk__in=placed).count()
