"""Numba's compiler under a typed name: compiled once, kept, free of the interpreter lock."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def njit(function: Function) -> Function:
    """Compile a function over arrays; the plain Python body stays reachable as `.py_func`."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
