"""Which pairs to set free next, when the whole roster is too large to be solved at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from maillage.engines.rostering.improving import all_pairs
from maillage.engines.rostering.levels import deviations
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Pair, Roster


@dataclass(frozen=True, slots=True)
class Chooser:
    """Draws neighbourhoods of about so many pairs, by turns of three kinds.

    Some days with everyone; a few people, those farthest from their targets more often, and every
    duty that one of them holds or that stands empty; the duties of one site over a longer time.
    """

    problem: Problem
    seed: int

    def draw(self, roster: Roster, *, turn: int, pairs: int) -> list[Pair]:
        """Return the pairs to set free at a turn; the same for the same seed and turn."""
        chance = np.random.default_rng((self.seed, turn))
        kinds = (self._some_people, self._some_days, self._some_people, self._one_site)
        return kinds[turn % len(kinds)](roster, chance, pairs)

    def _some_days(self, roster: Roster, chance: np.random.Generator, pairs: int) -> list[Pair]:
        duties = range(len(self.problem.case.duties))
        return self._around(duties, chance, pairs)

    def _one_site(self, roster: Roster, chance: np.random.Generator, pairs: int) -> list[Pair]:
        duties = self.problem.case.duties
        site = duties[int(chance.integers(len(duties)))].site
        return self._around(
            [at for at, duty in enumerate(duties) if duty.site == site], chance, pairs
        )

    def _around(self, duties: Sequence[int], chance: np.random.Generator, pairs: int) -> list[Pair]:
        """Take duties one after the other in time, from one drawn, until there are enough pairs."""
        sizes = np.cumsum(self.problem.allowed[list(duties)].sum(axis=1))
        last_start = int(np.searchsorted(sizes, max(sizes[-1] - pairs, 0), side="right"))
        first = int(chance.integers(last_start + 1))
        before = sizes[first - 1] if first else 0
        after = int(np.searchsorted(sizes, before + pairs, side="right")) + 1
        return self._free(duties[first:after])

    def _some_people(self, roster: Roster, chance: np.random.Generator, pairs: int) -> list[Pair]:
        order = self._by_deviation(roster, chance)
        empty = [
            at
            for at, duty in enumerate(self.problem.case.duties)
            if len(roster.holders[at]) < duty.places
        ]
        taken: set[int] = set()
        duties = set(empty)
        for person in order:
            duties |= set(roster.duties_of[person])
            if taken and (len(taken) + 1) * len(duties) > pairs:
                break
            taken.add(person)
        free = self._free(sorted(duties))
        return [pair for pair in free if pair[1] in taken]

    def _by_deviation(self, roster: Roster, chance: np.random.Generator) -> list[int]:
        """Return people in a random order in which those far from their targets come early."""
        apart = np.ones(len(self.problem.case.people))
        for measure, target, by in deviations(self.problem, roster):
            apart[target.person] += measure.weight * abs(by)
        drawn = chance.random(apart.size) ** (1 / apart)
        return [int(at) for at in np.argsort(-drawn, kind="stable")]

    def _free(self, duties: Iterable[int]) -> list[Pair]:
        return all_pairs(self.problem, sorted(self.problem.with_groups(duties)))
