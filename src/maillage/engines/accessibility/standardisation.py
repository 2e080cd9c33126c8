"""People counted by how much care their age consumes, the total unchanged."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.engines.accessibility.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class AgeWeights:
    """Care consumed by an age class over the national mean.

    youngest  first age of each class, rising from 0, years; the last class is open
    weights   one per class, above 0
    source    where they stand
    """

    youngest: tuple[int, ...]
    weights: tuple[float, ...]
    source: str

    def __post_init__(self) -> None:
        rising = all(low < high for low, high in pairwise(self.youngest))
        if not self.youngest or self.youngest[0] != 0 or not rising:
            raise InputError(f"Age classes start at {self.youngest}; expected rising ages from 0.")
        if len(self.weights) != len(self.youngest) or not min(self.weights) > 0:
            raise InputError(
                f"{len(self.weights)} weights for {len(self.youngest)} age classes, least "
                f"{min(self.weights, default=0)}; expected one above 0 for each."
            )


_FIVE_YEARS: Final = tuple(range(0, 95, 5))

# fmt: off
DREES_2022: Final = AgeWeights(
    _FIVE_YEARS,
    (0.93, 0.59, 0.55, 0.59, 0.73, 0.78, 0.84, 0.88, 0.90, 0.97,
     1.06, 1.14, 1.16, 1.19, 1.52, 1.53, 1.72, 1.99, 2.39),
    "DREES, APL aux médecins généralistes 2022, feuille Paramètres (DCIR 2020, Cnam)",
)

DREES_2023: Final = AgeWeights(
    _FIVE_YEARS,
    (1.12, 0.58, 0.51, 0.60, 0.75, 0.79, 0.82, 0.85, 0.89, 0.93,
     1.03, 1.15, 1.18, 1.23, 1.46, 1.57, 1.63, 1.89, 2.26),
    "DREES, APL aux médecins généralistes 2023, feuille Paramètres (DCIR 2021, Cnam)",
)

# fmt: on
# Fitted on the ratio of standardised to plain population of APL 2022 and the three shares that
# Insee gives by commune (RP 2020): explains 97.9 % of it, weighted by population. An estimate.
THREE_CLASSES_2022: Final = AgeWeights(
    (0, 25, 65), (0.67, 0.92, 1.68), "Estimation sur l'APL 2022 (R² = 97,9 %)"
)


def conservation_factor(population_by_age: FloatArray, weights: AgeWeights) -> float:
    """Return what standardised people are multiplied by so that their total is the population.

    population_by_age  the whole country, shape (n_places, n_classes): a factor computed on a
                       part of it would give that part the consumption of the mean
    """
    by_age = _checked(population_by_age, weights)
    weighted = float((by_age @ np.array(weights.weights)).sum())
    if not weighted > 0:
        raise InputError("The population is empty: there is nothing to standardise.")
    return float(by_age.sum()) / weighted


def standardised_demand(
    population_by_age: FloatArray, weights: AgeWeights, *, factor: float | None = None
) -> FloatArray:
    """Return standardised people per place, shape (n_places,): P*_i = f · Σ_a c_a·P_ia.

    population_by_age  people, shape (n_places, n_classes), classes as in `weights`
    factor             the national `conservation_factor`; left out, that of these places, which
                       must then be the whole country
    """
    by_age = _checked(population_by_age, weights)
    scale = conservation_factor(by_age, weights) if factor is None else factor
    return np.asarray(scale * (by_age @ np.array(weights.weights)))


def _checked(population_by_age: FloatArray, weights: AgeWeights) -> FloatArray:
    by_age = np.asarray(population_by_age, dtype=np.float64)
    if by_age.ndim != 2 or by_age.shape[1] != len(weights.weights):
        raise InputError(
            f"population_by_age has shape {by_age.shape}, expected (n_places, "
            f"{len(weights.weights)}): one column per age class, from {weights.youngest} years."
        )
    if by_age.size and not (by_age.min() >= 0 and np.isfinite(by_age.max())):
        raise InputError("population_by_age holds a number that is not finite, or below 0.")
    return by_age
