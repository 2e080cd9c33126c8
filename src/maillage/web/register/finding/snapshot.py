"""The index as one web process keeps it in memory from one request to the next.

What is kept bears the revision it was read under and is read again as soon as another is in force:
every change of what is public draws a new revision in its own transaction (`indexing`), so no
process goes on with what was taken back. About 55 bytes for each number, filters and orders
included: 11 MB for 200,000 initiatives.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.web.register.finding.columns import Columns, read_columns
from maillage.web.register.finding.criteria import FILTERS
from maillage.web.register.finding.keeping import Keeper, index_state
from maillage.web.register.finding.postings import Name, postings_of_facets
from maillage.web.register.models import Initiative
from maillage.web.register.models.search import SearchColumns, SearchState
from maillage.web.ui.words import alphabetical

_WORD_BITS: Final = 64
BoolArray = NDArray[np.bool_]
IdArray = NDArray[np.int64]


@dataclass(frozen=True)
class Snapshot:
    """The index under one revision.

    state    its state
    columns  what orders and years need, by number
    values   place of each value of each filter in `bits`
    bits     which entries have it, a bit each, shape (n_values, size / 64)
    """

    state: SearchState
    columns: Columns
    values: MappingProxyType[Name, int]
    bits: NDArray[np.uint64]
    _orders: dict[str, IdArray] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        columns = self.columns
        arrays = (columns.present, columns.year, columns.lengths, columns.updated, self.bits)
        return sum(each.nbytes for each in (*arrays, *self._orders.values()))

    def having(self, facet: str, values: Iterable[str]) -> BoolArray:
        """Return the entries that have any of the values of a filter, shape (size,)."""
        places = [self.values[facet, each] for each in values if (facet, each) in self.values]
        found = np.bitwise_or.reduce(self.bits[places], axis=0)
        return np.unpackbits(found.view(np.uint8), bitorder="little").view(np.bool_)

    def counts(self, chosen: BoolArray) -> dict[Name, int]:
        """Return how many of the chosen entries have each value of each filter."""
        among = np.packbits(chosen, bitorder="little").view(np.uint64)
        found = np.bitwise_count(self.bits & among).sum(axis=1)
        return dict(zip(self.values, found.tolist(), strict=True))

    def by_title(self) -> IdArray:
        """Return every number by title, in the order of a dictionary: the same on any database."""
        return self._ordered("titre", _by_title)

    def by_year(self) -> IdArray:
        """Return every number by year of launch, the latest first, those without one last."""
        return self._ordered("annee", lambda: _latest(self.columns.year))

    def along_years(self, chosen: BoolArray) -> IdArray:
        """Return those chosen that have a year of launch, the latest first, by title in a year."""
        titles = self.by_title()
        years = self.columns.year[titles].astype(np.int64)
        kept = chosen[titles] & (years > 0)
        return titles[kept][np.argsort(-years[kept], kind="stable")]

    def by_change(self) -> IdArray:
        """Return every number by date of change, the latest first."""
        return self._ordered("recent", lambda: _latest(self.columns.updated))

    def _ordered(self, name: str, made: Callable[[], IdArray]) -> IdArray:
        if name not in self._orders:
            found = made()
            found = found[found < self.columns.size]
            self._orders[name] = found[self.columns.present[found]]
        return self._orders[name]


def _latest(values: NDArray[np.uint16] | NDArray[np.int64]) -> IdArray:
    """Return the places of the greatest values first; of equal ones, the greatest place first."""
    return np.argsort(values, kind="stable")[::-1]


def _by_title() -> IdArray:
    titles = Initiative.objects.public().order_by().values_list("title", "pk")
    keys = sorted((alphabetical(title), title, key) for title, key in titles.iterator())
    return np.fromiter((key for _, _, key in keys), dtype=np.int64, count=len(keys))


_keeper: Final[Keeper[Snapshot]] = Keeper()


def current_snapshot() -> Snapshot:
    """Return the index as it is now: one query when nothing changed since the last request."""
    state = index_state()
    return _keeper.get(state, lambda: _read(state)).value


def _read(state: SearchState) -> Snapshot:
    blocks = SearchColumns.objects.order_by("block").values_list("block", "data")
    columns = read_columns(list(blocks))
    postings = postings_of_facets(each.name for each in FILTERS)
    bits = np.zeros((len(postings), columns.size // _WORD_BITS), dtype=np.uint64)
    for place, found in enumerate(postings.values()):
        having = np.zeros(columns.size, dtype=np.bool_)
        # Read a moment later than the columns, on a busy site: what they lack waits for its turn.
        having[found.ids[found.ids < columns.size]] = True
        bits[place] = np.packbits(having & columns.present, bitorder="little").view(np.uint64)
    values = {name: place for place, name in enumerate(postings)}
    return Snapshot(state, columns, MappingProxyType(values), bits)
