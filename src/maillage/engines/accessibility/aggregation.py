"""From places to territories: standardised people weigh means, plain people are counted.

So asks the note of the DREES workbook: the mean APL of a territory is weighted by standardised
population; people under a threshold and quantiles are counted in plain population.
"""

import numpy as np

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import FloatArray, IntArray


def mean_access(access: FloatArray, *, standardised_population: FloatArray) -> float:
    """Return the mean access of a standardised person; places without a figure are left out.

    Raises NotEnoughDataError when no inhabited place has a figure.
    """
    values = arrays.numbers(access, name="access")
    people = arrays.quantity(
        standardised_population, name="standardised_population", size=values.size
    )
    weights = np.where(np.isnan(values), 0.0, people)
    if not weights.sum() > 0:
        raise NotEnoughDataError("No inhabited place has a figure: there is no mean to show.")
    return float(np.nansum(values * weights) / weights.sum())


def mean_by_group(
    access: FloatArray, *, standardised_population: FloatArray, group: IntArray, n_groups: int
) -> FloatArray:
    """Return the mean of each group of places, shape (n_groups,); nan where no one has a figure.

    group  territory of each place, 0 to n_groups - 1, shape (n_places,)
    """
    values = arrays.numbers(access, name="access")
    arrays.check_shape(group, name="group", size=values.size)
    arrays.check_positions(group, name="group", below=n_groups)
    people = arrays.quantity(
        standardised_population, name="standardised_population", size=values.size
    )
    weights = np.where(np.isnan(values), 0.0, people)
    totals = np.bincount(group, weights=weights, minlength=n_groups)
    sums = np.bincount(group, weights=np.nan_to_num(values) * weights, minlength=n_groups)
    means = np.full(n_groups, np.nan)
    np.divide(sums, totals, out=means, where=totals > 0)
    return means


def people_below(access: FloatArray, *, population: FloatArray, threshold: float) -> float:
    """Return how many people live where access is under `threshold`, itself excluded."""
    values = arrays.numbers(access, name="access")
    people = arrays.quantity(population, name="population", size=values.size)
    return float(people[values < threshold].sum())


def share_below(access: FloatArray, *, population: FloatArray, threshold: float) -> float:
    """Return the share, 0 to 1, of people under `threshold` among those whose access is known."""
    values = arrays.numbers(access, name="access")
    people = arrays.quantity(population, name="population", size=values.size)
    known = float(people[~np.isnan(values)].sum())
    if not known > 0:
        raise NotEnoughDataError("No inhabited place has a figure: there is no share to show.")
    return people_below(values, population=people, threshold=threshold) / known


def quantiles(access: FloatArray, *, population: FloatArray, shares: FloatArray) -> FloatArray:
    """Return the access under which each share of people, 0 to 1, lives; shape of `shares`."""
    values, people = _sorted_known(access, population)
    wanted = np.asarray(shares, dtype=np.float64)
    if ((wanted < 0) | (wanted > 1)).any():
        raise InputError(f"Shares {wanted.tolist()}: expected numbers from 0 to 1.")
    reached = np.cumsum(people)
    positions = np.searchsorted(reached, wanted * reached[-1] * (1 - 1e-12), side="left")
    return np.asarray(values[positions])


def mean_of_extremes(
    access: FloatArray, *, population: FloatArray, share: float = 0.1
) -> tuple[float, float]:
    """Return the mean access of the worst- and of the best-served `share` of people."""
    values, people = _sorted_known(access, population)
    room = share * people.sum()
    before = np.concatenate(([0.0], np.cumsum(people)[:-1]))
    worst = np.clip(room - before, 0.0, people)
    after = people.sum() - before - people
    best = np.clip(room - after, 0.0, people)
    return float(values @ worst / worst.sum()), float(values @ best / best.sum())


def _sorted_known(access: FloatArray, population: FloatArray) -> tuple[FloatArray, FloatArray]:
    values = arrays.numbers(access, name="access")
    people = arrays.quantity(population, name="population", size=values.size)
    kept = ~np.isnan(values) & (people > 0)
    if not kept.any():
        raise NotEnoughDataError("No inhabited place has a figure: there is no distribution.")
    order = np.argsort(values[kept], kind="stable")
    return values[kept][order], people[kept][order]
