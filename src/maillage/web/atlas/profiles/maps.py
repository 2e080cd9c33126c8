"""Small maps of a territory as SVG text, made from the contours of the store.

Colours are presentation attributes, so that a PDF reader draws what the browser draws. One path
holds all the communes of a class: the map of a department is a few tens of kilobytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.core.errors import NotEnoughDataError
from maillage.studies import figures
from maillage.studies.classes import Classes, classes_of
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.studies.store.tables import BoolArray, FloatArray, IntArray
from maillage.web.atlas.profiles.subject import Subject

# Dark to light, least favourable first: told apart by lightness alone, by colour-blind readers too.
# Those of the interactive map, front/scss/map.scss, six classes; a test holds them together.
RAMP: Final = ("#440154", "#443983", "#31688e", "#35b779", "#90d743", "#fde725")
UNKNOWN: Final = "#d4d4d4"
AROUND: Final = "#efece4"
INK: Final = "#16262e"
EMBER: Final = "#a8471f"
TEAL: Final = "#0b5563"

MOST_COMMUNES: Final = 900
"""Beyond, a map shows departments: communes would be thinner than their borders."""
_LEAST_SPAN_DEGREES: Final = 0.25
_LOCATOR_TOLERANCE: Final = 0.04
_LABELS: Final = 6
_OVERSEAS: Final = "97"

Geometries = NDArray[Any]


@dataclass(frozen=True, slots=True)
class MapImage:
    """A map and the words that replace it.

    alt   what the map shows, for a person who does not see it
    note  how to read it: classes, borders, what is left out
    """

    svg: str
    alt: str
    note: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of degrees drawn in a box of SVG units, north up, one scale both ways."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    left: float
    top: float

    def xy(self, coordinates: FloatArray) -> FloatArray:
        """Return SVG units for degrees, shape (n, 2)."""
        return np.column_stack(
            [
                self.left + (coordinates[:, 0] - self.west) * self.x_scale,
                self.top + (self.north - coordinates[:, 1]) * self.y_scale,
            ]
        )


def access_map(subject: Subject, *, indicator_id: str = "apl_gp", width: int = 640) -> MapImage:
    """Return the map of an indicator in a territory: its communes, or its departments if too many.

    A commune is shown among those around it. Raises NotEnoughDataError without contours.
    """
    store = subject.store
    item = figures.told(store, indicator_id)
    classes = classes_of(store, item)
    height = round(width * 0.75)
    if subject.rows.size > MOST_COMMUNES and not subject.is_custom:
        parts = _departments(subject, item, classes, (0, 0, width, height - 46))
        what = "Chaque département prend la couleur de sa moyenne"
    else:
        parts = _communes(subject, item, classes, (0, 0, width, height - 46))
        what = "Chaque commune prend la couleur de son chiffre"
    parts.append(_legend(item, classes, width=width, top=height - 40))
    unknown = " En gris : chiffre non publié." if _some_unknown(subject, item) else ""
    alt = f"Carte {subject.french.of} : {item.title}, {item.year}."
    return MapImage(_svg(parts, width, height, alt), alt, f"{what}.{unknown} {item.breaks_reason}")


def locator_map(subject: Subject, *, width: int = 220) -> MapImage:
    """Return where the territory lies, on a map of departments. Raises NotEnoughDataError."""
    store = subject.store
    outlines, codes = department_outlines(store, tolerance=_LOCATOR_TOLERANCE)
    far = _overseas_department(store, subject.rows)
    near = np.char.startswith(codes, far or _OVERSEAS)
    shown = outlines[near if far else ~near] if (far or not near.all()) else outlines
    box = (6.0, 6.0, width - 12.0, width - 12.0)
    frame = _fit(_bounds(shown), box)
    shapes = _drawn(store, subject.rows)
    size = _extent(shapes, frame)
    parts = [_path(shown, frame, fill=AROUND, stroke="#b9b3a3", width=0.6)]
    parts.append(_path(shapes, frame, fill=EMBER, stroke=EMBER, width=0.8))
    if size < 14 and shapes.size:
        x, y = frame.xy(_centre(shapes))[0]
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="{EMBER}" '
            'stroke-width="2"/>'
        )
    alt = f"Situation {subject.french.of}."
    return MapImage(_svg(parts, width, width, alt), alt, "")


def has_contours(subject: Subject) -> bool:
    """Say whether there is anything to draw of a territory."""
    try:
        contours = subject.store.contours
    except NotEnoughDataError:
        return False
    empty = subject.store.cached("empty contours", lambda: shapely.is_empty(contours))
    return not bool(empty[subject.rows].all())


def department_outlines(
    store: Store, *, tolerance: float = 0.0
) -> tuple[Geometries, NDArray[np.str_]]:
    """Return the outline of each department and its code, both of shape (n_departments,).

    tolerance  degrees by which borders may be simplified, those shared staying shared
    """

    def make() -> tuple[Geometries, NDArray[np.str_]]:
        members = store.membership("department")
        contours = store.contours
        shapes = [
            shapely.coverage_union_all(contours[members.rows(code)]) for code in members.codes
        ]
        outlines = np.array(shapes, dtype=object)
        if tolerance:
            outlines = shapely.coverage_simplify(outlines, tolerance)
        return outlines, members.codes.astype(str)

    return store.cached(("department outlines", tolerance), make)


def _communes(
    subject: Subject, item: Indicator, classes: Classes, box: tuple[float, float, float, float]
) -> list[str]:
    store, rows = subject.store, subject.rows
    contours = store.contours
    drawn = contours[rows]
    if shapely.is_empty(drawn).all():
        raise NotEnoughDataError("The store has no contour of this territory.")
    alone = rows.size == 1
    window = _window(_bounds(drawn), box, alone=alone)
    frame = _fit(window, box)
    inside = np.flatnonzero(_touching(store, window))
    others = np.setdiff1d(inside, rows)
    parts = [_clip(box)]
    parts.append('<g clip-path="url(#cadre)">')
    if alone:
        parts += _filled(contours, inside, store, item, classes, frame)
        parts.append(_path(drawn, frame, fill="none", stroke=EMBER, width=3))
    else:
        parts.append(_path(contours[others], frame, fill=AROUND, stroke="#d9d5c9", width=0.5))
        parts += _filled(contours, rows, store, item, classes, frame)
        outline = np.array([shapely.coverage_union_all(drawn)], dtype=object)
        parts.append(_path(outline, frame, fill="none", stroke=INK, width=1.4))
    parts.append("</g>")
    parts.append(
        _labels(store, inside if alone else rows, frame, box, first=rows if alone else None)
    )
    return parts


def _departments(
    subject: Subject, item: Indicator, classes: Classes, box: tuple[float, float, float, float]
) -> list[str]:
    """Draw departments; those overseas stand in small boxes on the left, each at its own scale."""
    store = subject.store
    outlines, codes = department_outlines(store)
    mine = np.unique(store.units["department_code"][subject.rows].astype(str))
    kept = np.isin(codes, mine)
    values = figures.values_by_territory(store, item, "department")
    colour = _colours(classes.index(values))
    far = kept & np.char.startswith(codes, _OVERSEAS)
    if (kept & ~far).any():
        near = kept & ~far
    else:
        near, far = kept, np.zeros_like(kept)
    left, top, width, height = box
    room = 96.0 if far.any() else 0.0
    frame = _fit(_bounds(outlines[near]), (left + room, top + 4, width - room, height - 8))
    parts = [
        _path(outlines[[row]], frame, fill=colour[row], stroke="#ffffff", width=0.8)
        for row in np.flatnonzero(near)
    ]
    side = (height - 8) / max(int(far.sum()), 1)
    for rank, row in enumerate(np.flatnonzero(far)):
        place = (left + 6, top + 6 + rank * side, room - 22, side - 22)
        inset = _fit(_bounds(outlines[[row]]), place)
        parts.append(_path(outlines[[row]], inset, fill=colour[row], stroke="#ffffff", width=0.6))
        name = store.territory_name("department", str(codes[row]))
        parts.append(_text(left + 6, top + 6 + rank * side + side - 8, name, size=11))
    return parts


def _filled(
    contours: Geometries,
    rows: IntArray,
    store: Store,
    item: Indicator,
    classes: Classes,
    frame: Frame,
) -> list[str]:
    """Return one path per class for the communes `rows`."""
    found = classes.index(figures.unit_values(store, item)[rows])
    return [
        _path(contours[rows[found == one]], frame, fill=colour, stroke="#ffffff", width=0.4)
        for one, colour in [(-1, UNKNOWN), *enumerate(ramp_of(len(classes.labels)))]
        if (found == one).any()
    ]


def ramp_of(n_classes: int) -> tuple[str, ...]:
    """Return one colour per class, the least favourable darkest."""
    at = np.linspace(0, len(RAMP) - 1, n_classes).round().astype(int)
    return tuple(RAMP[position] for position in at)


def _colours(found: IntArray) -> list[str]:
    ramp = RAMP
    return [UNKNOWN if one < 0 else ramp[min(int(one), len(ramp) - 1)] for one in found]


def _some_unknown(subject: Subject, item: Indicator) -> bool:
    return bool(np.isnan(figures.unit_values(subject.store, item)[subject.rows]).any())


def _drawn(store: Store, rows: IntArray) -> Geometries:
    """Return the shapes that stand for a territory on a small map."""
    shapes = store.contours[rows]
    shapes = shapes[~shapely.is_empty(shapes)]
    if shapes.size > MOST_COMMUNES:
        outlines, codes = department_outlines(store)
        mine = np.unique(store.units["department_code"][rows].astype(str))
        return outlines[np.isin(codes, mine)]
    return shapes


def _overseas_department(store: Store, rows: IntArray) -> str:
    """Return the department of a territory that lies wholly in one overseas, else ""."""
    codes = np.unique(store.units["department_code"][rows].astype(str))
    return str(codes[0]) if codes.size == 1 and codes[0].startswith(_OVERSEAS) else ""


def _touching(store: Store, window: FloatArray) -> BoolArray:
    """Say which units have a bounding box that meets the window, shape (n_units,)."""
    boxes = store.cached("contour boxes", lambda: shapely.bounds(store.contours))
    west, south, east, north = window
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (boxes[:, 0] < east)
            & (boxes[:, 2] > west)
            & (boxes[:, 1] < north)
            & (boxes[:, 3] > south)
        )


def _bounds(shapes: Geometries) -> FloatArray:
    return np.asarray(shapely.total_bounds(shapes))


def _window(
    bounds: FloatArray, box: tuple[float, float, float, float], *, alone: bool
) -> FloatArray:
    """Return the degrees that fill the box around a territory; a lone commune is among others."""
    west, south, east, north = bounds
    margin = 2.0 if alone else 0.1
    shrink = float(np.cos(np.radians((south + north) / 2)))
    up = max((north - south) * (1 + margin), _LEAST_SPAN_DEGREES * 0.7)
    across = max((east - west) * shrink * (1 + margin), _LEAST_SPAN_DEGREES * shrink)
    up = max(up, across * box[3] / box[2])
    across = max(across, up * box[2] / box[3]) / shrink
    x, y = (west + east) / 2, (south + north) / 2
    return np.array([x - across / 2, y - up / 2, x + across / 2, y + up / 2])


def _fit(window: FloatArray, box: tuple[float, float, float, float]) -> Frame:
    west, south, east, north = window
    left, top, width, height = box
    shrink = float(np.cos(np.radians((south + north) / 2)))
    across, up = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
    scale = min(width / across, height / up)
    return Frame(
        west=float(west),
        north=float(north),
        x_scale=scale * shrink,
        y_scale=scale,
        left=left + (width - across * scale) / 2,
        top=top + (height - up * scale) / 2,
    )


def _centre(shapes: Geometries) -> FloatArray:
    west, south, east, north = _bounds(shapes)
    return np.array([[(west + east) / 2, (south + north) / 2]])


def _extent(shapes: Geometries, frame: Frame) -> float:
    """Return the larger side of the shapes, in SVG units; 0 when there are none."""
    if not shapes.size:
        return 0.0
    west, south, east, north = _bounds(shapes)
    return float(max((east - west) * frame.x_scale, (north - south) * frame.y_scale))


def _path(shapes: Geometries, frame: Frame, *, fill: str, stroke: str, width: float) -> str:
    """Return one path for many polygons, in tenths of a unit, points that fall together dropped."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    if not coordinates.size:
        return ""
    points = np.round(frame.xy(coordinates) * 10).astype(np.int64)
    first = np.diff(ring, prepend=-1) > 0
    moved = np.any(np.diff(points, axis=0, prepend=points[:1] - 1) != 0, axis=1)
    kept = first | moved
    points, first = points[kept], first[kept]
    steps = np.where(first[:, None], points, np.diff(points, axis=0, prepend=0))
    words = [
        f"z M{x} {y}" if begins else f"l{x} {y}"
        for (x, y), begins in zip(steps.tolist(), first.tolist(), strict=True)
    ]
    drawing = "".join(words).removeprefix("z ") + "z"
    line = f' stroke="{stroke}" stroke-width="{width * 10:g}" stroke-linejoin="round"'
    return f'<path transform="scale(.1)" fill="{fill}" fill-rule="evenodd"{line} d="{drawing}"/>'


def _clip(box: tuple[float, float, float, float]) -> str:
    left, top, width, height = box
    return (
        f'<clipPath id="cadre"><rect x="{left:g}" y="{top:g}" width="{width:g}" '
        f'height="{height:g}"/></clipPath>'
    )


def _labels(
    store: Store,
    rows: IntArray,
    frame: Frame,
    box: tuple[float, float, float, float],
    *,
    first: IntArray | None = None,
) -> str:
    """Name the most populated communes where no name stands on another, `first` before all."""
    people = np.nan_to_num(store.units["population"][rows])
    if first is not None:
        people = np.where(np.isin(rows, first), np.inf, people)
    order = rows[np.argsort(-people, kind="stable")][: _LABELS * 4]
    points = frame.xy(np.column_stack([store.units["lon"][order], store.units["lat"][order]]))
    left, top, width, height = box
    placed: list[tuple[float, float, float]] = []
    words = []
    for row, (x, y) in zip(order.tolist(), points.tolist(), strict=True):
        name = str(store.units["name"][row]).removesuffix(" Arrondissement")
        half = len(name) * 3.6
        free = all(abs(y - b) > 17 or abs(x - a) > half + c for a, b, c in placed)
        inside = left + half < x < left + width - half and top + 14 < y < top + height - 6
        if free and inside and len(placed) < _LABELS:
            placed.append((x, y, half))
            words.append(_text(x, y + 4, name, size=12, anchor="middle", halo=True))
    return "".join(words)


def _legend(item: Indicator, classes: Classes, *, width: int, top: float) -> str:
    colours = ramp_of(len(classes.labels))
    step = (width - 8) / len(colours)
    parts = [_text(4, top + 2, f"{item.short} ({item.unit}), {item.year}", size=12)]
    for rank, (colour, label) in enumerate(zip(colours, classes.labels, strict=True)):
        x = 4 + rank * step
        parts.append(
            f'<rect x="{x:.1f}" y="{top + 9:.1f}" width="{step - 4:.1f}" height="10" '
            f'fill="{colour}" stroke="#8a8a8a" stroke-width=".5"/>'
        )
        parts.append(_text(x, top + 33, label, size=11))
    return "".join(parts)


def _text(
    x: float, y: float, words: str, *, size: int, anchor: str = "start", halo: bool = False
) -> str:
    edge = ' stroke="#ffffff" stroke-width="3" stroke-linejoin="round"' if halo else ""
    text = (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{INK}" '
        f'text-anchor="{anchor}"{{}}>{escape(words)}</text>'
    )
    # The halo is drawn first, as its own text: not every reader knows `paint-order`.
    return text.format(edge) + text.format("") if halo else text.format("")


def _svg(parts: Sequence[str], width: float, height: float, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="sans-serif">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>' + "".join(parts) + "</svg>"
    )
