"""Contours of communes, departments and regions.

Producer IGN (ADMIN EXPRESS), made lighter by Etalab; Licence Ouverte 2.0, parts from OpenStreetMap
under ODbL. `communes-1000m-AAAA.geojson.gz`: communes of 2022 and arrondissements, simplified to
1,000 m: for display, not for areas. `france-geojson-2018-…tar.gz`: communes of 2018, finer lines,
one file per department: the fallback for a commune that the first lacks.

Traps: Paris, Lyon and Marseille are only there by arrondissement (`commune` names the parent);
simplified lines cross themselves here and there: they are mended and counted; a very small commune
may be simplified to a line: left out and named.
"""

import json
import tarfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.core.codes import parse_commune_code, parse_department_code, parse_region_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.archives import MAX_EXPANDED_BYTES, read_gzip
from maillage.sources.csv_files import refuse_web_page
from maillage.sources.names import text_array

GeometryArray = NDArray[np.object_]

COMMUNE_CONTOURS = Schema(
    "commune_contours",
    (
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("department_code", "text", nullable=True),
        Column("region_code", "text", nullable=True),
        Column("epci_code", "text", nullable=True),
        Column("parent_code", "text", nullable=True, meaning="Commune of an arrondissement."),
        Column("wkb_hex", "text", meaning="Polygon or multipolygon, lon/lat (EPSG 4326)."),
    ),
    key=("commune_code",),
)
DEPARTMENT_CONTOURS = Schema(
    "department_contours",
    (
        Column("department_code", "text"),
        Column("name", "text"),
        Column("region_code", "text", nullable=True),
        Column("wkb_hex", "text"),
    ),
    key=("department_code",),
)
REGION_CONTOURS = Schema(
    "region_contours",
    (Column("region_code", "text"), Column("name", "text"), Column("wkb_hex", "text")),
    key=("region_code",),
)

_MAX_TAR_MEMBERS: Final = 500


def geometries(contours: Table) -> GeometryArray:
    """Return the polygons of a table of contours as shapely objects, shape (n_rows,)."""
    return np.asarray(shapely.from_wkb(contours["wkb_hex"]), dtype=object)


def read_commune_contours(path: Path) -> Table:
    """Read `communes-1000m-AAAA.geojson.gz`: communes, and arrondissements of the three cities."""
    properties, shapes, notes = _features(_content(path), file=path.name)
    return Table(
        COMMUNE_CONTOURS,
        {
            "commune_code": _codes(properties, path.name, parse_commune_code),
            "name": _texts(properties, "nom"),
            "department_code": _texts(properties, "departement"),
            "region_code": _texts(properties, "region"),
            "epci_code": _texts(properties, "epci"),
            "parent_code": _texts(properties, "commune"),
            "wkb_hex": shapes,
        },
        notes,
    )


def read_department_contours(path: Path) -> Table:
    """Read `departements-1000m.geojson`."""
    properties, shapes, notes = _features(_content(path), file=path.name)
    return Table(
        DEPARTMENT_CONTOURS,
        {
            "department_code": _codes(properties, path.name, parse_department_code),
            "name": _texts(properties, "nom"),
            "region_code": _texts(properties, "region"),
            "wkb_hex": shapes,
        },
        notes,
    )


def read_region_contours(path: Path) -> Table:
    """Read `regions-1000m.geojson`."""
    properties, shapes, notes = _features(_content(path), file=path.name)
    return Table(
        REGION_CONTOURS,
        {
            "region_code": _codes(properties, path.name, parse_region_code),
            "name": _texts(properties, "nom"),
            "wkb_hex": shapes,
        },
        notes,
    )


def read_2018_contours(path: Path, *, departments: Sequence[str] | None = None) -> Table:
    """Read `france-geojson-2018-communes-par-departement.tar.gz`, or some departments of it.

    Read in memory, within a bound; nothing of the archive is written to disk.
    """
    wanted = None if departments is None else set(departments)
    properties: list[dict[str, Any]] = []
    shapes: list[str] = []
    for department, content in _tar_members(path, wanted):
        features, polygons, _ = _features(content, file=f"{path.name}, {department}")
        properties += [{**feature, "departement": department} for feature in features]
        shapes += polygons.tolist()
    empty = text_array([""] * len(properties))
    return Table(
        COMMUNE_CONTOURS,
        {
            "commune_code": _codes(properties, path.name, parse_commune_code),
            "name": _texts(properties, "nom"),
            "department_code": _texts(properties, "departement"),
            "region_code": empty,
            "epci_code": empty,
            "parent_code": empty,
            "wkb_hex": text_array(shapes),
        },
    )


def _tar_members(path: Path, wanted: set[str] | None) -> list[tuple[str, bytes]]:
    """Return (department, GeoJSON) of each file `…/communes-NN-nom.geojson` of the archive."""
    found, size = [], 0
    try:
        with tarfile.open(path, "r:gz") as archive:
            for rank, member in enumerate(archive):
                department = Path(member.name).name.removeprefix("communes-").split("-")[0].upper()
                size += member.size
                if size > MAX_EXPANDED_BYTES or rank > _MAX_TAR_MEMBERS:
                    raise InputError(f"{path.name} unfolds into too much; expected 101 files.")
                file = archive.extractfile(member) if member.isfile() else None
                if file is None or (wanted is not None and department not in wanted):
                    continue
                found.append((department, file.read()))
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise InputError(
            f"{path.name} is not a whole tar.gz archive ({error}): fetch it again."
        ) from error
    return found


def _content(path: Path) -> bytes:
    content = read_gzip(path) if path.suffix == ".gz" else path.read_bytes()
    refuse_web_page(content, file=path.name)
    return content


def _features(
    content: bytes, *, file: str
) -> tuple[list[dict[str, Any]], NDArray[np.object_], tuple[str, ...]]:
    """Return the properties and the WKB (hex) of each feature, and what was mended."""
    try:
        features = json.loads(content)["features"]
        properties = [feature["properties"] for feature in features]
        collection = shapely.from_geojson(content)
    except (ValueError, KeyError, TypeError, shapely.GEOSException) as error:
        raise InputError(
            f"{file} is not GeoJSON ({type(error).__name__}: {str(error)[:120]}). Expected a "
            "FeatureCollection; fetch it again."
        ) from error
    shapes = np.asarray(shapely.get_parts(collection), dtype=object)
    _check_polygons(shapes, properties, file=file)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = [_polygons_only(shape) for shape in shapely.make_valid(shapes[broken])]
    flat = shapely.is_empty(shapes)
    kept = [properties[row] for row in np.flatnonzero(~flat).tolist()]
    return (
        kept,
        text_array(shapely.to_wkb(shapes[~flat], hex=True)),
        _mended(broken, flat, properties),
    )


def _mended(
    broken: NDArray[np.bool_], flat: NDArray[np.bool_], properties: list[dict[str, Any]]
) -> tuple[str, ...]:
    crossed = int((broken & ~flat).sum())
    names = ", ".join(str(properties[row].get("code")) for row in np.flatnonzero(flat).tolist())
    return (
        *([f"{crossed} contours crossed themselves and were mended."] if crossed else []),
        *([f"{int(flat.sum())} contours have no area and are left out: {names}."] if names else []),
    )


def _check_polygons(
    shapes: NDArray[np.object_], properties: list[dict[str, Any]], *, file: str
) -> None:
    if shapes.size != len(properties):
        raise InputError(
            f"{file}: {len(properties)} features hold {shapes.size} shapes; expected one polygon "
            "or multipolygon for each."
        )
    polygon = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    if not polygon.all():
        row = int(np.flatnonzero(~polygon)[0])
        raise InputError(f"{file}: feature {properties[row]} has no polygon.")


def _polygons_only(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a mended shape without the lines and points that mending may leave."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_type_id(parts) == 3])


def _codes(
    properties: list[dict[str, Any]], file: str, parse: Callable[[str], str]
) -> NDArray[np.object_]:
    codes = []
    for rank, feature in enumerate(properties):
        try:
            codes.append(parse(str(feature.get("code", ""))))
        except InputError as error:
            raise InputError(f"{file}, feature {rank + 1}: {error}") from error
    return text_array(codes)


def _texts(properties: list[dict[str, Any]], name: str) -> NDArray[np.object_]:
    return text_array(str(feature.get(name) or "") for feature in properties)
