"""How willingness to travel falls with time: a weight from 0 to 1 for each number of minutes."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError
from maillage.engines.accessibility.arrays import FloatArray

Minutes = NDArray[np.floating]


class Decay(Protocol):
    """Turns minutes, any shape, into weights of the same shape; 0 beyond `reach_min`."""

    @property
    def reach_min(self) -> float:
        """The longest trip, in minutes, that can have a weight above 0."""
        ...

    def __call__(self, minutes: Minutes) -> FloatArray: ...


@dataclass(frozen=True, slots=True)
class StepDecay:
    """One weight per class of minutes.

    thresholds_min  upper ends of the classes, rising, minutes
    weights         weight of each class, 0 to 1, falling or level

    A class starts at its lower end and stops just short of its upper end, but the last, which
    includes it: with 10, 15, 20 a trip of exactly 10 min is in the second class, of exactly 15
    in the third, of exactly 20 still in the third. So reads the DREES workbook: "moins de 10",
    "entre 10 et 15", "entre 15 et 20", "plus de 20 minutes" (only the side of 15 is our choice).
    """

    thresholds_min: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.thresholds_min or len(self.thresholds_min) != len(self.weights):
            raise InputError(
                f"{len(self.thresholds_min)} thresholds for {len(self.weights)} weights; "
                "expected one weight per threshold, at least one."
            )
        ends = (0.0, *self.thresholds_min)
        if not all(low < high < np.inf for low, high in pairwise(ends)):
            raise InputError(
                f"Thresholds {self.thresholds_min} minutes: expected rising numbers above 0."
            )
        levels = (1.0, *self.weights, 0.0)
        if not all(high >= low for high, low in pairwise(levels)):
            raise InputError(f"Weights {self.weights}: expected numbers from 1 down to 0.")

    @property
    def reach_min(self) -> float:
        """The last threshold, minutes."""
        return self.thresholds_min[-1]

    def __call__(self, minutes: Minutes) -> FloatArray:
        """Return the weight of each trip, same shape as `minutes`."""
        ends, levels = self.classes()
        return levels[np.searchsorted(ends, minutes, side="right")]

    def classes(self) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the classes, each excluded, shape (k,), and weights, shape (k + 1,).

        The last end is the next number after the last threshold, which is thereby included; the
        last weight is the 0 of whatever lies beyond.
        """
        ends = np.array(self.thresholds_min, dtype=np.float64)
        ends[-1] = np.nextafter(ends[-1], np.inf)
        return ends, np.array((*self.weights, 0.0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class GaussianDecay:
    """exp(-t² / 2·width²) up to `reach_min`, 0 beyond (Dai 2010, without its end correction)."""

    width_min: float
    reach_min: float

    def __post_init__(self) -> None:
        _check_positive("width_min", self.width_min)
        _check_positive("reach_min", self.reach_min)

    def __call__(self, minutes: Minutes) -> FloatArray:
        """Return the weight of each trip, same shape as `minutes`."""
        times = np.asarray(minutes, dtype=np.float64)
        weights = np.exp(-(np.minimum(times, self.reach_min) ** 2) / (2 * self.width_min**2))
        return np.where(times <= self.reach_min, weights, 0.0)


@dataclass(frozen=True, slots=True)
class PowerDecay:
    """(t / nearest)^-exponent up to `reach_min`, 1 under `nearest_min` (gravity; Hansen 1959)."""

    exponent: float
    nearest_min: float
    reach_min: float

    def __post_init__(self) -> None:
        _check_positive("exponent", self.exponent)
        _check_positive("nearest_min", self.nearest_min)
        _check_positive("reach_min", self.reach_min)

    def __call__(self, minutes: Minutes) -> FloatArray:
        """Return the weight of each trip, same shape as `minutes`."""
        times = np.asarray(minutes, dtype=np.float64)
        bounded = np.clip(times, self.nearest_min, max(self.nearest_min, self.reach_min))
        weights = (bounded / self.nearest_min) ** -self.exponent
        return np.where(times <= self.reach_min, weights, 0.0)


def within(*, minutes: float) -> StepDecay:
    """Return the decay of the plain 2SFCA: 1 up to `minutes`, included, 0 beyond."""
    return StepDecay((minutes,), (1.0,))


def _check_positive(name: str, value: float) -> None:
    if not 0 < value < np.inf:
        raise InputError(f"{name} is {value}; expected a finite number above 0.")


# DREES workbook "APL aux médecins généralistes" 2022 and 2023, sheet "Paramètres". Earlier series
# used other weights and another distancer: they must not be compared with these.
DREES_2022_2023: Final = StepDecay((10.0, 15.0, 20.0), (1.0, 2 / 3, 1 / 3))
