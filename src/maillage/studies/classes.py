"""Class breaks of a map, with the words that say how they were made."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from maillage.core.errors import InputError
from maillage.studies.indicators import Indicator
from maillage.studies.store.reading import Store
from maillage.studies.store.tables import FloatArray, IntArray

_SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a numeric map.

    bounds  inner bounds, rising, shape (n_classes - 1,); class k holds bounds[k-1] <= x < bounds[k]
    how     French sentence: how the bounds were made, and why
    labels  one French label per class, shape (n_classes,)
    """

    bounds: tuple[float, ...]
    how: str
    labels: tuple[str, ...]

    def index(self, values: FloatArray) -> IntArray:
        """Return the class of each value, from 0; -1 where the value is nan."""
        found = np.searchsorted(np.array(self.bounds), values, side="right")
        return np.where(np.isnan(values), -1, found).astype(np.int64)


def classes_of(store: Store, item: Indicator) -> Classes:
    """Return the classes of an indicator over all the units of a store, made once per version."""
    return store.cached(("classes", item.id), lambda: class_breaks(item, store.indicator(item.id)))


def class_breaks(item: Indicator, values: FloatArray) -> Classes:
    """Return the classes of an indicator for `values`, any shape; nan are left out.

    Raises InputError for a zoning, whose classes are its own.
    """
    if item.is_class:
        raise InputError(f"{item.id} is a zoning: its classes are those of its decree.")
    known = np.sort(values[np.isfinite(values)].ravel())
    bounds = _bounds(item, known)
    return Classes(bounds, _how(item, len(bounds) + 1), _labels(item, bounds))


def _bounds(item: Indicator, known: FloatArray) -> tuple[float, ...]:
    if item.breaks_method == "fixed" or not known.size:
        return item.breaks
    if item.breaks_method == "quantile":
        found = np.quantile(known, np.arange(1, item.n_classes) / item.n_classes)
    else:
        found = natural_breaks(known, n_classes=item.n_classes)
    return tuple(np.unique(np.round(found, item.stored_decimals)).tolist())


def natural_breaks(known: FloatArray, *, n_classes: int) -> FloatArray:
    """Return the inner bounds that make the variance within classes smallest (Fisher 1958).

    known  finite values, sorted, shape (n,); beyond 2,000 a regular sample stands for them
    """
    step = max(1, known.size // _SAMPLE)
    sample = known[::step]
    if np.unique(sample).size <= n_classes:
        return np.unique(sample)[1:]
    best, start = _fisher_tables(sample, n_classes)
    cuts, end = [], sample.size
    for size in range(n_classes, 1, -1):
        end = int(start[size, end])
        cuts.append(sample[end])
    assert np.isfinite(best[n_classes, sample.size])
    return np.array(cuts[::-1])


def _fisher_tables(sample: FloatArray, n_classes: int) -> tuple[FloatArray, IntArray]:
    """Return the smallest inertia of the first n values in k classes, and where class k starts."""
    total = np.concatenate(([0.0], np.cumsum(sample)))
    square = np.concatenate(([0.0], np.cumsum(sample**2)))
    n = sample.size
    best = np.full((n_classes + 1, n + 1), np.inf)
    start = np.zeros((n_classes + 1, n + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for size in range(1, n_classes + 1):
        for end in range(size, n + 1):
            first = np.arange(size - 1, end)
            count = end - first
            inertia = square[end] - square[first] - (total[end] - total[first]) ** 2 / count
            cost = best[size - 1, first] + inertia
            row = int(np.argmin(cost))
            best[size, end], start[size, end] = cost[row], first[row]
    return best, start


def _how(item: Indicator, n_classes: int) -> str:
    method = {
        "fixed": "Bornes fixes",
        "quantile": f"{n_classes} classes de même nombre de communes",
        "natural": f"{n_classes} classes aux seuils naturels (Fisher)",
    }[item.breaks_method]
    return f"{method}. {item.breaks_reason}"


def _labels(item: Indicator, bounds: tuple[float, ...]) -> tuple[str, ...]:
    if not bounds:
        return ("toutes les valeurs",)
    texts = [item.written(bound) for bound in bounds]
    middle = [f"de {low} à {high}" for low, high in pairwise(texts)]
    return (f"moins de {texts[0]}", *middle, f"{texts[-1]} et plus")
