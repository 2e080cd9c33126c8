"""Who has little access, and who stops or begins to: one rule for every question about it.

2.4 + 0.1 is 2.5, and 2.5 - 2.4 is a little more than 0.1: whether the same doctor lifts a place
would depend on how the question is asked. What sums may round is therefore no lack.
"""

from typing import Final

from maillage.engines.accessibility.arrays import BoolArray, FloatArray

ROUNDING: Final = 1e-9
"""Acts per year and standardised person: far more than sums round, far less than is published."""


def lack(access: FloatArray, threshold: float) -> FloatArray:
    """Return what each place must gain to have `threshold`: 0 or less when it does, nan unknown."""
    return threshold - ROUNDING - access


def is_low(access: FloatArray, threshold: float) -> BoolArray:
    """Return which places are under a threshold; one whose access is not known is not."""
    return lack(access, threshold) > 0


def rises(before: FloatArray, after: FloatArray, threshold: float) -> BoolArray:
    """Return which places pass from under a threshold to it or above."""
    return is_low(before, threshold) & (lack(after, threshold) <= 0)


def falls(before: FloatArray, after: FloatArray, threshold: float) -> BoolArray:
    """Return which places pass from a threshold or above to under it."""
    return rises(after, before, threshold)
