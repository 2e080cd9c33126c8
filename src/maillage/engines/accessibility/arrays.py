"""Array types of this engine and the checks made at its door."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maillage.core.errors import InputError

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]
Int32Array = NDArray[np.int32]
BoolArray = NDArray[np.bool_]


def quantity(values: ArrayLike, *, name: str, size: int | None = None) -> FloatArray:
    """Return `values` as float64, shape (n,): finite and at least 0. Raises InputError."""
    array = numbers(values, name=name, size=size)
    if array.size and not (array.min() >= 0 and np.isfinite(array.max())):
        row = int(np.flatnonzero(~(np.isfinite(array) & (array >= 0)))[0])
        raise InputError(
            f"{name} holds {array[row]} at position {row}; expected a finite number, 0 or more."
        )
    return array


def numbers(values: ArrayLike, *, name: str, size: int | None = None) -> FloatArray:
    """Return `values` as float64, shape (n,); nan is let through. Raises InputError."""
    array = np.ascontiguousarray(values, dtype=np.float64)
    check_shape(array, name=name, size=size)
    return array


def check_shape(array: NDArray[Any], *, name: str, size: int | None) -> None:
    """Raise InputError unless `array` has one dimension and `size` elements (None: any)."""
    if array.ndim != 1 or (size is not None and array.size != size):
        wanted = "(n,)" if size is None else f"({size},)"
        raise InputError(f"{name} has shape {array.shape}, expected {wanted}.")


def check_positions(positions: NDArray[Any], *, name: str, below: int) -> None:
    """Raise InputError unless every element is a whole number from 0 to `below` - 1."""
    if positions.dtype.kind not in "iu":
        raise InputError(f"{name} holds {positions.dtype}, expected whole numbers (row positions).")
    if positions.size and not (positions.min() >= 0 and positions.max() < below):
        raise InputError(
            f"{name} runs from {positions.min()} to {positions.max()}, expected 0 to {below - 1}: "
            "give the position of each row in its table, not its code."
        )


def check_row_starts(indptr: NDArray[Any], *, name: str, n_rows: int, n_pairs: int) -> None:
    """Raise InputError unless `indptr`, shape (n_rows + 1,), cuts `n_pairs` pairs into rows."""
    check_shape(indptr, name=name, size=n_rows + 1)
    if indptr[0] != 0 or indptr[-1] != n_pairs or (np.diff(indptr) < 0).any():
        raise InputError(
            f"{name} runs from {indptr[0]} to {indptr[-1]}, expected a rising sequence from 0 to "
            f"the number of pairs, {n_pairs}."
        )
