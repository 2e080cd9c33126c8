"""Which territories have public initiatives, and on what: read once, kept until one changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.register.finding.keeping import Keeper, index_state
from maillage.web.register.models import Initiative, Tag
from maillage.web.register.models.choices import Facet, Stage, SubTheme

LADDER: Final = ("commune", "living_zone", "epci", "employment_zone", "department", "region")
"""Kinds of territory that are compared, the narrowest first."""

MANY_PLACES: Final = 20_000
"""A larger register may be late: a new initiative may wait a minute. One that was taken back is
never shown: pages read what they show among the public ones, each time."""


@dataclass(frozen=True, slots=True)
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

    def about(self, subjects: Iterable[SubTheme]) -> IntArray:
        """Return the numbers of the initiatives that bear one of these subjects."""
        return _merged(self.subjects.get(str(one)) for one in subjects)

    @property
    def every(self) -> IntArray:
        """The numbers of all the initiatives that have a place."""
        return _merged(initiatives for _, initiatives in self.places.values())

    @property
    def n_places(self) -> int:
        """How many pairs of a territory and an initiative there are."""
        return sum(rows.size for rows, _ in self.places.values())


_keeper: Final[Keeper[Coverage]] = Keeper(lambda coverage: coverage.n_places > MANY_PLACES)


def coverage_of(store: Store) -> Coverage:
    """Return where the public initiatives take place: one query, three when they have changed."""
    state = index_state()
    if not state.n_texts:  # the index has one entry for each public initiative
        return Coverage(store, {}, {}, _merged(()))
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


def _merged(parts: Iterable[IntArray | None]) -> IntArray:
    known = [part for part in parts if part is not None]
    return np.unique(np.concatenate(known)) if known else np.empty(0, dtype=np.int64)
