"""The figure of any indicator for any territory, with the right weights, and how it compares.

Means of the APL weigh by standardised population; people under a threshold count plain
population, as the note of the DREES workbook asks. Other means weigh by population.
"""

from dataclasses import dataclass, replace

import numpy as np

from maillage.core.errors import InputError
from maillage.studies.indicators import Indicator, indicator, indicators
from maillage.studies.store.membership import sums
from maillage.studies.store.reading import Store
from maillage.studies.store.tables import BoolArray, FloatArray, IntArray, TextArray


@dataclass(frozen=True, slots=True)
class PeopleBelow:
    """How many people live under (or over) the threshold of an indicator.

    people  inhabitants in that case; total  inhabitants whose figure is known
    units   communes in that case; share     people / total, nan when nobody's figure is known
    """

    people: float
    total: float
    units: int

    @property
    def share(self) -> float:
        """Share of the people, 0 to 1."""
        return self.people / self.total if self.total else float("nan")


def as_told(store: Store, item: Indicator) -> Indicator:
    """Return an indicator with the year of this store's own files, where they say it.

    The reviewed year is that of the files known at the review: a newer file has its own.
    """
    year = store.manifest.years.get(item.id, item.year)
    return item if year == item.year else replace(item, year=year)


def told(store: Store, indicator_id: str) -> Indicator:
    """Return an indicator as this store tells it. Raises InputError for an unknown id."""
    return as_told(store, indicator(indicator_id))


def all_told(store: Store) -> list[Indicator]:
    """Return every indicator as this store tells it, in the order of the reviewed files."""
    return [as_told(store, item) for item in indicators().values()]


def value(store: Store, item: Indicator, rows: IntArray) -> float:
    """Return the figure of the territory made of unit `rows`; nan when it is not available.

    Raises InputError for a zoning: see `class_shares`.
    """
    group = np.zeros(rows.size, dtype=np.int64)
    return float(_values(store, item, rows, group, 1)[0])


def values_by_territory(store: Store, item: Indicator, kind: str) -> FloatArray:
    """Return the figure of every territory of a kind, shape (n_territories,), kept per version.

    In the order of `store.membership(kind).codes`.
    """

    def make() -> FloatArray:
        members = store.membership(kind)
        rows = np.flatnonzero(members.group >= 0)
        return _values(store, item, rows, members.group[rows], len(members))

    return store.cached(("values", item.id, kind), make)


def unit_values(store: Store, item: Indicator) -> FloatArray:
    """Return the figure of every unit, shape (n_units,), derived ones included."""
    rows = np.arange(store.n_units)
    return store.cached(
        ("unit values", item.id), lambda: _values(store, item, rows, rows, store.n_units)
    )


def people_beyond_threshold(store: Store, item: Indicator, rows: IntArray) -> PeopleBelow:
    """Return the people on the unfavourable side of the threshold, the threshold excluded.

    Raises InputError when the indicator has no threshold.
    """
    if item.threshold is None:
        raise InputError(f"The indicator {item.id} has no threshold.")
    figures = unit_values(store, item)[rows]
    people = np.nan_to_num(store.indicator("population")[rows])
    if item.direction == "lower_is_better":
        beyond = figures > item.threshold
    else:
        beyond = figures < item.threshold
    known = ~np.isnan(figures)
    return PeopleBelow(float(people[beyond].sum()), float(people[known].sum()), int(beyond.sum()))


def class_shares(store: Store, item: Indicator, rows: IntArray) -> dict[str, float]:
    """Return the share of people, 0 to 1, living in each class of a zoning; "" = not known."""
    classes, code = _classes_by_unit(store, item)
    people = np.nan_to_num(store.indicator("population")[rows])
    counts = sums(code[rows], people, classes.size)
    total = counts.sum() or 1.0
    return {
        str(name): float(count / total)
        for name, count in zip(classes, counts, strict=True)
        if count > 0
    }


def units_by_class(store: Store, item: Indicator, rows: IntArray) -> dict[str, int]:
    """Return the number of units in each class of a zoning; "" = not known."""
    classes, code = _classes_by_unit(store, item)
    counts = np.bincount(code[rows], minlength=classes.size)
    pairs = zip(classes.tolist(), counts.tolist(), strict=True)
    return {name: count for name, count in pairs if count}


def _classes_by_unit(store: Store, item: Indicator) -> tuple[TextArray, IntArray]:
    """Return the classes of a zoning, sorted, and the position of each unit's, kept per version."""
    return store.cached(
        ("classes by unit", item.id),
        lambda: np.unique(store.text_indicator(item.id).astype(str), return_inverse=True),
    )


def share_of_peers_worse(store: Store, item: Indicator, kind: str, mine: float) -> float:
    """Return the share, 0 to 1, of the territories of a kind that a figure does better than.

    Ties count half; nan when the figure is, or when there are fewer than two such territories.
    """
    if np.isnan(mine):
        return float("nan")
    under, over, known = _around(store, item, kind, mine)
    if known < 2:
        return float("nan")
    worse = over if item.direction == "lower_is_better" else under
    same = known - under - over
    return (worse + max(same - 1, 0) / 2) / max(known - 1, 1) if same else worse / known


def _around(store: Store, item: Indicator, kind: str, mine: float) -> tuple[int, int, int]:
    """Return how many territories of a kind are under a figure, over it, and known at all."""
    values = values_by_territory(store, item, kind)
    known = store.cached(
        ("sorted values", item.id, kind), lambda: np.sort(values[~np.isnan(values)])
    )
    under = int(np.searchsorted(known, mine - 1e-12, side="left"))
    over = known.size - int(np.searchsorted(known, mine + 1e-12, side="right"))
    return under, over, int(known.size)


def is_favourable(item: Indicator, mine: float, theirs: float) -> bool | None:
    """Say whether a figure is better than another; None when neither direction is better."""
    if item.direction == "neutral" or np.isnan(mine) or np.isnan(theirs) or mine == theirs:
        return None
    return (mine > theirs) == (item.direction == "higher_is_better")


def _values(
    store: Store, item: Indicator, rows: IntArray, group: IntArray, count: int
) -> FloatArray:
    """Return the figure of each of `count` groups of units, shape (count,)."""
    if item.is_class:
        raise InputError(f"{item.id} is a zoning: it has shares of people by class, no figure.")
    if item.aggregate == "difference":
        later, earlier = (
            _values(store, indicator(part), rows, group, count) for part in item.parts
        )
        return later - earlier
    if item.aggregate == "sum":
        figures = store.indicator(item.id)[rows]
        return _sum_or_nan(figures, ~np.isnan(figures), group, count)
    if item.aggregate == "ratio":
        return _ratios(store, item, rows, group, count)
    figures, weight = store.indicator(item.id)[rows], store.indicator(item.weight)[rows]
    known = ~(np.isnan(figures) | np.isnan(weight))
    means = _divided(
        sums(group[known], (figures * weight)[known], count),
        sums(group[known], weight[known], count),
    )
    return _or_only_value(means, figures, group, count)


def _ratios(
    store: Store, item: Indicator, rows: IntArray, group: IntArray, count: int
) -> FloatArray:
    by_department = bool(item.coarse) and not store.has(item.parts[0])
    numerator = item.coarse if by_department else item.parts[0]
    top, bottom = (store.indicator(part)[rows] for part in (numerator, item.parts[1]))
    known = ~(np.isnan(top) | np.isnan(bottom))
    ratios = item.per * _divided(
        sums(group[known], top[known], count), sums(group[known], bottom[known], count)
    )
    if by_department:
        ratios[~_of_whole_departments(store, rows, group, count)] = np.nan
    return ratios


def _of_whole_departments(store: Store, rows: IntArray, group: IntArray, count: int) -> BoolArray:
    """Say which groups of units are made of whole departments, shape (count,)."""
    department = store.membership("department").group
    size = int(department.max(initial=-1)) + 1
    pair, found = np.unique(group * size + department[rows], return_counts=True)
    parted = found < np.bincount(department, minlength=size)[pair % size]
    whole = np.ones(count, dtype=np.bool_)
    whole[pair[parted] // size] = False
    return whole


def _or_only_value(
    means: FloatArray, figures: FloatArray, group: IntArray, count: int
) -> FloatArray:
    """Give a territory of one unit its published figure, to the last digit, even if none weighs."""
    alone = np.bincount(group, minlength=count) == 1
    single = alone[group]
    means[group[single]] = figures[single]
    return means


def _sum_or_nan(figures: FloatArray, known: FloatArray, group: IntArray, count: int) -> FloatArray:
    totals = sums(group[known], figures[known], count)
    return np.where(np.bincount(group[known], minlength=count) > 0, totals, np.nan)


def _divided(top: FloatArray, bottom: FloatArray) -> FloatArray:
    out = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out
