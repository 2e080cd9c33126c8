"""Process CPU seconds, memory above what was loaded, and one JSON line per claim."""

import ctypes
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def cpu_s(work: Callable[[], Any], *, runs: int) -> float:
    """Return the median CPU seconds of the process, all threads, over `runs` runs."""
    taken = []
    for _ in range(runs):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return statistics.median(taken)


def extra_mb(work: Callable[[], Any]) -> float:
    """Return the peak memory of `work` above that of the process, in a forked child, megabytes.

    Linux only: the child resets its own peak (/proc/self/clear_refs) before it starts.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        ctypes.CDLL(None).malloc_trim(0)  # so that memory freed before is not used unseen
        Path("/proc/self/clear_refs").write_text("5")
        before = _status_kb("VmRSS")
        work()
        os.write(writing, str(_status_kb("VmHWM") - before).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        answer = told.read()
    os.waitpid(child, 0)
    return int(answer) / 1024


def _status_kb(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1])


def claim(
    bench: str,
    *,
    figure: float,
    unit: str,
    bar: float | None,
    peer: str = "",
    peer_figure: float | None = None,
    note: str = "",
) -> bool:
    """Print a claim as JSON and say whether it holds.

    With a peer, `bar` is on the ratio peer / figure (at least); without, on the figure (at most);
    None claims nothing.
    """
    ratio = None if peer_figure is None else peer_figure / figure
    judged = figure if ratio is None else ratio
    holds = bar is None or (judged >= bar if ratio is not None else judged <= bar)
    line = {
        "bench": bench,
        "figure": round(figure, 6),
        "unit": unit,
        "peer": peer,
        "peer_figure": None if peer_figure is None else round(peer_figure, 6),
        "ratio": None if ratio is None else round(ratio, 2),
        "bar": bar,
        "ok": holds,
    }
    print(json.dumps(line | ({"note": note} if note else {})), flush=True)
    return holds


def versions(*packages: str) -> None:
    """Print Python's version and those of packages."""
    from importlib.metadata import version

    print(f"python {sys.version.split()[0]}", *(f"{name} {version(name)}" for name in packages))
