"""A search that can be watched and stopped: its curve as it goes, its best roster at any moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from maillage.engines.rostering.levels import FAIR_FIRST, Level
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.results import Incumbent, Result
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.solving import solve


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the curve.

    work    done so far, about seconds of one slow core
    values  of the best roster on each level, and the proven `bounds`
    """

    work: float
    roster: Roster
    values: tuple[int, ...]
    bounds: tuple[int, ...]


def solve_live(
    problem: Problem,
    *,
    seed: int,
    on_point: Callable[[Point], None],
    stop: Callable[[], bool],
    most_work: float = 300.0,
    levels: Sequence[Level] = FAIR_FIRST,
    start: Roster | None = None,
) -> Result:
    """Solve, and tell each better roster or bound as it comes.

    stop       asked several times a second; True takes the best so far. Going on later: `start`
    most_work  limit of work: with it alone, the same problem and seed give the same roster

    Raises InfeasibleError when no roster honours every rule.
    """
    last: Point | None = None

    def tell(point: Point) -> None:
        nonlocal last
        if last is None or (point.values, point.bounds) != (last.values, last.bounds):
            last = point
            on_point(point)

    def watch(work: float, best: Incumbent) -> bool:
        tell(Point(work, best.roster, best.values, best.bounds))
        return work >= most_work or stop()

    result = solve(problem, seed=seed, stop=watch, levels=levels, start=start)
    bounds = tuple(level.bound for level in result.levels)
    tell(Point(result.work, result.roster, result.values, bounds))
    return result
