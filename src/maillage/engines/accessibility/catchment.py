"""Who needs care, who gives it, and the minutes between them: as a table, or prepared once."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from maillage.core.errors import InputError
from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import BoolArray, FloatArray, Int32Array, IntArray
from maillage.engines.accessibility.compiled import njit
from maillage.engines.accessibility.decay import Decay


@dataclass(frozen=True, slots=True)
class Catchment:
    """An access problem: places where people live, sites where care is given, trips between.

    demand           people per place (standardised for the APL), shape (n_places,)
    supply           acts per year, or full-time equivalents, per site, shape (n_sites,)
    indptr           trips of place i stand from indptr[i] to indptr[i + 1], shape (n_places + 1,)
    destination      site of each trip, shape (n_pairs,)
    travel_time_min  minutes of each trip, shape (n_pairs,); inf where no road leads

    A trip that is not in the table is a trip that nobody makes. Trips to oneself count when
    they are in the table, and only then.
    """

    demand: FloatArray
    supply: FloatArray
    indptr: IntArray
    destination: Int32Array
    travel_time_min: NDArray[np.floating]

    def __post_init__(self) -> None:
        demand = arrays.quantity(self.demand, name="demand")
        supply = arrays.quantity(self.supply, name="supply")
        arrays.check_shape(self.destination, name="destination", size=None)
        n_pairs = self.destination.size
        arrays.check_row_starts(self.indptr, name="indptr", n_rows=demand.size, n_pairs=n_pairs)
        arrays.check_positions(self.destination, name="destination", below=supply.size)
        object.__setattr__(self, "demand", demand)
        object.__setattr__(self, "supply", supply)
        object.__setattr__(self, "travel_time_min", _checked_minutes(self.travel_time_min, n_pairs))

    @classmethod
    def from_pairs(
        cls,
        *,
        demand: ArrayLike,
        supply: ArrayLike,
        origin: NDArray[np.integer[Any]],
        destination: NDArray[np.integer[Any]],
        travel_time_min: NDArray[np.floating],
    ) -> "Catchment":
        """Make a catchment of a table of trips, one row each, in any order.

        origin, destination  position of the place and of the site, shape (n_pairs,)
        travel_time_min      minutes, shape (n_pairs,)
        """
        people = arrays.quantity(demand, name="demand")
        arrays.check_shape(origin, name="origin", size=destination.size)
        arrays.check_shape(travel_time_min, name="travel_time_min", size=destination.size)
        arrays.check_positions(origin, name="origin", below=people.size)
        indptr, is_sorted = _count_rows(origin, people.size)
        if not is_sorted:
            order = np.argsort(origin, kind="stable")
            destination, travel_time_min = destination[order], travel_time_min[order]
        return cls(
            demand=people,
            supply=np.asarray(supply, dtype=np.float64),
            indptr=indptr,
            destination=np.ascontiguousarray(destination),
            travel_time_min=travel_time_min,
        )

    @classmethod
    def from_matrix(
        cls, *, demand: ArrayLike, supply: ArrayLike, travel_time_min: FloatArray
    ) -> "Catchment":
        """Make a catchment of a full matrix of minutes, shape (n_places, n_sites)."""
        n_places, n_sites = travel_time_min.shape
        return cls.from_pairs(
            demand=demand,
            supply=supply,
            origin=np.repeat(np.arange(n_places), n_sites),
            destination=np.tile(np.arange(n_sites, dtype=np.int32), n_places),
            travel_time_min=travel_time_min.ravel(),
        )


@dataclass(frozen=True, slots=True)
class PreparedCatchment:
    """The trips that weigh something, by place and by site; demand and supply come later.

    indptr, destination, weight    by place: shapes (n_places + 1,), (n_useful,), (n_useful,)
    site_indptr, origin,           the same trips by site: shapes (n_sites + 1,), (n_useful,),
    site_weight, site_time_min     (n_useful,), (n_useful,)
    reach_min                      longest trip kept, minutes

    The arrays may be memory-mapped: nothing here writes to them. `prepare` makes one; the
    constructor checks shapes only, so that a stored one opens at once.
    """

    indptr: IntArray
    destination: Int32Array
    weight: FloatArray
    site_indptr: IntArray
    origin: Int32Array
    site_weight: FloatArray
    site_time_min: NDArray[np.floating]
    reach_min: float
    by_place: csr_array = field(init=False, repr=False, compare=False)
    by_site: csr_array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        n_useful = self.weight.size
        for name in ("destination", "origin", "site_weight", "site_time_min"):
            arrays.check_shape(getattr(self, name), name=name, size=n_useful)
        for name in ("indptr", "site_indptr"):
            starts = getattr(self, name)
            arrays.check_row_starts(starts, name=name, n_rows=starts.size - 1, n_pairs=n_useful)
        shape = (self.n_places, self.n_sites)
        object.__setattr__(
            self, "by_place", _matrix(self.weight, self.destination, self.indptr, shape)
        )
        object.__setattr__(
            self, "by_site", _matrix(self.site_weight, self.origin, self.site_indptr, shape[::-1])
        )

    @property
    def n_places(self) -> int:
        """Number of places where people live."""
        return int(self.indptr.size - 1)

    @property
    def n_sites(self) -> int:
        """Number of sites where care is given."""
        return int(self.site_indptr.size - 1)

    def demand_reaching(self, demand: FloatArray) -> FloatArray:
        """Return the weighted people who reach each site, shape (n_sites,)."""
        return np.asarray(self.by_site @ demand)

    def sum_over_sites(self, values: FloatArray) -> FloatArray:
        """Return for each place the weighted sum of `values`, shape (n_sites,), in its reach."""
        return np.asarray(self.by_place @ values)

    def served_by(self, site: int) -> tuple[Int32Array, FloatArray, NDArray[np.floating]]:
        """Return the places that reach a site, their weights and their minutes."""
        rows = slice(int(self.site_indptr[site]), int(self.site_indptr[site + 1]))
        return self.origin[rows], self.site_weight[rows], self.site_time_min[rows]

    def without_site(self) -> BoolArray:
        """Say which places reach no site at all, shape (n_places,)."""
        return np.asarray(np.diff(self.indptr) == 0)


def prepare(catchment: Catchment, decay: Decay) -> PreparedCatchment:
    """Weigh each trip, drop those that weigh nothing, and lay the rest out both ways."""
    weights = decay(catchment.travel_time_min)
    useful = weights > 0
    indptr = np.concatenate(([0], np.cumsum(useful, dtype=np.int64)))[catchment.indptr]
    destination = catchment.destination[useful].astype(np.int32, copy=False)
    weight, minutes = weights[useful], catchment.travel_time_min[useful]
    turned = transpose(indptr, destination, catchment.supply.size)
    return PreparedCatchment(
        indptr=indptr,
        destination=destination,
        weight=weight,
        site_indptr=turned[0],
        origin=turned[1],
        site_weight=weight[turned[2]],
        site_time_min=minutes[turned[2]],
        reach_min=decay.reach_min,
    )


@njit
def transpose(
    indptr: IntArray, destination: Int32Array, n_sites: int
) -> tuple[IntArray, Int32Array, IntArray]:
    """Return the trips by site: row starts, places, and the rank of each trip in the input."""
    starts = np.zeros(n_sites + 1, dtype=np.int64)
    for pair in range(destination.size):
        starts[destination[pair] + 1] += 1
    for site in range(n_sites):
        starts[site + 1] += starts[site]
    nxt = starts[:-1].copy()
    origin = np.empty(destination.size, dtype=np.int32)
    rank = np.empty(destination.size, dtype=np.int64)
    for place in range(indptr.size - 1):
        for pair in range(indptr[place], indptr[place + 1]):
            slot = nxt[destination[pair]]
            nxt[destination[pair]] += 1
            origin[slot] = place
            rank[slot] = pair
    return starts, origin, rank


def row_starts(rows: NDArray[np.integer[Any]], *, n_rows: int) -> IntArray:
    """Return where each row starts in a sorted list of row positions, shape (n_rows + 1,)."""
    return _count_rows(rows, n_rows)[0]


@njit
def _count_rows(rows: NDArray[np.integer[Any]], n_rows: int) -> tuple[IntArray, bool]:
    """Return where each row would start once sorted, and whether the rows are sorted already."""
    starts = np.zeros(n_rows + 1, dtype=np.int64)
    falls = 0
    before = 0
    for row in rows:
        starts[row + 1] += 1
        falls += row < before
        before = row
    for row in range(n_rows):
        starts[row + 1] += starts[row]
    return starts, falls == 0


def _matrix(
    weight: FloatArray, column: Int32Array, indptr: IntArray, shape: tuple[int, int]
) -> csr_array:
    """Wrap stored arrays as a SciPy matrix without copying the long ones."""
    return csr_array((weight, column, indptr.astype(column.dtype)), shape=shape, copy=False)


def _checked_minutes(minutes: NDArray[Any], n_pairs: int) -> NDArray[np.floating]:
    if minutes.dtype.kind != "f":
        minutes = minutes.astype(np.float64)
    arrays.check_shape(minutes, name="travel_time_min", size=n_pairs)
    if n_pairs and not minutes.min() >= 0:  # nan fails this too
        row = int(np.flatnonzero(~(minutes >= 0))[0])
        raise InputError(
            f"travel_time_min holds {minutes[row]} at position {row}; expected 0 or more minutes, "
            "or inf where no road leads. Drop the trips whose time is unknown."
        )
    return np.ascontiguousarray(minutes)
