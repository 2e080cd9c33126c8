"""Step "contours": the polygons of the communes, brought to the units, with area and box."""

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.sources.catalogue import year_in
from maillage.sources.contours import geometries
from maillage.studies.store import layout
from maillage.studies.store.tables import FloatArray, write_contours
from maillage.studies.store.workshop import Workshop

OUTPUTS: Final = (layout.CONTOURS,)
_KM_PER_DEGREE: Final = 111.19508
_CLEANING_PASSES: Final = 2

Geometries = NDArray[Any]


def run(workshop: Workshop) -> None:
    """Write the contour of each unit as WKB, empty where no file has it."""
    contours = _contours(workshop)
    write_contours(workshop.out / layout.CONTOURS, workshop.frame.codes, contours)


def area_km2(contours: Geometries) -> FloatArray:
    """Return the area of each contour by the sinusoidal projection, which keeps areas; nan if none.

    contours  degrees, shape (n,)
    """

    def sinusoidal(coordinates: FloatArray) -> FloatArray:
        latitude = coordinates[:, 1]
        x = coordinates[:, 0] * np.cos(np.radians(latitude)) * _KM_PER_DEGREE
        return np.column_stack((x, latitude * _KM_PER_DEGREE))

    area = shapely.area(shapely.transform(contours, sinusoidal))
    return np.where(shapely.is_empty(contours), np.nan, area)


def _contours(workshop: Workshop) -> Geometries:
    frame = workshop.frame
    units: Geometries = np.full(frame.codes.size, shapely.Polygon(), dtype=object)
    pattern = "geometry/communes-1000m-*.geojson.gz"
    table = workshop.read("contours", pattern)
    if table is None:
        return units
    year = year_in(workshop.paths("contours", pattern)[-1])
    is_city = np.isin(table["commune_code"], list(frame.divided))
    table = table.where(~is_city) if _has_parts(table, frame.divided) else table
    passage = workshop.passage(
        "contours", table["commune_code"], what=f"Contours {year}", otherwise=year
    )
    shapes = geometries(table)
    for row, sources in _sources(passage.old_row, passage.new_row):
        units[row] = shapes[sources[0]] if len(sources) == 1 else _union(shapes[sources])
    _share_split(workshop, passage, units, shapes)
    return clean_coverage(units)


def _has_parts(table: Any, divided: dict[str, tuple[str, ...]]) -> bool:
    known = set(table["commune_code"].tolist())
    return any(part in known for parts in divided.values() for part in parts)


def _sources(old_row: NDArray[Any], new_row: NDArray[Any]) -> list[tuple[int, list[int]]]:
    found: dict[int, list[int]] = {}
    for old, new in zip(old_row.tolist(), new_row.tolist(), strict=True):
        found.setdefault(new, []).append(old)
    return list(found.items())


def _union(shapes: Geometries) -> Any:
    return shapely.union_all(shapely.make_valid(shapes))


def _share_split(workshop: Workshop, passage: Any, units: Geometries, shapes: Geometries) -> None:
    """Cut the contour of a commune that split: each part gets what lies nearest to its point."""
    targets = np.bincount(passage.old_row, minlength=passage.old_codes.size)
    split = np.flatnonzero(targets > 1)
    if not split.size:
        return
    points = unit_points(workshop)
    cut = 0
    for old in split.tolist():
        rows = passage.new_row[passage.old_row == old]
        if np.isnan(points[rows]).any() or np.unique(points[rows], axis=0).shape[0] < rows.size:
            continue
        cells = shapely.get_parts(
            shapely.voronoi_polygons(
                shapely.MultiPoint(points[rows]), extend_to=shapes[old].envelope, ordered=True
            )
        )
        units[rows] = shapely.intersection(shapely.make_valid(shapes[old]), cells)
        cut += rows.size
    workshop.note(
        "contours",
        f"{cut} communes made by a split have no contour of their own yet: the former commune's is "
        "shared between them by nearest point.",
    )


def unit_points(workshop: Workshop) -> FloatArray:
    """Return longitude and latitude of each unit's point, nan where unknown, shape (n_units, 2)."""
    frame = workshop.frame
    points = np.full((frame.codes.size, 2), np.nan)
    for pattern in (
        "communes/odis_centroides_communes_*.csv",
        "geometry/communes_centroides_*.csv",
    ):
        table = workshop.read("centroids", pattern)
        if table is None:
            continue
        row_of = {code: row for row, code in enumerate(table["commune_code"].tolist())}
        for unit, code in enumerate(frame.codes.tolist()):
            row = row_of.get(code)
            if row is not None and np.isnan(points[unit, 0]):
                points[unit] = table["lon"][row], table["lat"][row]
    return points


def clean_coverage(contours: Geometries) -> Geometries:
    """Mend neighbours whose edges overlap or do not meet, so that shared edges stay shared.

    The few polygons in fault and their neighbours are cut along all their edges, and each face
    goes to the first polygon that holds it.
    """
    cleaned = contours.copy()
    for _ in range(_CLEANING_PASSES):
        edges = shapely.coverage_invalid_edges(cleaned)
        wrong = np.flatnonzero(~shapely.is_empty(edges) | ~shapely.is_valid(cleaned))
        if not wrong.size:
            break
        _mend(cleaned, wrong)
    return cleaned


def _mend(contours: Geometries, wrong: NDArray[Any]) -> None:
    _, near = shapely.STRtree(contours).query(contours[wrong])
    cluster = np.unique(np.concatenate((wrong, near)))
    lines = shapely.union_all(shapely.boundary(contours[cluster]))
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inner = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(contours[cluster]).query(inner, predicate="intersects")
    first = np.full(len(faces), cluster.size)
    np.minimum.at(first, face, owner)
    for rank in np.unique(first[first < cluster.size]):
        contours[cluster[rank]] = shapely.union_all(faces[first == rank])
