"""How long the store takes to build from the real national files, and with how much memory.

    MAILLAGE_DATA_DIR=… python bench/data_build.py

One JSON line per claim; the last is the headline, in CPU seconds of the one process that builds:
on a machine that does nothing else the wall clock shows the same, which is the claim before it.
Each build runs in a fresh process, whose peak memory the system measures, children included.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST_BUILD_BAR_S = 90.0
SECOND_BUILD_BAR_S = 5.0
MEMORY_BAR_GIB = 2.0

_BUILD = """
import sys
from pathlib import Path
from maillage.studies.store.build import build
report = build(Path(sys.argv[1]), Path(sys.argv[2]))
print(report.version, report.changed)
"""


def main() -> int:
    data_dir = os.environ.get("MAILLAGE_DATA_DIR")
    if not data_dir:
        print("MAILLAGE_DATA_DIR names no folder of real files.", file=sys.stderr)
        return 3
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {data_dir}")
    with tempfile.TemporaryDirectory() as store:
        first_s, first_cpu_s = _timed(data_dir, store)
        second_s, _ = _timed(data_dir, store)
        size_mb = sum(p.stat().st_size for p in Path(store).rglob("*") if p.is_file()) / 1e6
    peak_gib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"store {size_mb:.0f} MB, two versions; load {os.getloadavg()[0]:.1f}")
    claims = [
        _claim("peak memory, GiB", peak_gib, MEMORY_BAR_GIB),
        _claim("second build, nothing new, s", second_s, SECOND_BUILD_BAR_S),
        _claim("first build, wall clock, s", first_s, FIRST_BUILD_BAR_S),
        _claim("first build, CPU, s", first_cpu_s, FIRST_BUILD_BAR_S),
    ]
    for claim in claims:
        print(json.dumps(claim))
    return 0 if all(claim["ok"] for claim in claims) else 1


def _timed(data_dir: str, store: str) -> tuple[float, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _BUILD, data_dir, store], check=True)
    wall_s = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall_s, cpu_s


def _claim(figure: str, value: float, bar: float) -> dict[str, object]:
    return {
        "bench": "data_build",
        "figure": round(value, 3),
        "what": figure,
        "unit": figure.rpartition(", ")[2],
        "peer": "bar",
        "peer_figure": bar,
        "ratio": round(bar / value, 2),
        "bar": bar,
        "ok": value < bar,
    }


if __name__ == "__main__":
    sys.exit(main())
