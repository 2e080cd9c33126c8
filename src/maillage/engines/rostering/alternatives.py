"""Three rosters to choose from: what comes after coverage differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maillage.engines.rostering.levels import FAIR_FIRST, Level, values
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.results import Result
from maillage.engines.rostering.solving import Stop, solve

_WISHED_FIRST: Final = (Level.COVERAGE, Level.WISHES, Level.MOST_UNFAIR, Level.SUM_UNFAIR)
_CHEAP_FIRST: Final = (Level.COVERAGE, Level.COST, Level.SUM_UNFAIR, Level.WISHES)
_STABLE_FIRST: Final = (Level.COVERAGE, Level.CHANGES, Level.SUM_UNFAIR, Level.WISHES)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One roster of the three: what it puts first, and its value on every level."""

    first: Level
    result: Result
    values: Mapping[Level, int]


def alternatives(problem: Problem, *, seed: int, stop: Stop) -> tuple[Alternative, ...]:
    """Return the fairest roster, the most wished, and the most stable (the cheapest at first).

    stop  told the work of the roster under way; each search starts from the one before it
    """
    last = _CHEAP_FIRST if problem.before is None else _STABLE_FIRST
    found: list[Alternative] = []
    for levels in (FAIR_FIRST, _WISHED_FIRST, last):
        start = found[-1].result.roster if found else problem.before
        result = solve(problem, seed=seed, stop=stop, levels=levels, start=start)
        worth = values(problem, list(Level), result.roster)
        found.append(Alternative(levels[1], result, dict(zip(Level, worth, strict=True))))
    return tuple(found)
