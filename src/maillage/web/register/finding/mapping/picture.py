"""The map as one picture drawn by the server: a circle per department, each a link to its list.

For browsers without script or WebGL. What covers a region or the country, and what is overseas, is
in the table alone, and the page says so.
"""

from dataclasses import dataclass
from html import escape
from math import cos, radians, sqrt
from typing import Any, Final

import numpy as np
import shapely
from django.http import HttpRequest

from maillage.core.errors import NotEnoughDataError
from maillage.studies.store import Store
from maillage.web.register.finding.mapping.spots import Spot
from maillage.web.territories.models import Territory
from maillage.web.territories.store import NoActiveStore, store_of

WIDTH: Final = 640
LEAST_RADIUS, MOST_RADIUS = 7.0, 30.0
_OVERSEAS: Final = "97"
_TOLERANCE_DEGREES: Final = 0.02
_MARGIN: Final = 16.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of degrees drawn in a box `WIDTH` wide, north up."""

    west: float
    north: float
    across: float
    down: float
    height: float

    def x(self, lon: float) -> float:
        """Return the place of a longitude."""
        return _MARGIN + (lon - self.west) * self.across

    def y(self, lat: float) -> float:
        """Return the place of a latitude."""
        return _MARGIN + (self.north - lat) * self.down


def picture_of(request: HttpRequest, spots: list[Spot]) -> str:
    """Return the map as SVG text; "" when no department can be drawn."""
    drawn = drawn_among(spots)
    return _picture(_outlines(request), drawn) if drawn else ""


def drawn_among(spots: list[Spot]) -> list[Spot]:
    """Return the departments that the picture shows: those of the mainland."""
    return [spot for spot in spots if _is_drawn(spot.department)]


def _is_drawn(department: Territory) -> bool:
    return department.lon is not None and not department.code.startswith(_OVERSEAS)


def _outlines(request: HttpRequest) -> list[Any]:
    """Return the outlines of the departments of the mainland; none without contours."""
    try:
        store = store_of(request)
        return store.cached(("register outlines",), lambda: _drawn_outlines(store))
    except (NoActiveStore, NotEnoughDataError):
        return []


def _drawn_outlines(store: Store) -> list[Any]:
    codes = np.asarray(store.units["department_code"]).astype(str)
    contours = store.contours
    found = []
    for code in sorted(set(codes)):
        if code and not code.startswith(_OVERSEAS):
            shapes = [shape for shape in contours[codes == code] if shape is not None]
            outline = shapely.coverage_union_all(shapes) if shapes else None
            if outline is not None and not outline.is_empty:
                found.append(shapely.simplify(outline, _TOLERANCE_DEGREES))
    return found


def _picture(outlines: list[Any], spots: list[Spot]) -> str:
    """Draw the outlines, then the circles, the smallest on top."""
    frame = _frame(outlines, spots)
    largest = max(spot.count for spot in spots)
    parts = [_path(outline, frame) for outline in outlines]
    for spot in sorted(spots, key=lambda spot: (-spot.count, spot.department.code)):
        parts.append(_circle(spot, frame, largest))
    return (
        f'<svg class="initiative-map" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {WIDTH} {frame.height:.0f}" role="group" '
        f'aria-label="Initiatives par département">{"".join(parts)}</svg>'
    )


def _frame(outlines: list[Any], spots: list[Spot]) -> Frame:
    west, south, east, north = _window(outlines, spots)
    inner = WIDTH - 2 * _MARGIN
    across = inner / max(east - west, 0.5)
    down = across / cos(radians((south + north) / 2))
    height = max(north - south, 0.5) * down + 2 * _MARGIN
    return Frame(west, north, across, down, height)


def _window(outlines: list[Any], spots: list[Spot]) -> tuple[float, float, float, float]:
    if outlines:
        west, south, east, north = shapely.total_bounds(np.array(outlines, dtype=object))
        return float(west), float(south), float(east), float(north)
    lons = [float(spot.department.lon or 0) for spot in spots]
    lats = [float(spot.department.lat or 0) for spot in spots]
    return min(lons) - 0.5, min(lats) - 0.5, max(lons) + 0.5, max(lats) + 0.5


def _path(outline: Any, frame: Frame) -> str:
    pieces = []
    for polygon in shapely.get_parts(outline):
        ring = shapely.get_coordinates(shapely.get_exterior_ring(polygon))
        points = (f"{frame.x(lon):.1f} {frame.y(lat):.1f}" for lon, lat in ring)
        pieces.append("M" + "L".join(points) + "Z")
    return (
        f'<path class="map-land" d="{"".join(pieces)}" fill="#efece4" stroke="#c9d3d6" '
        'stroke-width="0.6"/>'
    )


def _circle(spot: Spot, frame: Frame, largest: int) -> str:
    radius = max(MOST_RADIUS * sqrt(spot.count / largest), LEAST_RADIUS)
    x, y = frame.x(spot.department.lon or 0.0), frame.y(spot.department.lat or 0.0)
    words = f"{spot.department.name} : {spot.count} initiative{'s' if spot.count > 1 else ''}"
    return (
        f'<a href="{escape(spot.url)}" aria-label="{escape(words)}"><title>{escape(words)}</title>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#0b6b6b" fill-opacity="0.8" '
        'stroke="#ffffff" stroke-width="1"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="12" fill="#ffffff">'
        f"{spot.count}</text></a>"
    )
