"""Access as the cost left when people have spread out over sites: travel time plus crowding.

After the rational agent access model (RAAM) of Saxon and Snow (2020). Their code moves people in
rounded batches for a fixed number of cycles over a full matrix; here each place spreads its people
exactly, given the others, in turn, over the trips that exist, until nobody can gain: a convex
problem (Beckmann 1956), so the costs are unique and the distance to them is measured.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.engines.accessibility.arrays import FloatArray, Int32Array, IntArray
from maillage.engines.accessibility.catchment import Catchment
from maillage.engines.accessibility.compiled import njit
from maillage.engines.accessibility.decay import Minutes
from maillage.engines.accessibility.methods import Access, access_result

FULL_SWEEP: Final = 10  # one sweep in so many looks at every trip; the others at those in use


@dataclass(frozen=True, slots=True)
class RationalAgents:
    """The cost of care for each place at equilibrium; low is good.

    cost of going from i to j = t_ij / tau_min + x_j / (ratio · S_j), x_j the people who go to j.

    tau_min       minutes that weigh as much as a site crowded like the mean
    ratio         people per unit of supply that count as a crowd of 1; left out, the mean
    gap           cost that better choices could still save, over the whole cost, when to stop
    most_sweeps   turns over all places after which it stops wherever it is (`Access.gap` tells)
    """

    name: ClassVar[str] = "rational agents, version 1"
    tau_min: float = 60.0
    ratio: float | None = None
    gap: float = 1e-3
    most_sweeps: int = 2_000

    def __post_init__(self) -> None:
        if not (self.tau_min > 0 and self.gap > 0 and self.most_sweeps >= 1):
            raise InputError(
                f"tau_min {self.tau_min}, gap {self.gap}, most_sweeps {self.most_sweeps}: "
                "expected numbers above 0."
            )
        if self.ratio is not None and not self.ratio > 0:
            raise InputError(f"ratio is {self.ratio} people per unit of supply; expected above 0.")

    def measure(self, catchment: Catchment) -> Access:
        """Return the cost of each place; inf where no site with supply can be reached."""
        people, supply = catchment.demand, catchment.supply
        if not (supply.sum() > 0 and people.sum() > 0):
            raise NotEnoughDataError("There is no one to serve, or no supply: no crowd to spread.")
        ratio = float(people.sum() / supply.sum()) if self.ratio is None else self.ratio
        starts, sites, travel = _open_trips(
            catchment.indptr, catchment.destination, catchment.travel_time_min, supply, self.tau_min
        )
        room = ratio * supply
        cost, load, gap = _spread(starts, sites, travel, people, room, self.gap, self.most_sweeps)
        return access_result(self.name, supply, cost, load, np.isinf(cost), gap=gap)


@njit
def _open_trips(
    indptr: IntArray, destination: Int32Array, minutes: Minutes, supply: FloatArray, tau: float
) -> tuple[IntArray, Int32Array, FloatArray]:
    """Keep the trips that end at a site with supply, their minutes over tau."""
    starts = np.zeros(indptr.size, dtype=np.int64)
    sites = np.empty(destination.size, dtype=np.int32)
    travel = np.empty(destination.size)
    kept = 0
    for place in range(indptr.size - 1):
        for pair in range(indptr[place], indptr[place + 1]):
            if supply[destination[pair]] > 0 and minutes[pair] < np.inf:
                sites[kept] = destination[pair]
                travel[kept] = minutes[pair] / tau
                kept += 1
        starts[place + 1] = kept
    return starts, sites[:kept].copy(), travel[:kept].copy()


@njit
def _spread(
    starts: IntArray,
    sites: Int32Array,
    travel: FloatArray,
    people: FloatArray,
    room: FloatArray,
    wanted_gap: float,
    most_sweeps: int,
) -> tuple[FloatArray, FloatArray, float]:
    """Let each place in turn spread its people at best, until the gap is small.

    Changes the order of `sites` and `travel` within each row.
    """
    load = np.zeros(room.size)
    going = np.zeros(sites.size)
    cost = np.full(people.size, np.inf)
    widest = np.max(np.diff(starts))
    open_sites = np.empty(widest + 1, dtype=np.int64)
    base = np.empty(widest + 1)
    in_use = np.zeros(people.size, dtype=np.int64)  # trips that people make stand first in a row
    gap = np.inf
    for sweep in range(most_sweeps):
        every = sweep % FULL_SWEEP == 0
        for place in range(people.size):
            first = starts[place]
            last = starts[place + 1] if every else first + in_use[place]
            in_use[place] = _settle(
                first, last, sites, travel, people[place], room, load, going, base, open_sites
            )
        if every or sweep == most_sweeps - 1:
            gap = _price(starts, sites, travel, people, room, load, going, cost)
            if gap <= wanted_gap:
                break
    return cost, load, gap


@njit
def _settle(
    first: int,
    last: int,
    sites: Int32Array,
    travel: FloatArray,
    people: float,
    room: FloatArray,
    load: FloatArray,
    going: FloatArray,
    base: FloatArray,
    open_sites: IntArray,
) -> int:
    """Spread the people of one place so that all pay the same: fill up the cheapest sites.

    Moves the trips that they make to the head of the row and returns their number.
    """
    n_open = last - first
    for k in range(n_open):
        site = sites[first + k]
        load[site] -= going[first + k]
        base[k] = travel[first + k] + load[site] / room[site]
        going[first + k] = 0.0
        open_sites[k] = k
    if n_open == 0 or not people > 0:
        return 0
    cheapest = np.argmin(base[:n_open])
    level = 0.0
    while n_open > 0:  # what costs more than the level is dropped; the level falls; until none does
        weighted = people
        total_room = 0.0
        for rank in range(n_open):
            k = open_sites[rank]
            weighted += base[k] * room[sites[first + k]]
            total_room += room[sites[first + k]]
        level = weighted / total_room
        kept = 0
        for rank in range(n_open):
            k = open_sites[rank]
            if base[k] < level:
                open_sites[kept] = k
                kept += 1
        if kept == n_open:
            break
        n_open = kept
    gone = 0.0
    for rank in range(n_open):
        k = open_sites[rank]
        base[k] = (level - base[k]) * room[sites[first + k]]
        gone += base[k]
    if not gone > 0:  # too few to move the level at all: they take the cheapest
        n_open = 1
        open_sites[0] = cheapest
        base[cheapest] = people
        gone = people
    for rank in range(n_open):  # ranks rise, so a trip only ever changes places with a closed one
        k = open_sites[rank]
        head, trip = first + rank, first + k
        sites[head], sites[trip] = sites[trip], sites[head]
        travel[head], travel[trip] = travel[trip], travel[head]
        going[head] = base[k] * people / gone  # nobody is lost to rounding
        load[sites[head]] += going[head]
    return n_open


@njit
def _price(
    starts: IntArray,
    sites: Int32Array,
    travel: FloatArray,
    people: FloatArray,
    room: FloatArray,
    load: FloatArray,
    going: FloatArray,
    cost: FloatArray,
) -> float:
    """Write the mean cost paid by each place; return the share of it that could be saved."""
    paid_by_all = 0.0
    saved_by_all = 0.0
    for place in range(people.size):
        paid = 0.0
        gone = 0.0
        cheapest = np.inf
        for pair in range(starts[place], starts[place + 1]):
            price = travel[pair] + load[sites[pair]] / room[sites[pair]]
            cheapest = min(cheapest, price)
            paid += price * going[pair]
            gone += going[pair]
        cost[place] = paid / gone if gone > 0 else cheapest
        if gone > 0:
            paid_by_all += paid
            saved_by_all += paid - cheapest * gone
    return saved_by_all / paid_by_all if paid_by_all > 0 else 0.0
