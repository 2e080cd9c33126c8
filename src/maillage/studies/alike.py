"""Territories alike: those of the same level whose people and setting are closest to yours.

Features describe people and setting, never access to care: a territory is compared with those
that start from the same place, not with those that reached the same result.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from maillage.core.errors import NotEnoughDataError
from maillage.studies import figures
from maillage.studies.indicators import indicator
from maillage.studies.store.reading import Store
from maillage.studies.store.tables import BoolArray, FloatArray, IntArray

FEATURES: Final = (
    "population",
    "population_density",
    "share_65_plus",
    "share_under_25",
    "share_far_intermediate",
    "time_emergency_min",
)
_BY_RATIO: Final = frozenset({"population", "population_density"})
_LEAST_KNOWN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """One line of the explanation: a feature, both figures, and how far apart they are.

    gap_sd  difference in standard deviations over the territories of the level
    """

    indicator_id: str
    mine: float
    theirs: float
    gap_sd: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A territory that resembles yours, and why, line by line, closest features first.

    distance  root mean square of the gaps, in standard deviations: 0 would be a twin
    """

    kind: str
    code: str
    name: str
    distance: float
    likenesses: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class _Space:
    """Territories of one kind as points: figures, and their standardised coordinates."""

    ids: tuple[str, ...]
    raw: FloatArray
    points: FloatArray
    centre: FloatArray
    spread: FloatArray
    complete: BoolArray


def alike(
    store: Store,
    kind: str,
    rows: IntArray,
    *,
    code: str = "",
    k: int = 8,
    among: IntArray | None = None,
) -> list[Alike]:
    """Return the `k` territories of a kind closest to the one made of unit `rows`.

    code   the code of the one made of `rows`, if it is one: left out of the answer; else ""
    among  the territories to choose from, as rows of `store.membership(kind)`; every one if None

    Raises NotEnoughDataError when the store lacks the features, at that level or here.
    """
    space = store.cached(("alike", kind), lambda: _space(store, kind))
    members = store.membership(kind)
    if code in members:
        mine = space.raw[members.index(code)]
    else:
        mine = np.array([figures.value(store, indicator(name), rows) for name in space.ids])
    known = ~np.isnan(mine)
    if not known.any():
        raise NotEnoughDataError(
            "Nothing is known of this territory that could be compared.",
            french="rien n’est connu de ce territoire qui se compare.",
        )
    point = (_scaled(mine[None, :], space.ids)[0] - space.centre) / space.spread
    points = space.points if known.all() else space.points[:, known]
    gaps = points - point[known]
    distance = np.sqrt(np.einsum("ij,ij->i", gaps, gaps) / known.sum())
    distance[~space.complete] = np.inf
    if code in members:
        distance[members.index(code)] = np.inf
    if among is not None:
        chosen = np.full(distance.shape, np.inf)
        chosen[among] = distance[among]
        distance = chosen
    nearest = _smallest(distance, k)
    return [
        _explained(store, kind, space, int(row), mine=mine, point=point, distance=distance)
        for row in nearest
        if np.isfinite(distance[row])
    ]


def _smallest(distance: FloatArray, k: int) -> IntArray:
    """Return the rows of the `k` smallest values, smallest first; equals in the order of rows."""
    if k < distance.size:
        close = np.flatnonzero(distance <= np.partition(distance, k)[k])
    else:
        close = np.arange(distance.size)
    return close[np.argsort(distance[close], kind="stable")][:k]


def _space(store: Store, kind: str) -> _Space:
    columns = {name: figures.values_by_territory(store, indicator(name), kind) for name in FEATURES}
    ids = tuple(
        name for name, column in columns.items() if np.isfinite(column).mean() >= _LEAST_KNOWN
    )
    if not ids:
        raise NotEnoughDataError(
            f"No feature is known for territories of kind {kind}: nothing can be compared.",
            french="rien n’est connu de ces territoires qui se compare.",
        )
    raw = np.column_stack([columns[name] for name in ids])
    scaled = _scaled(raw, ids)
    complete: BoolArray = np.asarray(np.isfinite(scaled).all(axis=1))
    inside = scaled[complete] if complete.any() else np.zeros((1, len(ids)))
    centre, spread = inside.mean(axis=0), inside.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    return _Space(ids, raw, (scaled - centre) / spread, centre, spread, complete)


def _scaled(raw: FloatArray, ids: tuple[str, ...]) -> FloatArray:
    """Return the features on the scale on which they are compared: ratios as logarithms."""
    by_ratio = np.array([name in _BY_RATIO for name in ids])
    return np.where(by_ratio, np.log(np.maximum(np.nan_to_num(raw, nan=np.nan), 1e-3)), raw)


def _explained(
    store: Store,
    kind: str,
    space: _Space,
    row: int,
    *,
    mine: FloatArray,
    point: FloatArray,
    distance: FloatArray,
) -> Alike:
    gaps = space.points[row] - point
    order = np.argsort(np.where(np.isnan(gaps), np.inf, np.abs(gaps)), kind="stable")
    lines = tuple(
        _likeness(space.ids[feature], mine[feature], space.raw[row, feature], gaps[feature])
        for feature in order
        if np.isfinite(gaps[feature])
    )
    code = str(store.membership(kind).codes[row])
    return Alike(kind, code, store.territory_name(kind, code), float(distance[row]), lines)


def _likeness(indicator_id: str, mine: float, theirs: float, gap: float) -> Likeness:
    item = indicator(indicator_id)
    close = "presque identique" if abs(gap) < 0.1 else "proche" if abs(gap) < 0.5 else "différent"
    unit = f" {item.unit}" if item.display in ("number", "people") else ""
    sentence = f"{item.short} : {item.written(theirs)}{unit} contre {item.written(mine)} ({close})"
    return Likeness(indicator_id, float(mine), float(theirs), float(gap), sentence)
