"""Bench `rostering`: instances of Curtois & Qu beside plain CP-SAT; duty doctors and their repair.

    MAILLAGE_BENCH_DIR=… make bench NAME=rostering
    INSTANCES="8 12 doctors30" SECONDS=60 python bench/rostering.py [--alone]

Every roster is checked by a reader of the format that knows nothing of the engine. Seconds are
CPU seconds of this process, all threads: other work on the machine does not count. Both engines
get SECONDS; --alone leaves plain CP-SAT out. One line of JSON per instance. The cases of duty
doctors are drawn from a seed (`bench/physicians`), and held to proven bounds alone.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from curtois_qu.adapting import to_grid, to_plan
from curtois_qu.checking import faults, penalty
from curtois_qu.plain import plain_cp_sat
from curtois_qu.reading import BEST_KNOWN, Instance, read_instance
from physicians.generating import Size, physician_problem
from physicians.measuring import CLAIMS, measure

from maillage.engines.rostering.search import search
from maillage.engines.rostering.solving import solve

TARGET_PCT = {
    1: 0, 2: 0, 3: 0, 4: 0, 6: 0, 7: 0, 8: 1, 10: 1, 11: 1, 12: 1, 14: 1, 15: 3, 16: 1, 18: 3,
    19: 8, 20: 8, 22: 15, 24: 15,
}  # fmt: skip
BOUND_TARGET_PCT = 2.0
LAST_WITH_BOUND = 18
SECONDS_OF_LARGE = {22: 600.0, 24: 600.0}


def main() -> int:
    """Measure the instances asked for; return 0 when every target holds."""
    folder = Path(os.environ["MAILLAGE_BENCH_DIR"]) / "nrp_curtois_qu"
    chosen = os.environ.get("INSTANCES", "").split() or [*map(str, BEST_KNOWN), *CLAIMS]
    warm_up(folder)
    results = []
    for name in chosen:
        line = (
            measure(name)
            if name in CLAIMS
            else claim(int(name), read_instance(folder / f"Instance{name}.txt"))
        )
        print(json.dumps(line), flush=True)
        results.append(line["holds"])
    return 0 if all(results) else 1


def warm_up(folder: Path) -> None:
    """Compile what is compiled, outside the measure."""
    grid, _ = to_grid(read_instance(folder / "Instance1.txt"))
    search(grid, seed=0, stop=lambda work, _: work > 0.5)
    solve(physician_problem(Size(4, 1, 2), seed=0), seed=0, stop=lambda work, _: work > 0.5)


def claim(number: int, instance: Instance) -> dict[str, Any]:
    """Measure one instance; "holds" says whether its targets do."""
    seconds = float(os.environ.get("SECONDS", SECONDS_OF_LARGE.get(number, 60.0)))
    best = BEST_KNOWN[number]
    line = ours(instance, seconds)
    line = {"instance": number, "best_known": best, "seconds": seconds, **line}
    line["gap_pct"] = gap_pct(line["cost"], best)
    line["bound_gap_pct"] = gap_pct(best, line["bound"], per=best)
    line["target_pct"] = TARGET_PCT[number]
    if "--alone" not in sys.argv:
        plain, spent = plain_cp_sat(instance, seconds=seconds)
        line["plain_cp_sat_gap_pct"] = gap_pct(plain, best)
        line["plain_cp_sat_cpu_s"] = round(spent, 1)
    holds = line["cost"] is not None and line["gap_pct"] <= TARGET_PCT[number]
    if number <= LAST_WITH_BOUND:
        holds = holds and 0 <= line["bound_gap_pct"] <= BOUND_TARGET_PCT
    return {**line, "holds": holds}


def gap_pct(cost: float | None, reference: float, *, per: float | None = None) -> float | None:
    """Return how far a cost is above a reference, in per cent; None without a cost."""
    return None if cost is None else round(100 * (cost - reference) / (per or reference), 2)


def ours(instance: Instance, seconds: float) -> dict[str, float | None]:
    """Run the search for some CPU seconds and check what it hands back."""
    grid, wanted = to_grid(instance)
    begun = time.process_time()
    result = search(grid, seed=1, stop=lambda _work, _best: time.process_time() - begun > seconds)
    spent = round(time.process_time() - begun, 1)
    bound = result.bound + wanted
    if result.roster is None:
        return {"cost": None, "bound": bound, "cpu_s": spent}
    plan = to_plan(instance, result.roster)
    if broken := faults(instance, plan):
        raise SystemExit(f"The roster breaks the rules of the instance: {broken[:5]}")
    if penalty(instance, plan) != result.cost + wanted:
        raise SystemExit(
            f"The engine counts {result.cost + wanted}, the checker {penalty(instance, plan)}."
        )
    return {"cost": result.cost + wanted, "bound": bound, "cpu_s": spent}


if __name__ == "__main__":
    sys.exit(main())
