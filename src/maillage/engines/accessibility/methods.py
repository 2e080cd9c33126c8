"""Access measures behind one interface: `method.measure(catchment) -> Access`.

TwoStep         supply per inhabitant, shared among those who reach it: 2SFCA (Luo and Wang 2003),
                E2SFCA (Luo and Qi 2009); with a power decay, gravity (Joseph and Bantock 1982)
ThreeStep       the same, people choosing among the sites they reach (Wan, Zou, Sternberg 2012)
Potential       supply in reach, not shared (Hansen 1959)
RationalAgents  what care costs once crowds have spread out, low is better; in `congestion`
                (after RAAM, Saxon and Snow 2020)
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import BoolArray, FloatArray, Int32Array, IntArray
from maillage.engines.accessibility.catchment import Catchment, PreparedCatchment
from maillage.engines.accessibility.compiled import njit
from maillage.engines.accessibility.decay import Decay, StepDecay

ByteArray = NDArray[np.uint8]
UsefulTrips = tuple[IntArray, Int32Array, ByteArray]  # row starts, sites, classes of minutes


@dataclass(frozen=True, slots=True)
class Access:
    """What a method measured.

    method           its name and version
    access           per place, unit of the method, shape (n_places,)
    demand_reaching  weighted people who reach each site, shape (n_sites,)
    unserved         places that reach no site, shape (n_places,): access 0 (cost: inf)
    unreached        sites with supply that nobody reaches, shape (n_sites,); it is handed to no one
    supply_lost      supply of those sites, unit of supply
    gap              how far from the exact answer, as a share of it; 0 for closed forms
    """

    method: str
    access: FloatArray
    demand_reaching: FloatArray
    unserved: BoolArray
    unreached: BoolArray
    supply_lost: float = 0.0
    gap: float = 0.0


class Method(Protocol):
    """A way to measure access."""

    name: ClassVar[str]

    def measure(self, catchment: Catchment) -> Access:
        """Return the access of each place of a catchment."""
        ...


@dataclass(frozen=True, slots=True)
class TwoStep:
    """Supply per inhabitant in reach of each place, each site's supply shared among its people.

    R_j = S_j / Σ_i w(t_ij)·P_i, then A_i = Σ_j w(t_ij)·R_j, so that Σ P_i·A_i = Σ S_j over the
    sites that somebody reaches. With `within(minutes=30)` it is the 2SFCA, with steps the E2SFCA
    and the APL, with a power decay the gravity model with competition.
    """

    name: ClassVar[str] = "two-step floating catchment, version 1"
    decay: Decay

    def measure(self, catchment: Catchment) -> Access:
        """Return the access of each place, in supply per inhabitant: two passes over the table."""
        decay = self.decay if isinstance(self.decay, StepDecay) else None
        if decay is None:
            weights = self.decay(catchment.travel_time_min)
            return _measure_weighted(catchment, weights, self.name)
        ends, levels = decay.classes()
        reaching, useful = _reaching_by_step(
            catchment.indptr,
            catchment.destination,
            catchment.travel_time_min,
            ends,
            levels,
            catchment.demand,
            catchment.supply,
        )
        access = _sum_useful(*useful, levels, shares(catchment.supply, reaching))
        unserved = np.diff(useful[0]) == 0
        return access_result(self.name, catchment.supply, access, reaching, unserved)


@dataclass(frozen=True, slots=True)
class ThreeStep:
    """The two-step measure with people choosing among sites: weight w·G, G_ij = w_ij / Σ_k w_ik.

    Tempers the over-count of demand where sites are many; applies distance twice, which Páez,
    Higgins and Vivona (2019) criticise. For comparison, not for the APL.
    """

    name: ClassVar[str] = "three-step floating catchment, version 1"
    decay: Decay

    def measure(self, catchment: Catchment) -> Access:
        """Return the access of each place, in supply per inhabitant."""
        weights = self.decay(catchment.travel_time_min)
        choice = _choice_weights(catchment.indptr, weights)
        return _measure_weighted(catchment, choice, self.name)


@dataclass(frozen=True, slots=True)
class Potential:
    """Supply in reach of each place, weighted by distance, not shared: A_i = Σ_j w(t_ij)·S_j."""

    name: ClassVar[str] = "potential, version 1"
    decay: Decay

    def measure(self, catchment: Catchment) -> Access:
        """Return the supply in reach of each place, in the unit of supply."""
        weights = self.decay(catchment.travel_time_min)
        table = (catchment.indptr, catchment.destination, weights)
        reaching, served = _reaching_by_weight(*table, catchment.demand, catchment.supply)
        access = _sum_by_weight(*table, catchment.supply)
        return access_result(self.name, catchment.supply, access, reaching, ~served)


def two_step(prepared: PreparedCatchment, *, demand: FloatArray, supply: FloatArray) -> Access:
    """Return the two-step access of a prepared catchment, weights as prepared: two products.

    demand  people per place, shape (n_places,); supply per site, shape (n_sites,)
    """
    people = arrays.quantity(demand, name="demand", size=prepared.n_places)
    acts = arrays.quantity(supply, name="supply", size=prepared.n_sites)
    reaching = prepared.demand_reaching(people)
    access = prepared.sum_over_sites(shares(acts, reaching))
    return access_result(TwoStep.name, acts, access, reaching, prepared.without_site())


def shares(supply: FloatArray, reaching: FloatArray) -> FloatArray:
    """Return supply per person reaching each site, shape (n_sites,); 0 where nobody does."""
    share = np.zeros_like(reaching)
    np.divide(supply, reaching, out=share, where=reaching > 0)
    return share


def access_result(
    method: str,
    supply: FloatArray,
    access: FloatArray,
    reaching: FloatArray,
    unserved: BoolArray,
    *,
    gap: float = 0.0,
) -> Access:
    """Gather a result, telling the sites that have supply and no one to give it to."""
    unreached = (supply > 0) & ~(reaching > 0)
    return Access(
        method, access, reaching, unserved, unreached, float(supply[unreached].sum()), gap
    )


def _measure_weighted(catchment: Catchment, weights: FloatArray, name: str) -> Access:
    """Do the two steps with one weight per trip, shape (n_pairs,)."""
    table = (catchment.indptr, catchment.destination, weights)
    reaching, served = _reaching_by_weight(*table, catchment.demand, catchment.supply)
    access = _sum_by_weight(*table, shares(catchment.supply, reaching))
    return access_result(name, catchment.supply, access, reaching, ~served)


@njit
def _reaching_by_step(
    indptr: IntArray,
    destination: Int32Array,
    minutes: NDArray[np.floating],
    ends: FloatArray,
    levels: FloatArray,
    demand: FloatArray,
    supply: FloatArray,
) -> tuple[FloatArray, UsefulTrips]:
    """Sum weighted people by site; keep the trips that weigh something for the second step.

    The long loop has no branch; the kept trips take 5 bytes each, and pages never written to
    take no memory.
    """
    reaching = np.zeros(supply.size)
    starts = np.zeros(demand.size + 1, dtype=np.int64)
    sites = np.empty(destination.size + 1, dtype=np.int32)
    ranks = np.empty(destination.size + 1, dtype=np.uint8)
    kept = 0
    for place in range(demand.size):
        people = levels * demand[place]
        for pair in range(indptr[place], indptr[place + 1]):
            rank = 0
            for end in ends:
                rank += minutes[pair] >= end
            sites[kept] = destination[pair]
            ranks[kept] = rank
            kept += levels[rank] > 0
        for trip in range(starts[place], kept):
            reaching[sites[trip]] += people[ranks[trip]]
        starts[place + 1] = kept
    return reaching, (starts, sites, ranks)


@njit
def _sum_useful(
    starts: IntArray, sites: Int32Array, ranks: ByteArray, levels: FloatArray, share: FloatArray
) -> FloatArray:
    """Sum weighted shares by place."""
    access = np.zeros(starts.size - 1)
    for place in range(access.size):
        total = 0.0
        for trip in range(starts[place], starts[place + 1]):
            total += levels[ranks[trip]] * share[sites[trip]]
        access[place] = total
    return access


@njit
def _reaching_by_weight(
    indptr: IntArray,
    destination: Int32Array,
    weight: FloatArray,
    demand: FloatArray,
    supply: FloatArray,
) -> tuple[FloatArray, BoolArray]:
    """Sum weighted people by site, and say which places reach one."""
    reaching = np.zeros(supply.size)
    served = np.zeros(demand.size, dtype=np.bool_)
    for place in range(demand.size):
        total = 0.0
        for pair in range(indptr[place], indptr[place + 1]):
            reaching[destination[pair]] += weight[pair] * demand[place]
            total += weight[pair]
        served[place] = total > 0
    return reaching, served


@njit
def _sum_by_weight(
    indptr: IntArray, destination: Int32Array, weight: FloatArray, value: FloatArray
) -> FloatArray:
    """Sum weighted values by place."""
    access = np.zeros(indptr.size - 1)
    for place in range(access.size):
        total = 0.0
        for pair in range(indptr[place], indptr[place + 1]):
            total += weight[pair] * value[destination[pair]]
        access[place] = total
    return access


@njit
def _choice_weights(indptr: IntArray, weight: FloatArray) -> FloatArray:
    """Return w²/Σw within each place: the weight times the share of choices."""
    choice = np.zeros(weight.size)
    for place in range(indptr.size - 1):
        total = 0.0
        for pair in range(indptr[place], indptr[place + 1]):
            total += weight[pair]
        if total > 0:
            for pair in range(indptr[place], indptr[place + 1]):
                choice[pair] = weight[pair] * weight[pair] / total
    return choice
