"""What the script of the map draws: where initiatives take place, and how many cover a commune."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db.models import Count

from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.register.finding.asking import Answer
from maillage.web.register.finding.coverage import Coverage, coverage_of
from maillage.web.register.models import Initiative
from maillage.web.territories.kinds import KIND_BY_NAME

FROM_COUNTS: Final = (0, 1, 2, 4, 8)
"""The fewest initiatives of each class of communes."""

MIXED_AT_ONCE: Final = 500
"""How many initiatives of several kinds of territory have their units listed at a time."""


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A class of communes in the legend: how many initiatives cover them, how many they are."""

    rank: int
    label: str
    communes: int


def points_of(found: Answer) -> list[list[Any]]:
    """Return the territories where something takes place, as the script takes them.

    Each is [kind, code, name, what it is, longitude, latitude, number of initiatives]; an
    initiative counts in each of its territories. Those without a place on the map are left out.
    """
    through = Initiative.territories.through.objects
    rows = (
        through.filter(initiative__in=found.initiatives, territory__lon__isnull=False)
        .exclude(territory__kind="nation")
        .values_list(*(f"territory__{name}" for name in ("kind", "code", "name", "lon", "lat")))
        .annotate(n=Count("initiative"))
        .order_by("territory__kind", "territory__code")
    )
    return [
        [kind, code, name, KIND_BY_NAME[kind].label, round(lon, 4), round(lat, 4), n]
        for kind, code, name, lon, lat, n in rows
    ]


def packed_cover(store: Store, found: Answer) -> bytes:
    """Return the class of each commune in map order, one byte each."""
    classes = cover_classes(store, found)[store.map_order]
    return classes.astype(np.uint8).tobytes()


def cover_rows(store: Store, found: Answer) -> list[CoverRow]:
    """Return the classes of the legend with their numbers of communes."""
    counts = np.bincount(cover_classes(store, found), minlength=len(FROM_COUNTS))
    return [CoverRow(rank, _label(rank), int(counts[rank])) for rank in range(len(FROM_COUNTS))]


def cover_classes(store: Store, found: Answer) -> IntArray:
    """Return the class of each unit by the initiatives found that cover it, shape (n_units,)."""
    counts = cover_counts(coverage_of(store), _wanted(found))
    return np.searchsorted(FROM_COUNTS, counts, side="right") - 1


def cover_counts(coverage: Coverage, wanted: IntArray | None = None) -> IntArray:
    """Return how many initiatives cover each unit, shape (n_units,); among `wanted` if given.

    What covers a territory covers its communes; an initiative that names a commune and its
    department counts once there.
    """
    total = np.zeros(coverage.store.n_units, dtype=np.int64)
    places = {kind: _among(pairs, wanted) for kind, pairs in coverage.places.items()}
    mixed = _of_several_kinds([numbers for _, numbers in places.values()])
    for kind, (rows, numbers) in places.items():
        members = coverage.store.membership(kind)
        plain = rows[~np.isin(numbers, mixed)]  # territories of one kind have no unit in common
        by_territory = np.bincount(plain, minlength=len(members))
        inside = members.group >= 0
        total[inside] += by_territory[members.group[inside]]
    for first in range(0, mixed.size, MIXED_AT_ONCE):
        total += _counts_of_mixed(coverage.store, places, mixed[first : first + MIXED_AT_ONCE])
    return total


def _counts_of_mixed(
    store: Store, places: Mapping[str, tuple[IntArray, IntArray]], few: IntArray
) -> IntArray:
    """Return how many of these initiatives cover each unit, shape (n_units,), each once in it."""
    pairs = [np.empty(0, dtype=np.int64)]
    for kind, (rows, numbers) in places.items():
        among = np.isin(numbers, few)
        ranks, units = store.membership(kind).expanded(rows[among])
        pairs.append(numbers[among][ranks] * store.n_units + units)
    return np.bincount(np.unique(np.concatenate(pairs)) % store.n_units, minlength=store.n_units)


def _among(pairs: tuple[IntArray, IntArray], wanted: IntArray | None) -> tuple[IntArray, IntArray]:
    rows, numbers = pairs
    kept = np.isin(numbers, wanted) if wanted is not None else slice(None)
    return rows[kept], numbers[kept]


def _of_several_kinds(numbers_by_kind: list[IntArray]) -> IntArray:
    """Return the numbers that are in several of the lists."""
    each_once = [np.unique(numbers) for numbers in numbers_by_kind]
    if not each_once:
        return np.empty(0, dtype=np.int64)
    numbers, times = np.unique(np.concatenate(each_once), return_counts=True)
    return numbers[times > 1]


def _wanted(found: Answer) -> IntArray | None:
    """Return the numbers of the initiatives that answer; None when every public one does."""
    if found.criteria.is_empty:
        return None
    return np.fromiter(found.initiatives.values_list("pk", flat=True), dtype=np.int64)


def _label(rank: int) -> str:
    first = FROM_COUNTS[rank]
    if not first:
        return "aucune"
    if rank + 1 == len(FROM_COUNTS):
        return f"{first} ou plus"
    last = FROM_COUNTS[rank + 1] - 1
    return str(first) if last == first else f"{first} {'ou' if last == first + 1 else 'à'} {last}"
