"""Where k more doctors would help most those whose access is low.

People lifted above a threshold is a treacherous goal: the first doctor may lift nobody and the
second a whole town, so greedy choices can be arbitrarily bad. The goal here is the shortfall:
Σ_i P_i · (what is still missing under the threshold), whose reduction is monotone and submodular
(a concave function of a sum), so that greedy choices reach at least 1 - (1 - 1/k)^k of the best
possible (Nemhauser, Wolsey, Fisher 1978), and each run proves a bound of its own.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from maillage.core.errors import InputError
from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import FloatArray, Int32Array, IntArray
from maillage.engines.accessibility.compiled import njit
from maillage.engines.accessibility.moves import ACTS_PER_FTE
from maillage.engines.accessibility.scenario import Baseline
from maillage.engines.accessibility.threshold import ROUNDING, is_low

Stop = Callable[[int, tuple[int, ...]], bool]


@dataclass(frozen=True, slots=True)
class Placement:
    """Sites chosen, in the order of choice.

    sites          positions, shape (n_chosen,); a site may stand there more than once
    gains          shortfall that each removed, people × acts per year, shape (n_chosen,)
    removed        shortfall removed by all of them
    before         shortfall of today
    bound          no choice of k sites removes more; proven for this very run
    people_lifted  people who pass from under the threshold to it or above
    complete       False when it was stopped, or when no site left helps anyone
    """

    sites: IntArray
    gains: FloatArray
    removed: float
    before: float
    bound: float
    people_lifted: float
    complete: bool

    @property
    def proven_share(self) -> float:
        """Share of the best possible that is certainly reached, 0 to 1."""
        return 1.0 if self.bound <= 0 else min(1.0, self.removed / self.bound)


def never(work: int, incumbent: tuple[int, ...]) -> bool:
    """Let the search run to its end."""
    return False


def best_sites(
    baseline: Baseline,
    *,
    candidates: IntArray,
    k: int,
    threshold: float,
    acts: float = ACTS_PER_FTE,
    most_per_site: int = 1,
    stop: Stop = never,
) -> Placement:
    """Choose k of the candidates, each worth `acts` per year, by lazy greedy (Minoux 1978).

    candidates     positions of sites, shape (n,)
    threshold      acts per year and standardised person under which access is low
    most_per_site  how often a site may be chosen
    stop           asked before each choice, with the marginal gains worked out so far and the
                   sites chosen; True ends the search with what it has and a bound that holds

    Ties go to the candidate that comes first.
    """
    arrays.quantity([acts], name="acts")
    sites = _checked_candidates(baseline, candidates, k, most_per_site)
    reach = _Reach.of(baseline, sites, acts)
    missing = np.maximum(threshold - baseline.published, 0.0)
    missing = np.nan_to_num(missing)
    people = baseline.population
    before = float(people @ missing)
    search = _Search(reach, missing, people, k, most_per_site)
    chosen, gains = search.run(stop)
    lifted = is_low(baseline.published, threshold) & (search.missing <= ROUNDING)
    return Placement(
        sites=sites[np.array(chosen, dtype=np.int64)],
        gains=np.array(gains, dtype=np.float64),
        removed=float(sum(gains)),
        before=before,
        bound=min(search.final_bound(), before),
        people_lifted=float(people[lifted].sum()),
        complete=len(chosen) == k,
    )


@dataclass(frozen=True, slots=True)
class _Reach:
    """What one dose of acts at each candidate gives each place: CSR by candidate."""

    starts: IntArray
    places: Int32Array
    gain: FloatArray

    @classmethod
    def of(cls, baseline: Baseline, sites: IntArray, acts: float) -> "_Reach":
        catchment = baseline.catchment
        rows = [catchment.served_by(int(site)) for site in sites]
        starts = np.concatenate(([0], np.cumsum([row[0].size for row in rows], dtype=np.int64)))
        reaching = baseline.demand_reaching[sites]
        each = np.divide(acts, reaching, out=np.zeros(sites.size), where=reaching > 0)
        return cls(
            starts,
            np.concatenate([row[0] for row in rows]),
            np.concatenate([row[1] for row in rows]) * np.repeat(each, np.diff(starts)),
        )


class _Search:
    """Lazy greedy: old gains bound new ones from above, so few are worked out again."""

    def __init__(
        self, reach: _Reach, missing: FloatArray, people: FloatArray, k: int, most: int
    ) -> None:
        self.reach, self.people, self.k, self.most = reach, people, k, most
        self.missing = missing.copy()
        self.removed = 0.0
        self.work = 0
        self.upper = self._all_gains()
        self.bound = self._bound_now()

    def run(self, stop: Stop) -> tuple[list[int], list[float]]:
        """Choose until k are chosen, nothing helps any more, or `stop` says so."""
        chosen: list[int] = []
        gains: list[float] = []
        left = np.full(self.upper.size, self.most)
        queue = [(-gain, rank) for rank, gain in enumerate(self.upper.tolist())]
        heapq.heapify(queue)
        while len(chosen) < self.k and queue and not stop(self.work, tuple(chosen)):
            rank, gain = self._pop_best(queue)
            if gain <= 0:
                break
            _serve(self.reach.starts, self.reach.places, self.reach.gain, rank, self.missing)
            chosen.append(rank)
            gains.append(gain)
            self.removed += gain
            left[rank] -= 1
            if left[rank]:
                heapq.heappush(queue, (-gain, rank))
            self.bound = min(self.bound, self._bound_now())
        return chosen, gains

    def final_bound(self) -> float:
        """Return the best bound of the run, once gains are worked out anew."""
        self.upper = self._all_gains()
        return min(self.bound, self._bound_now())

    def _pop_best(self, queue: list[tuple[float, int]]) -> tuple[int, float]:
        while True:
            _, rank = heapq.heappop(queue)
            gain = self._gain(rank)
            self.upper[rank] = gain
            if not queue or (-gain, rank) <= queue[0]:
                return rank, gain
            heapq.heappush(queue, (-gain, rank))

    def _bound_now(self) -> float:
        """Removed so far + the k largest gains left: submodularity allows no more than that."""
        largest = np.sort(self.upper)[::-1][: self.k]
        return self.removed + float(np.repeat(largest, self.most)[: self.k].sum())

    def _gain(self, rank: int) -> float:
        self.work += 1
        reach = self.reach
        return _gain_of(reach.starts, reach.places, reach.gain, rank, self.missing, self.people)

    def _all_gains(self) -> FloatArray:
        self.work += self.reach.starts.size - 1
        reach = self.reach
        return _gains_of_all(reach.starts, reach.places, reach.gain, self.missing, self.people)


def _checked_candidates(
    baseline: Baseline, candidates: IntArray, k: int, most_per_site: int
) -> IntArray:
    sites = np.asarray(candidates)
    arrays.check_shape(sites, name="candidates", size=None)
    arrays.check_positions(sites, name="candidates", below=baseline.catchment.n_sites)
    if np.unique(sites).size != sites.size:
        raise InputError("A candidate stands there twice; to allow it, raise most_per_site.")
    if most_per_site < 1 or not 1 <= k <= sites.size * most_per_site:
        raise InputError(
            f"{k} sites were asked for among {sites.size} candidates, each at most {most_per_site} "
            "times; expected at least 1 and no more than that."
        )
    return sites.astype(np.int64)


@njit
def _gain_of(
    starts: IntArray,
    places: Int32Array,
    gain: FloatArray,
    rank: int,
    missing: FloatArray,
    people: FloatArray,
) -> float:
    total = 0.0
    for pair in range(starts[rank], starts[rank + 1]):
        total += people[places[pair]] * min(gain[pair], missing[places[pair]])
    return total


@njit
def _gains_of_all(
    starts: IntArray,
    places: Int32Array,
    gain: FloatArray,
    missing: FloatArray,
    people: FloatArray,
) -> FloatArray:
    gains = np.zeros(starts.size - 1)
    for rank in range(gains.size):
        gains[rank] = _gain_of(starts, places, gain, rank, missing, people)
    return gains


@njit
def _serve(
    starts: IntArray, places: Int32Array, gain: FloatArray, rank: int, missing: FloatArray
) -> None:
    for pair in range(starts[rank], starts[rank + 1]):
        missing[places[pair]] = max(0.0, missing[places[pair]] - gain[pair])
