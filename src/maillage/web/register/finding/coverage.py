"""Which territories have public initiatives, and on what: read once, kept until one changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from maillage.studies.store import Store
from maillage.studies.store.tables import BoolArray, IntArray
from maillage.web.register.finding.keeping import Keeper, index_state
from maillage.web.register.models import Initiative, Tag
from maillage.web.register.models.choices import Facet, Stage, SubTheme

LADDER: Final = ("commune", "living_zone", "epci", "employment_zone", "department", "region")
"""Kinds of territory that are compared, the narrowest first."""

MANY_PLACES: Final = 20_000
"""A larger register may be late: a new initiative may wait a minute. One that was taken back is
never shown: pages read what they show among the public ones, each time."""

_NOBODY: Final[IntArray] = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Coverage:
    """The public initiatives that a store can place, by number.

    places    kind of territory → rows of `store.membership(kind)` and numbers of initiatives, two
              arrays of shape (n_places,): one pair for each territory of each initiative
    subjects  subject → numbers of the initiatives that bear it, sorted
    ideas     numbers of those that nobody has tried yet, sorted
    """

    store: Store = field(repr=False)
    places: Mapping[str, tuple[IntArray, IntArray]]
    subjects: Mapping[str, IntArray]
    ideas: IntArray

    def about(self, subjects: Iterable[SubTheme]) -> BoolArray:
        """Say of each number whether its initiative bears one of these subjects."""
        return self.among(*(self.subjects.get(str(one), _NOBODY) for one in subjects))

    def among(self, *numbers: IntArray) -> BoolArray:
        """Say of each number that has a place whether it is one of these; shape (n_numbers,)."""
        chosen = np.zeros(self.n_numbers, dtype=np.bool_)
        for some in numbers:
            chosen[some[some < self.n_numbers]] = True
        return chosen

    @cached_property
    def n_numbers(self) -> int:
        """One more than the largest number of an initiative that has a place."""
        return 1 + max(
            (int(numbers.max(initial=-1)) for _, numbers in self.places.values()), default=-1
        )

    @property
    def n_places(self) -> int:
        """How many pairs of a territory and an initiative there are."""
        return sum(rows.size for rows, _ in self.places.values())


_keeper: Final[Keeper[Coverage]] = Keeper(lambda coverage: coverage.n_places > MANY_PLACES)


def coverage_of(store: Store) -> Coverage:
    """Return where the public initiatives take place: one query, three when they have changed."""
    state = index_state()
    if not state.n_texts:  # the index has one entry for each public initiative
        return Coverage(store, {}, {}, _NOBODY)
    return _keeper.get(state, lambda: _read(store), of=store).value


def _read(store: Store) -> Coverage:
    public = Initiative.objects.public().order_by()
    placed = public.filter(territories__kind__in=LADDER).values_list(
        "territories__kind", "territories__code", "pk", "stage"
    )
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    ideas: set[int] = set()
    for kind, code, number, stage in placed.iterator():
        if stage == Stage.IDEA:
            ideas.add(number)
        members = store.membership(kind)
        if code in members:  # a territory that ended has no figure to compare
            places[kind].append((members.index(code), number))
    tags = Tag.objects.filter(facet=Facet.SUB_THEME, initiative__in=public).order_by()
    subjects: dict[str, list[int]] = defaultdict(list)
    for subject, number in tags.values_list("value", "initiative_id").iterator():
        subjects[subject].append(number)
    return Coverage(
        store,
        {kind: _columns(pairs) for kind, pairs in places.items()},
        {subject: np.unique(numbers) for subject, numbers in subjects.items()},
        np.array(sorted(ideas), dtype=np.int64),
    )


def _columns(pairs: list[tuple[int, int]]) -> tuple[IntArray, IntArray]:
    rows, numbers = np.array(sorted(pairs), dtype=np.int64).T
    return rows, numbers
