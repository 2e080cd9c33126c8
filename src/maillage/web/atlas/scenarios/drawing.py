"""The communes touched, drawn by the server: no script, no WebGL, the same in the PDF.

Colours are presentation attributes; on the site a class overrides them in dark mode. The table
beside the drawing says the same, so the drawing is one image with a title and a description.
"""

from dataclasses import dataclass
from html import escape
from math import cos, radians
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.core.errors import NotEnoughDataError
from maillage.web.atlas.profiles.maps import department_outlines
from maillage.web.atlas.scenarios.outcome import Outcome

NO_SHADE: Final = 255
WIDTH: Final = 1280.0
_TALLEST: Final = 1000.0
_MARGIN: Final = 20.0
_MOST_DRAWN: Final = 3_000
_MOST_AROUND: Final = 900
_OUTLINE_TOLERANCE: Final = 0.04  # degrees; the same as the small maps of profiles, kept once
_COMMUNE_DEGREES: Final = 0.05  # across a commune of middling size
_EDGE: Final = 0.08  # degrees: a commune whose centre is outside may still be seen
_NEIGHBOURHOOD: Final = 0.12  # of the frame, kept around what is touched

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shade:
    """One class of the legend: gains from `low` to `high`, its name in the style sheet, a colour.

    low, high  consultations per year and inhabitant, signed
    """

    low: float
    high: float
    name: str
    colour: str
    label: str


SHADES: Final = (
    Shade(-np.inf, -0.3, "gain-l3", "#8c3b12", "moins 0,3 et au-delà"),
    Shade(-0.3, -0.1, "gain-l2", "#c9743d", "de moins 0,3 à moins 0,1"),
    Shade(-0.1, 0.0, "gain-l1", "#eec39f", "perte de moins de 0,1"),
    Shade(0.0, 0.1, "gain-g1", "#c4dfe3", "gain de moins de 0,1"),
    Shade(0.1, 0.3, "gain-g2", "#6fb0bb", "de 0,1 à 0,3"),
    Shade(0.3, 0.6, "gain-g3", "#2b7f8f", "de 0,3 à 0,6"),
    Shade(0.6, np.inf, "gain-g4", "#0b4654", "0,6 et plus"),
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG image, and the classes that it really shows, for its legend."""

    svg: str
    shades: tuple[Shade, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to units of the drawing: plate carrée, true at the middle latitude."""

    west: float
    north: float
    east_scale: float
    north_scale: float
    height: float

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float]) -> "_Frame":
        west, south, east, north = bounds
        squeeze = cos(radians((south + north) / 2))
        wide = max((east - west) * squeeze, 0.02)
        tall = max(north - south, 0.02)
        scale = min((WIDTH - 2 * _MARGIN) / wide, (_TALLEST - 2 * _MARGIN) / tall)
        left = west - (WIDTH / scale - wide) / 2 / squeeze
        height = tall * scale + 2 * _MARGIN
        return cls(left, north + _MARGIN / scale, scale * squeeze, scale, height)

    @property
    def border(self) -> float:
        """Width of the lines between communes: thinner where communes are small."""
        return min(1.6, _COMMUNE_DEGREES * self.north_scale / 14)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the whole drawing, degrees."""
        south = self.north - self.height / self.north_scale
        return self.west, south, self.west + WIDTH / self.east_scale, self.north

    def paths(self, contours: NDArray[np.object_]) -> list[str]:
        """Return the path of each contour, in whole units; "" for an empty one."""
        parts, contour_of = shapely.get_parts(contours, return_index=True)
        rings, part_of = shapely.get_rings(parts, return_index=True)
        points, ring_of = shapely.get_coordinates(rings, return_index=True)
        points = (points - (self.west, self.north)) * (self.east_scale, -self.north_scale)
        numbers = np.rint(points).astype(np.int64).ravel().tolist()
        ends = (2 * np.searchsorted(ring_of, np.arange(len(rings)), side="right")).tolist()
        paths = [""] * len(contours)
        start = 0
        for owner, end in zip(contour_of[part_of].tolist(), ends, strict=True):
            paths[owner] += (
                f"M{' '.join(map(str, numbers[start : end - 2]))}z"  # the last is the first
            )
            start = end
        return paths

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point stands in the drawing."""
        return (lon - self.west) * self.east_scale, (self.north - lat) * self.north_scale


def shade_by_unit(outcome: Outcome) -> NDArray[np.uint8]:
    """Return the rank in SHADES of each unit's gain, NO_SHADE where untouched, shape (n_units,)."""
    shades = np.full(outcome.store.n_units, NO_SHADE, dtype=np.uint8)
    gains = outcome.scenario.gain[outcome.touched]
    ends = [shade.high for shade in SHADES[:-1]]
    shades[outcome.touched] = np.searchsorted(ends, gains, side="right")
    return shades


def bounds_of(outcome: Outcome) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north around what is touched, degrees; None when nothing is."""
    units, rows = outcome.store.units, outcome.touched
    lon, lat = units["lon"][rows], units["lat"][rows]
    if not np.isfinite(lon).any():
        return None
    sides = (np.nanmin(lon), np.nanmin(lat), np.nanmax(lon), np.nanmax(lat))
    return _wider(tuple(float(side) for side in sides))


def draw(outcome: Outcome) -> Drawing | None:
    """Return the map of the gains; None when nothing is touched or the store has no contours."""
    try:
        contours = outcome.store.contours
    except NotEnoughDataError:
        return None
    rows = outcome.touched[:_MOST_DRAWN]
    rows = rows[~shapely.is_empty(contours[rows])]
    if not rows.size:
        return None
    frame = _Frame.around(_wider(tuple(shapely.total_bounds(contours[rows]).tolist())))
    ranks = shade_by_unit(outcome)[rows]
    backdrop = "".join(frame.paths(_backdrop(outcome, frame, rows)))
    paths = np.array(frame.paths(contours[rows]), dtype=object)
    parts = [f'<path class="gain-none" fill="#eceae3" stroke="#ffffff" d="{backdrop}"/>']
    shown = []
    for rank, shade in enumerate(SHADES):
        inside = ranks == rank
        if not inside.any():
            continue
        shown.append(shade)
        communes = "".join(
            f'<path d="{path}"><title>{_title(outcome, row)}</title></path>'
            for row, path in zip(rows[inside].tolist(), paths[inside], strict=True)
        )
        parts.append(
            f'<g class="{shade.name}" fill="{shade.colour}" stroke="#ffffff" '
            f'stroke-width="{frame.border:.2f}">'
            f"{communes}</g>"
        )
    parts += _markers(outcome, frame)
    return Drawing(_svg(outcome, parts, frame.height), tuple(shown))


def _backdrop(outcome: Outcome, frame: _Frame, rows: IntArray) -> NDArray[np.object_]:
    """Return what lies around in the drawing: communes, or departments when those are too many."""
    store = outcome.store
    units = store.units
    west, south, east, north = frame.bounds
    seen = np.flatnonzero(
        (units["lon"] >= west - _EDGE)
        & (units["lon"] <= east + _EDGE)
        & (units["lat"] >= south - _EDGE)
        & (units["lat"] <= north + _EDGE)
    )
    if seen.size <= _MOST_AROUND:
        return np.asarray(store.contours[np.setdiff1d(seen, rows)])
    outlines, codes = department_outlines(store, tolerance=_OUTLINE_TOLERANCE)
    here = np.unique(units["department_code"][seen].astype(str))
    return np.asarray(outlines[np.isin(codes, here)])


def _wider(bounds: tuple[float, ...]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    side = _NEIGHBOURHOOD * max(east - west, north - south, 0.05)
    return west - side, south - side, east + side, north + side


def _title(outcome: Outcome, row: int) -> str:
    name = outcome.store.units["name"][row]
    gain = f"{outcome.scenario.gain[row]:+.2f}".replace(".", ",").replace("-", "−")
    return escape(f"{name} : {gain} consultation par an et par habitant (estimé)")


def _markers(outcome: Outcome, frame: _Frame) -> list[str]:
    """Return a dot and a name for each commune where something happens, at most twelve named."""
    units, parts = outcome.store.units, []
    places = {planned.move.code: planned.place for planned in outcome.plan.moves}
    for rank, (code, name) in enumerate(places.items()):
        row = outcome.store.rows_of_codes([code])[0]
        lon, lat = float(units["lon"][row]), float(units["lat"][row])
        if lon != lon:
            continue
        x, y = frame.point(lon, lat)
        parts.append(
            f'<circle class="gain-place" fill="#a8471f" stroke="#ffffff" stroke-width="4" '
            f'cx="{x:.1f}" cy="{y:.1f}" r="{11 if frame.border >= 1 else 6}"/>'
        )
        if rank < 12:
            anchor, nudge = ("end", -20) if x > WIDTH * 0.7 else ("start", 20)
            parts.append(
                f'<text class="gain-name" fill="#16262e" stroke="#ffffff" stroke-width="8" '
                f'paint-order="stroke" font-weight="700" x="{x + nudge:.1f}" y="{y + 10:.1f}" '
                f'text-anchor="{anchor}">{escape(name)}</text>'
            )
    return parts


def _svg(outcome: Outcome, parts: list[str], height: float) -> str:
    places = ", ".join(dict.fromkeys(planned.place for planned in outcome.plan.moves))
    title = escape("Carte du changement estimé par commune")
    description = escape(
        f"Communes touchées par le scénario ({outcome.touched.size}), teintées selon le gain ou la "
        f"perte estimés ; points : {places[:300]}. Le tableau des communes dit la même chose."
    )
    return (
        f'<svg class="gain-map" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH:g} {height:.0f}" font-family="sans-serif" font-size="30">'
        f"<title>{title}</title><desc>{description}</desc>" + "".join(parts) + "</svg>"
    )
