"""Which initiatives of the index answer each part of the criteria, and all of them together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from maillage.web.register.finding.criteria import Criteria
from maillage.web.register.finding.snapshot import BoolArray, IdArray, Snapshot
from maillage.web.register.models import Initiative
from maillage.web.territories.models import Territory

WORDS, PLACE, YEARS = "q", "territoire", "annees"


@dataclass(frozen=True, slots=True)
class Selection:
    """What answers, by number.

    parts  part of the criteria (a filter, the words…) → who answers it, shape (size,)
    """

    snapshot: Snapshot
    parts: Mapping[str, BoolArray]

    def mask(self, *, except_filter: str = "") -> BoolArray:
        """Return who answers everything; one filter may be left out, to count its other values."""
        found = self.snapshot.columns.present.copy()
        for name, part in self.parts.items():
            if name != except_filter:
                found &= part
        return found

    def keys(self) -> IdArray:
        """Return the numbers of those that answer everything, ascending."""
        return np.flatnonzero(self.mask())

    def initiatives(self) -> QuerySet[Initiative]:
        """Return those that answer and are public, as a query, in no order."""
        public = Initiative.objects.public().order_by()
        return public.filter(pk__in=_listed(self.keys())) if self.parts else public


def _listed(keys: IdArray) -> RawSQL:
    """Return the subquery of these numbers: one parameter, however many there are."""
    numbers = keys.tolist()
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(numbers)])
    return RawSQL("SELECT unnest(%s::bigint[])", [numbers])


def selection_of(
    criteria: Criteria,
    snapshot: Snapshot,
    *,
    words: BoolArray | None,
) -> Selection:
    """Return what answers the criteria; `words` is who answers their words, None without words."""
    parts = {} if words is None else {WORDS: words}
    for name, values in criteria.values.items():
        parts[name] = snapshot.having(name, values)
    if criteria.territory:
        parts[PLACE] = _inside(criteria.territory, snapshot.columns.size)
    if criteria.first_year is not None or criteria.last_year is not None:
        parts[YEARS] = _launched(criteria, snapshot)
    return Selection(snapshot, parts)


def _launched(criteria: Criteria, snapshot: Snapshot) -> BoolArray:
    year = snapshot.columns.year
    found = year > 0
    if criteria.first_year is not None:
        found &= year >= criteria.first_year
    if criteria.last_year is not None:
        found &= year <= criteria.last_year
    return found


def _inside(reference: str, size: int) -> BoolArray:
    """Return the initiatives that take place in a territory, at least in part."""
    places = Territory.objects.filter(_within(reference))
    rows = Initiative.territories.through.objects.filter(territory__in=places)
    keys = np.fromiter(rows.values_list("initiative_id", flat=True), dtype=np.int64)
    found = np.zeros(size, dtype=np.bool_)
    found[keys[keys < size]] = True
    return found


def _within(reference: str) -> Q:
    """Return the territories inside of one, itself and, for a commune, those that hold it."""
    kind, _, code = reference.partition("-")
    itself = Q(kind=kind, code=code)
    if kind == "nation":
        return Q()
    held = {"department": "department_code", "region": "region_code", "epci": "epci_code"}
    if kind in held:
        smaller = {"department": ("commune", "epci"), "epci": ("commune",)}.get(
            kind, ("commune", "epci", "department")
        )
        return itself | Q(**{held[kind]: code}, kind__in=smaller)
    place = Territory.objects.filter(itself).first()
    if place is None:
        return itself
    holders = (("epci", place.epci_code), ("department", place.department_code))
    return itself | Q(*(Q(kind=kind, code=code) for kind, code in holders), _connector=Q.OR)
