"""Small real studies, of which tests decide when they go on and end.

A study that is given a `gate` waits until that file exists: no test has to guess a duration.
"""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maillage.core.errors import CancelledError, InputError, NotEnoughDataError
from maillage.web.runs.studies import Study

LONGEST_WAIT_S = 60.0
"""A study left at its gate fails: no test hangs, no process stays."""


def _wait_at_gate(inputs: dict[str, Any], *, stop) -> None:
    gate, deadline = inputs.get("gate"), time.monotonic() + LONGEST_WAIT_S
    while gate and not Path(gate).exists():
        if time.monotonic() > deadline:
            raise TimeoutError("the test never opened the gate")
        if stop():
            raise CancelledError("asked to stop at the gate")
        time.sleep(0.01)


def _sign_in(inputs: dict[str, Any]) -> None:
    """Leave a file named after this process, so that a test sees who computes."""
    if inputs.get("register"):
        (Path(inputs["register"]) / str(os.getpid())).touch()


def check_primes(inputs: dict[str, Any]) -> dict[str, Any]:
    """Complete the inputs; refuse a negative bound."""
    below = inputs.get("below", 1000)
    if not isinstance(below, int) or below < 0:
        raise InputError(f"below is {below!r}, expected a whole number from 0.")
    return {"below": below, **{k: v for k, v in inputs.items() if k != "below"}}


def count_primes(inputs, *, data_version, seed, progress, stop) -> dict[str, Any]:
    """Count the primes below a bound, by thousands, saying how far it is."""
    below = inputs["below"]
    sieve = bytearray([1]) * below
    sieve[:2] = bytes(len(sieve[:2]))
    for number in range(2, int(below**0.5) + 1):
        if stop():
            raise CancelledError("stopped between two numbers")
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(sieve[number * number :: number]))
        progress(number / (below**0.5 + 1), f"Nombre {number}")
    _sign_in(inputs)
    _wait_at_gate(inputs, stop=stop)
    return {"primes": sum(sieve), "below": below, "seed": seed, "pid": os.getpid()}


def deaf(inputs, *, data_version, seed, progress, stop) -> dict[str, Any]:
    """Wait at the gate without a sign of life and without asking whether to stop."""
    _sign_in(inputs)
    _wait_at_gate(inputs, stop=lambda: False)
    return {"pid": os.getpid()}


def deadly(inputs, *, data_version, seed, progress, stop) -> None:
    """End the worker's whole process, as a lack of memory does."""
    _sign_in(inputs)
    os.kill(os.getpid(), 9)


def failing(inputs, *, data_version, seed, progress, stop) -> None:
    """Fail in the way that the inputs name."""
    match inputs["how"]:
        case "data":
            raise NotEnoughDataError(
                "practitioner counts of 2023 are missing", french="il manque les effectifs de 2023"
            )
        case "bug":
            raise RuntimeError("secret detail of the machine")
        case "nan":
            return float("nan")
        case "quit":
            raise CancelledError("of its own idea")


def _as_given(inputs: dict[str, Any]) -> dict[str, Any]:
    return inputs


STUDIES: Mapping[str, Study] = {
    study.name: study
    for study in (
        Study(name="primes", title="Nombres premiers", check=check_primes, compute=count_primes),
        Study(name="deaf", title="Étude sourde", check=_as_given, compute=deaf),
        Study(name="deadly", title="Étude mortelle", check=_as_given, compute=deadly),
        Study(name="failing", title="Étude en échec", check=_as_given, compute=failing),
    )
}
