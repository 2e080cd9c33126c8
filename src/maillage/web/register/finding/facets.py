"""How many initiatives each value of each filter would leave: exact, whatever else is asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet

from maillage.web.register.finding.asking import Answer, select
from maillage.web.register.finding.criteria import FILTERS, Filter
from maillage.web.register.models import Initiative, Tag
from maillage.web.territories.models import Territory

FIRST_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many initiatives there are with it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """A filter with its values, in the order of the vocabulary; those without answer left out."""

    filter: Filter
    choices: tuple[Choice, ...]

    @property
    def is_used(self) -> bool:
        """Say whether one of its values is asked for."""
        return any(choice.chosen for choice in self.choices)


def facets_of(answer: Answer) -> list[FacetCounts]:
    """Return every filter that has something to offer.

    The count of a value is what one would see with that value beside the others chosen in the
    same filter taken away: any of the values of a filter is enough, so its own choice does not
    count against it.
    """
    free = [each for each in FILTERS if each.name not in answer.criteria.values]
    counted = _counts(answer.initiatives, free)
    for name in answer.criteria.values:
        each = next(each for each in FILTERS if each.name == name)
        others = select(answer.criteria, answer.question, except_filter=name)
        counted |= _counts(others, [each])
    regions = _region_names(counted["region"])
    found = []
    for each in FILTERS:
        chosen = answer.criteria.values.get(each.name, ())
        labels = regions if each.choices is None else dict(each.choices.choices)
        counts = counted[each.name]
        choices = tuple(
            Choice(value, str(label), counts[value], value in chosen)
            for value, label in labels.items()
            if counts[value] or value in chosen
        )
        if choices:
            found.append(FacetCounts(each, choices))
    return found


def _counts(
    initiatives: QuerySet[Initiative], filters: Iterable[Filter]
) -> dict[str, Counter[str]]:
    """Return filter → value → number of initiatives: one query for all tags, one for each other."""
    wanted = list(filters)
    found: dict[str, Counter[str]] = {each.name: Counter() for each in wanted}
    by_facet = {each.facet: each.name for each in wanted if each.facet}
    if by_facet:
        rows = (
            Tag.objects.filter(facet__in=list(by_facet), initiative__in=initiatives)
            .order_by()
            .values_list("facet", "value")
            .annotate(n=Count("pk"))
        )
        for facet, value, count in rows:
            found[by_facet[facet]][value] = count
    for each in wanted:
        if each.path:
            rows = (
                initiatives.values_list(each.path)
                .annotate(n=Count("pk", distinct="__" in each.path))
                .order_by()
            )
            found[each.name] = Counter({value: count for value, count in rows if value})
    return found


def _region_names(counts: Counter[str]) -> dict[str, str]:
    rows = Territory.objects.filter(kind="region", code__in=list(counts)).order_by("slug")
    return dict(rows.values_list("code", "name"))
