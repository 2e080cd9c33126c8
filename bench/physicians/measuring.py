"""What a search makes of a physician case, level by level, and how fast a roster is repaired."""

import resource
import time
from dataclasses import dataclass, replace
from typing import Any

from maillage.engines.rostering.case import Case
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.repairing import repair
from maillage.engines.rostering.results import Incumbent
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.solving import solve
from physicians.generating import DAY, Size, physician_problem


@dataclass(frozen=True, slots=True)
class Claim:
    """What is promised of a case, in CPU seconds of all threads.

    full_s   every duty held by then
    gap_pct  of each level, at `limit_s`, to its proven bound
    """

    size: Size
    full_s: float
    limit_s: float
    gap_pct: float
    memory_mib: int
    repair_s: float


CLAIMS = {
    "doctors30": Claim(Size(30, 5, 12), 2.0, 30.0, 2.0, 4096, 5.0),
    "doctors150": Claim(Size(150, 12, 26), 300.0, 300.0, 5.0, 4096, 5.0),
}
SEED = 1
AWAY_DAYS = 14


def measure(name: str) -> dict[str, Any]:
    """Measure one case; "holds" says whether all that is promised came true."""
    claim = CLAIMS[name]
    problem = physician_problem(claim.size, seed=SEED)
    begun, full_s = time.process_time(), None

    def stop(work: float, best: Incumbent) -> bool:
        nonlocal full_s
        spent = time.process_time() - begun
        if full_s is None and best.values[0] == best.bounds[0] == 0:
            full_s = spent
        return spent > claim.limit_s

    result = solve(problem, seed=SEED, stop=stop)
    spent = time.process_time() - begun
    if broken := problem.breaches(result.roster):
        raise SystemExit(f"{name}: the roster breaks {broken[:3]}.")
    repaired_s, asked = _repaired(problem, result.roster)
    memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    gaps = {level.level.value: round(100 * level.gap, 1) for level in result.levels}
    holds = (
        full_s is not None
        and full_s <= claim.full_s
        and max(gaps.values()) <= claim.gap_pct
        and memory_mib <= claim.memory_mib
        and repaired_s <= claim.repair_s
    )
    return {
        "instance": name,
        "duties": len(problem.case.duties),
        "pairs": int(problem.allowed.sum()),
        "full_s": full_s and round(full_s, 1),
        "cpu_s": round(spent, 1),
        "values": {level.level.value: level.value for level in result.levels},
        "bounds": {level.level.value: level.bound for level in result.levels},
        "gap_pct": gaps,
        "target_pct": claim.gap_pct,
        "memory_mib": memory_mib,
        "repair_s": round(repaired_s, 1),
        "asked": asked,
        "holds": holds,
    }


def _repaired(problem: Problem, roster: Roster) -> tuple[float, int]:
    """Return the CPU seconds of a repair, and how many are asked: the busiest falls ill."""
    busiest = max(range(roster.n_people), key=lambda at: len(roster.duties_of[at]))
    first = problem.case.day_of[roster.duties_of[busiest][0]]
    today = _without(problem, busiest, (first * DAY, (first + AWAY_DAYS) * DAY))
    begun = time.process_time()
    mended = repair(today, roster, seed=SEED)
    return time.process_time() - begun, len(mended.moves)


def _without(problem: Problem, at: int, away: tuple[int, int]) -> Problem:
    people = list(problem.case.people)
    people[at] = replace(people[at], absences=(*people[at].absences, away))
    facts = problem.case
    case = Case(facts.period, tuple(people), facts.duties, facts.travel_min)
    return Problem(case, problem.rules, problem.wishes, problem.measures)
