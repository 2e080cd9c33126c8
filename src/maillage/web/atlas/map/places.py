"""Where the map can go: its whole, the overseas departments, the names it bears, a search."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from maillage.studies.store import Store
from maillage.studies.store.tables import FloatArray
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.models import territory_url
from maillage.web.territories.search import Found

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


def suggestion(store: Store, found: Found) -> dict[str, Any]:
    """Return a territory found, as the search of the map takes it: words, address, box."""
    row = store.territory_row(found.kind, found.code)
    sides = [float(store.territories[side][row]) for side in ("west", "south", "east", "north")]
    words = [KIND_BY_NAME[found.kind].label]
    if found.department_name and found.kind not in ("department", "region", "nation"):
        words.append(f"{found.department_name} ({found.department_code})")
    return {
        "name": found.name,
        "kind": ", ".join(words),
        "url": territory_url(found.kind, found.code),
        "bounds": sides if np.isfinite(sides).all() else None,
    }


def as_rows(places: list[Jump]) -> list[dict[str, Any]]:
    """Return places as JSON takes them."""
    return [asdict(place) for place in places]
