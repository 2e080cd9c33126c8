"""What every map of the site stands on: contours, places to go to, names written on it.

The contours are served by the atlas; without it, or without contours, there is no ground.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.urls import NoReverseMatch, reverse

from maillage.core.errors import NotEnoughDataError
from maillage.studies.store import Store
from maillage.studies.store.tables import FloatArray

_OVERSEAS = "97"
_MARGIN_DEGREES = 0.02


@dataclass(frozen=True, slots=True)
class Jump:
    """A place that a button leads to; bounds are west, south, east, north in degrees."""

    label: str
    bounds: tuple[float, float, float, float]


def jumps(store: Store) -> list[Jump]:
    """Return the whole (the mainland of France), then each overseas department, by code."""
    return store.cached("map jumps", lambda: _jumps(store))


def _jumps(store: Store) -> list[Jump]:
    table = store.territories
    rows = np.flatnonzero(table["kind"] == "department")
    codes = table["code"][rows].astype(str)
    far = np.char.startswith(codes, _OVERSEAS)
    boxes = np.column_stack([table[side][rows] for side in ("west", "south", "east", "north")])
    drawn = np.isfinite(boxes).all(axis=1)
    main = boxes[drawn & ~far] if (drawn & ~far).any() else boxes[drawn]
    if not main.size:
        return []
    name = "France métropolitaine" if far.any() else store.territory_name("nation", "FR")
    found = [Jump(name, _around(main))]
    for row in np.flatnonzero(drawn & far):
        found.append(Jump(str(table["name"][rows[row]]), _around(boxes[[row]])))
    return found


def _around(boxes: FloatArray) -> tuple[float, float, float, float]:
    west, south = boxes[:, :2].min(axis=0) - _MARGIN_DEGREES
    east, north = boxes[:, 2:].max(axis=0) + _MARGIN_DEGREES
    return round(west, 4), round(south, 4), round(east, 4), round(north, 4)


def labels(store: Store) -> dict[str, list[tuple[str, float, float]]]:
    """Return the names written on the map with the middle of each box: regions, departments."""

    def make() -> dict[str, list[tuple[str, float, float]]]:
        return {
            "regions": _names(store, "region"),
            "departments": _names(store, "department"),
        }

    return store.cached("map labels", make)


def _names(store: Store, kind: str) -> list[tuple[str, float, float]]:
    table = store.territories
    found = []
    for row in np.flatnonzero(table["kind"] == kind).tolist():
        lon = (table["west"][row] + table["east"][row]) / 2
        lat = (table["south"][row] + table["north"][row]) / 2
        if np.isfinite(lon + lat):
            found.append((str(table["name"][row]), round(float(lon), 3), round(float(lat), 3)))
    return found


def as_rows(places: list[Jump]) -> list[dict[str, Any]]:
    """Return places as JSON takes them."""
    return [asdict(place) for place in places]


def ground_of(store: Store) -> dict[str, Any] | None:
    """Return what the script of a map stands on, as JSON takes it; None where there is nothing."""
    try:
        has_contours = store.overview_path.is_file() and store.tiles_path.is_file()
        addresses = {
            "overview": reverse("atlas:map_overview", args=[store.version]),
            "tiles": reverse("atlas:map_tiles", args=[store.version]),
            "names": reverse("atlas:map_names", args=[store.version]),
        }
    except (NotEnoughDataError, NoReverseMatch):
        return None
    if not has_contours:
        return None
    return {**addresses, "jumps": as_rows(jumps(store)), "labels": labels(store)}
