"""The search for a roster: built day after day, then bettered level by level until told to stop."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from maillage.core.errors import InfeasibleError
from maillage.engines.rostering import bounding
from maillage.engines.rostering.improving import Aim, Outcome, all_pairs, improve
from maillage.engines.rostering.levels import FAIR_FIRST, Level, values
from maillage.engines.rostering.neighbourhoods import Chooser
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.results import Ending, Incumbent, LevelResult, Result
from maillage.engines.rostering.roster import Pair, Roster
from maillage.engines.rostering.walk.walking import TRIES_PER_WORK, Walk

Stop = Callable[[float, Incumbent], bool]
"""Told the work done so far and the best roster so far, says whether to stop."""

_WHOLE_PAIRS: Final = 12_000
"""Up to so many pairs, the whole problem goes to the solver in turn with neighbourhoods."""
_FIRST_PAIRS: Final = 800
_MOST_PAIRS: Final = 6_000
_PLACE: Final = 10_000_000
"""Worth of one place held in a first draft: more than any burden."""
_STEP_WORK: Final = 0.25
"""Work of one neighbourhood: short, so that a person who says stop is heard."""
_FIRST_EFFORT: Final = 3.0
_MOST_EFFORT: Final = 24.0
"""Work given to a level the first time; it doubles at each round, up to the most."""
_ROUNDS_OF_WALK: Final = 3
"""Rounds of the walk before levels are worked on one by one."""
_LONGEST_ROUND: Final = 16
"""Times the first length: a round is twice as long after one that found nothing."""


def solve(
    problem: Problem,
    *,
    seed: int,
    stop: Stop,
    levels: Sequence[Level] = FAIR_FIRST,
    start: Roster | None = None,
) -> Result:
    """Return the best roster found when every level is proven or `stop` says so.

    Levels are minimised in order: none is worsened for a later one. The same problem, seed and
    stop (when it looks at work alone) give the same result. Coverage is a level: a duty that nobody
    can hold is left empty, not an error; `explaining` says why.

    start  a roster to start from; one that breaks a rule is mended first

    Raises InfeasibleError when the rules cannot all be honoured, whatever is left empty.
    """
    search = _Search(problem, levels, seed, stop)
    search.begin(start)
    search.run()
    return search.result()


class _Search:
    """The state of one search."""

    def __init__(self, problem: Problem, levels: Sequence[Level], seed: int, stop: Stop) -> None:
        self.problem, self.levels, self.seed, self.stop = problem, tuple(levels), seed, stop
        self.chooser = Chooser(problem, seed)
        self.pairs = all_pairs(problem)
        self.bounds = [0] * len(self.levels)
        self.work = 0.0
        self.turn = 0
        self.rounds = 0
        self.length = 1
        self.told = False
        self.bounded_alone: dict[Level, int | None] = {}
        self.size = _FIRST_PAIRS
        self.roster: Roster
        self.values: tuple[int, ...]

    def begin(self, start: Roster | None) -> None:
        """Find a first roster that breaks no rule: an empty one, unless a rule forbids it."""
        if start is not None and not self.problem.breaches(start):
            self._take(start)
            return
        roster = Roster.of(self.problem.case, ())
        if self.problem.breaches(roster):
            roster = self._built()
        if self.problem.breaches(roster):
            roster = self._mended(roster)
        self._take(roster)

    def _take(self, roster: Roster) -> None:
        self.roster = roster
        self.values = values(self.problem, self.levels, roster)

    @property
    def best(self) -> Incumbent:
        """Return what is known now; a bound says nothing more once it is reached."""
        bounds = tuple(map(min, self.values, self.bounds))
        return Incumbent(self.roster, self.values, bounds)

    def _built(self) -> Roster:
        """Return a roster filled from the first day to the last, some days at a time."""
        roster = Roster.of(self.problem.case, ())
        filled = 0
        for duties in self._slices():
            filled += len(duties)
            so_far = Fraction(filled, len(self.problem.case.duties))
            free = all_pairs(self.problem, sorted(self.problem.with_groups(duties)))
            aim = Aim({Level.COVERAGE: _PLACE}, {}, so_far, burden=1)
            found = self._call(free, roster, aim, work=_STEP_WORK, hinted=False)
            roster = found.roster or roster
        return roster

    def _slices(self) -> list[list[int]]:
        """Cut the duties, in order of start, into runs of about `_FIRST_PAIRS` pairs."""
        slices: list[list[int]] = [[]]
        size = 0
        for at, allowed in enumerate(self.problem.allowed.sum(axis=1).tolist()):
            if slices[-1] and size + allowed > _FIRST_PAIRS:
                slices.append([])
                size = 0
            slices[-1].append(at)
            size += allowed
        return slices if self.problem.case.duties else []

    def _mended(self, roster: Roster) -> Roster:
        """Return a roster that breaks no rule, looked for with everything free."""
        effort = _FIRST_EFFORT
        while True:
            aim = Aim({Level.COVERAGE: 1}, {})
            found = self._call(self.pairs, roster, aim, work=effort, hinted=False)
            if found.roster and not self.problem.breaches(found.roster):
                return found.roster
            if found.impossible or found.proven:
                raise InfeasibleError(
                    "No roster honours every rule, even with duties left empty. Look for a lock "
                    "against a rule, or for a least number that someone cannot reach.",
                    french="Aucun tableau ne suit toutes les règles, même avec des gardes vides. "
                    "Cherchez une case verrouillée contre une règle, ou un minimum que quelqu'un "
                    "ne peut atteindre.",
                )
            self._take(Roster.of(self.problem.case, ()))
            if self._stopped():
                raise InfeasibleError(
                    f"No roster that honours every rule was found in {self.work:.1f} units of "
                    "work, nor was it shown that there is none. Allow more work, or relax a rule.",
                    french="Aucun tableau qui suit toutes les règles n'a été trouvé avant l'arrêt. "
                    "Laissez chercher plus longtemps, ou assouplissez une règle.",
                )
            effort *= 2

    def run(self) -> None:
        """Better the roster, round after round, until all is proven or told to stop."""
        effort = _FIRST_EFFORT
        if self._over():
            return
        walk = Walk(self.problem, self.levels, seed=self.seed)
        if Level.MOST_UNFAIR in self.levels:
            self._bound_alone(self.levels.index(Level.MOST_UNFAIR))
        while not self._over():
            self._walk(walk)
            for rank in range(len(self.levels)):
                self._settle(rank, effort)
            effort = min(2 * effort, _MOST_EFFORT)

    def _walk(self, walk: Walk) -> None:
        """Walk from the best roster, some rounds; one after a round in vain is twice as long."""
        for _ in range(_ROUNDS_OF_WALK):
            if self._over() or not walk.begin(self.roster):
                return
            worth = self.values
            for tries in walk.round(self.rounds, goal=self._goal(), length=self.length):
                self.work += tries / TRIES_PER_WORK
                if walk.values < self.values:
                    self.roster, self.values = walk.roster(), walk.values
                if self._stopped():
                    break
            self.rounds += 1
            if self.values == worth:
                self.length = min(2 * self.length, _LONGEST_ROUND)

    def _goal(self) -> int:
        """Return the largest deviation to aim at: by turns halfway to what is proven, and that."""
        if Level.MOST_UNFAIR not in self.levels:
            return 0
        rank = self.levels.index(Level.MOST_UNFAIR)
        bound = self.best.bounds[rank]
        return bound if self.rounds % 2 else (self.values[rank] + bound) // 2

    def _over(self) -> bool:
        return not any(map(self._open, range(len(self.levels)))) or self._stopped()

    def _stopped(self) -> bool:
        """Ask whether to stop; once told to, do not ask again."""
        self.told = self.told or self.stop(self.work, self.best)
        return self.told

    def _open(self, rank: int) -> bool:
        return self.values[rank] > self.bounds[rank]

    def _settle(self, rank: int, effort: float) -> None:
        """Work on a level as long as it, or one above, gets better: those below depend on it."""
        better = True
        while better and self._open(rank) and not self._over():
            worth = self.values[: rank + 1]
            self._work_on(rank, effort)
            better = self.values[: rank + 1] < worth

    def _work_on(self, rank: int, effort: float) -> None:
        """Give one level its share of work: neighbourhoods, and the whole where they stall.

        A small problem is best solved whole, and so is coverage, which is a matching.
        """
        self._bound(rank, effort / 4)
        if self.levels[rank] is Level.COVERAGE or len(self.pairs) <= _FIRST_PAIRS:
            self._whole(rank, effort)
        worth = self.values
        until = self.work + effort / 2
        while self.work < until and self._open(rank) and not self._stopped():
            self._neighbourhood(rank)
        if self.values == worth:
            self._whole(rank, effort)

    def _caps(self, rank: int) -> dict[Level, int]:
        return dict(zip(self.levels[:rank], self.values[:rank], strict=True))

    def _bound(self, rank: int, effort: float) -> None:
        level = self.levels[rank]
        if level in bounding.BOUNDED:
            caps = self._caps(rank)
            found = bounding.bound(self.problem, level, at_most=caps, seed=self.seed, work=effort)
            self.work += found.work
            self.bounds[rank] = max(self.bounds[rank], found.value)
        if level in bounding.UNFAIR:
            self._bound_alone(rank)

    def _bound_alone(self, rank: int) -> None:
        """Bound fairness person by person: once, then again when fewer deviations are lawful."""
        level, caps = self.levels[rank], self._caps(rank)
        cap = caps.get(Level.MOST_UNFAIR)
        if self.bounded_alone.get(level, -1) == cap:
            return
        found = []
        for one in bounding.alone(self.problem, level, at_most=caps, seed=self.seed):
            found.append(one.value)
            self.work += one.work
            if self._stopped():
                return
        whole = max(found) if level is Level.MOST_UNFAIR else sum(found)
        self.bounds[rank] = max(self.bounds[rank], whole)
        self.bounded_alone[level] = cap

    def _whole(self, rank: int, effort: float) -> None:
        """Give the solver everything at once, for a better roster or a better bound."""
        if self.told or not self._open(rank) or len(self.pairs) > _WHOLE_PAIRS:
            return
        aim = Aim({self.levels[rank]: 1}, self._caps(rank))
        covering = self.levels[rank] is Level.COVERAGE
        found = self._call(self.pairs, self.roster, aim, work=effort, hinted=not covering)
        self.bounds[rank] = max(self.bounds[rank], found.bound)
        self._offer(found)

    def _neighbourhood(self, rank: int) -> None:
        """Solve one neighbourhood; the next is larger when this one was easy."""
        free = self.chooser.draw(self.roster, turn=self.turn, pairs=self.size)
        self.turn += 1
        aim = Aim(self._weights(rank), self._caps(rank))
        found = self._call(free, self.roster, aim, work=_STEP_WORK)
        self._offer(found)
        grown = self.size * (1.1 if found.proven else 0.9)
        self.size = int(min(max(grown, _FIRST_PAIRS / 4), _MOST_PAIRS))

    def _weights(self, rank: int) -> dict[Level, int]:
        """Return weights with which one unit of a level is worth all that is lost on the next."""
        if rank + 1 == len(self.levels):
            return {self.levels[rank]: 1}
        return {self.levels[rank]: self.values[rank + 1] + 1, self.levels[rank + 1]: 1}

    def _call(
        self,
        free: Sequence[Pair],
        kept: Roster,
        aim: Aim,
        *,
        work: float,
        hinted: bool = True,
    ) -> Outcome:
        found = improve(
            self.problem,
            free=free,
            kept=kept,
            aim=aim,
            seed=self.seed + self.turn,
            work=work,
            hinted=hinted,
        )
        # A call that is over before it begins still costs: the search must come to its end.
        self.work += max(found.work, _STEP_WORK / 50)
        return found

    def _offer(self, found: Outcome) -> None:
        """Keep a roster that is better, level by level."""
        if found.roster is not None:
            worth = values(self.problem, self.levels, found.roster)
            if worth < self.values:
                self.roster, self.values = found.roster, worth

    def result(self) -> Result:
        """Return what is known now."""
        levels = tuple(
            LevelResult(level, value, bound)
            for level, value, bound in zip(self.levels, self.values, self.best.bounds, strict=True)
        )
        ending = Ending.PROVEN if all(one.proven for one in levels) else Ending.STOPPED
        return Result(self.roster, levels, ending, self.work, self.seed)
