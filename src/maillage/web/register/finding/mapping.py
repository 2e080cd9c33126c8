"""The map of initiatives: one circle per department, drawn by the server, each a link to a list.

No script and no tile: the picture and its table tell the same counts. What covers a region or the
country, and what is overseas, is in the table alone, and the page says so.
"""

from dataclasses import dataclass
from html import escape
from math import cos, radians, sqrt
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
import shapely
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.core.errors import NotEnoughDataError
from maillage.studies.store import Store
from maillage.web.register.finding.asking import Answer, answer
from maillage.web.register.finding.criteria import Criteria, read_criteria
from maillage.web.register.finding.views import frame_of
from maillage.web.register.models import Initiative
from maillage.web.territories.models import Territory
from maillage.web.territories.store import NoActiveStore, store_of

WIDTH: Final = 640
LEAST_RADIUS, MOST_RADIUS = 7.0, 30.0
_OVERSEAS: Final = "97"
_TOLERANCE_DEGREES: Final = 0.02
_MARGIN: Final = 16.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A department, and how many initiatives take place in it, at least in part."""

    department: Territory
    count: int
    query: str

    @property
    def url(self) -> str:
        """Return the list of its initiatives."""
        return f"{reverse('register:list')}?{self.query}"


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


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Show where the initiatives take place."""
    found = answer(read_criteria(request.GET))
    spots = spots_of(found)
    drawn = [spot for spot in spots if _is_drawn(spot.department)]
    context = frame_of(found) | {
        "spots": sorted(spots, key=lambda spot: (-spot.count, spot.department.code)),
        "picture": picture(_outlines(request), drawn) if drawn else "",
        "n_elsewhere": _elsewhere(found),
        "n_not_drawn": len(spots) - len(drawn),
    }
    return render(request, "register/finding/map.html", context)


def spots_of(found: Answer) -> list[Spot]:
    """Return the departments where something takes place; an initiative counts once in each."""
    through = Initiative.territories.through.objects
    rows = (
        through.filter(initiative__in=found.initiatives)
        .exclude(territory__department_code="")
        .exclude(territory__kind__in=("region", "nation"))
        .values_list("territory__department_code")
        .annotate(n=Count("initiative", distinct=True))
        .order_by()
    )
    counts = dict(rows)
    departments = Territory.objects.filter(kind="department", code__in=list(counts))
    return [
        Spot(each, counts[each.code], _inside(found.criteria, each))
        for each in departments.order_by("code")
    ]


def _inside(criteria: Criteria, department: Territory) -> str:
    pairs = [pair for pair in criteria.pairs() if pair[0] != "territoire"]
    return urlencode([*pairs, ("territoire", f"department-{department.code}")])


def _elsewhere(found: Answer) -> int:
    """Return how many initiatives have no department: the whole of a region, of the country."""
    through = Initiative.territories.through.objects
    placed = (
        through.exclude(territory__department_code="")
        .exclude(territory__kind__in=("region", "nation"))
        .values("initiative_id")
    )
    return found.initiatives.exclude(pk__in=placed).count()


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


def picture(outlines: list[Any], spots: list[Spot]) -> str:
    """Return the map as SVG text: outlines, then the circles, the smallest on top."""
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
