"""The map's tiles: communes, departments and regions in one PMTiles archive.

Layers: `communes` from zoom 6 (below, the packed overview shows them all at a quarter of the
weight: docs/decisions/0003), `departments` and `regions` from zoom 2. The contours are simplified
to 1,000 m by their producer and a cell of a zoom 8 tile is 38 m, so that MapLibre enlarges zoom 8
beyond. A commune's feature id is its rank in map order plus one: values travel apart, as compact
arrays in that order. Its `code` is a property at zoom 8 only.
"""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from maillage.core.tables import Table
from maillage.studies.store.mvt import Layer, encode_tile, web_mercator
from maillage.studies.store.tables import FloatArray, IntArray, TextArray

MIN_ZOOM: Final = 2
COMMUNES_FROM: Final = 6
MAX_ZOOM: Final = 8
_BUFFER: Final = 1 / 64  # of a tile
_TOLERANCE_PIXELS: Final = 0.75
_PIXELS: Final = 512
_GZIP_LEVEL: Final = 7

Geometries = NDArray[Any]


@dataclass(frozen=True, slots=True)
class MapAreas:
    """What the map draws: one polygon a row, in degrees.

    name        layer
    geometries  shape (n,)
    ids         feature ids, positive, shape (n,)
    codes       official codes, shape (n,)
    names       official names, shape (n,)
    first_zoom  zoom from which the layer is in the tiles
    """

    name: str
    geometries: Geometries
    ids: IntArray
    codes: TextArray
    names: TextArray
    first_zoom: int


def areas_of(
    units: Table, contours: Geometries, territories: Table, *, rank: IntArray
) -> list[MapAreas]:
    """Return the three layers of a store.

    contours  polygons of the units in degrees, None or empty where there is none, shape (n_units,)
    rank      place of each unit in map order, shape (n_units,)
    """
    drawn = ~(shapely.is_missing(contours) | shapely.is_empty(contours))
    communes = MapAreas(
        "communes",
        contours[drawn],
        rank[drawn] + 1,
        units["code"][drawn],
        units["name"][drawn],
        COMMUNES_FROM,
    )
    names = dict(
        zip(
            zip(territories["kind"].tolist(), territories["code"].tolist(), strict=True),
            territories["name"].tolist(),
            strict=True,
        )
    )
    layers = [communes]
    for layer, kind, column in (
        ("departments", "department", "department_code"),
        ("regions", "region", "region_code"),
    ):
        codes, group = np.unique(units[column][drawn].astype(str), return_inverse=True)
        merged = dissolve(contours[drawn], group, codes.size)
        labels = np.array([names[kind, code] for code in codes], dtype=object)
        layers.append(
            MapAreas(
                layer, merged, np.arange(codes.size) + 1, codes.astype(object), labels, MIN_ZOOM
            )
        )
    return layers


def dissolve(geometries: Geometries, group: IntArray, count: int) -> Geometries:
    """Return the union of the polygons of each group, shape (count,)."""
    order = np.argsort(group, kind="stable")
    cuts = np.searchsorted(group[order], np.arange(1, count))
    members = np.split(geometries[order], cuts)
    return np.array([_union(part) for part in members], dtype=object)


def _union(polygons: Geometries) -> Any:
    """Join neighbours along their shared edges; the robust way where edges do not match."""
    try:
        return shapely.coverage_union_all(polygons)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapely.make_valid(polygons))


def write_tiles(
    path: Path,
    areas: list[MapAreas],
    *,
    attribution: str,
    should_stop: Callable[[], bool] = lambda: False,
) -> dict[int, int]:
    """Write the PMTiles archive; return the compressed bytes of each zoom.

    Stops between tiles, leaving a partial file, when `should_stop` says so.
    """
    weights: dict[int, int] = {}
    square = [_on_square(layer) for layer in areas]
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]
        for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
            tiles = sorted(_tiles_of_zoom(square, zoom), key=lambda tile: tile[0])
            weights[zoom] = sum(len(data) for _, data in tiles)
            for tile_id, data in tiles:
                writer.write_tile(tile_id, data)
            if should_stop():
                return weights
        writer.finalize(_header(areas), _metadata(areas, attribution))
    return weights


def _on_square(layer: MapAreas) -> MapAreas:
    projected = shapely.transform(layer.geometries, web_mercator)
    return MapAreas(layer.name, projected, layer.ids, layer.codes, layer.names, layer.first_zoom)


def _tiles_of_zoom(areas: list[MapAreas], zoom: int) -> Iterator[tuple[int, bytes]]:
    tolerance = _TOLERANCE_PIXELS / (_PIXELS * 2**zoom)
    shown = [layer for layer in areas if layer.first_zoom <= zoom]
    ready = [_Zoomed(layer, _simplified(layer.geometries, tolerance), zoom) for layer in shown]
    for x, y in _tiles_touched(ready, zoom):
        layers = [one.in_tile(x, y) for one in ready]
        data = encode_tile(layers)
        if data:
            yield zxy_to_tileid(zoom, x, y), gzip.compress(data, _GZIP_LEVEL, mtime=0)


def _simplified(geometries: Geometries, tolerance: float) -> Geometries:
    """Simplify so that neighbours keep their shared edges."""
    try:
        return np.asarray(shapely.coverage_simplify(geometries, tolerance))
    except shapely.errors.GEOSException:
        return geometries


def _extent(zoom: int) -> int:
    """Return the cells on a side of a tile: half a pixel at zoom 6, where a tile is heaviest."""
    return {6: 1024, 7: 2048}.get(zoom, 4096)


class _Zoomed:
    """A layer at one zoom, with the index of its boxes."""

    def __init__(self, layer: MapAreas, geometries: Geometries, zoom: int) -> None:
        self.layer = layer
        self.zoom = zoom
        self.geometries = geometries
        self.boxes = shapely.bounds(geometries)
        self.tree = shapely.STRtree(geometries)

    def in_tile(self, x: int, y: int) -> Layer:
        """Return the features that touch a tile, clipped to it, on its grid."""
        size = 2.0**-self.zoom
        margin = size * _BUFFER
        west, north, east, south = x * size, y * size, (x + 1) * size, (y + 1) * size
        frame = (west - margin, north - margin, east + margin, south + margin)
        found = np.sort(self.tree.query(shapely.box(*frame)))
        clipped = _clip(self.geometries[found], self.boxes[found], frame)
        kept = ~shapely.is_empty(clipped)
        found, clipped = found[kept], clipped[kept]
        extent = _extent(self.zoom)
        grid = shapely.transform(clipped, lambda c: (c - (west, north)) / size * extent)
        ids, properties = self.layer.ids[found], self._properties(found)
        return Layer(self.layer.name, grid, ids, properties, extent)

    def _properties(self, found: IntArray) -> dict[str, list[str]]:
        codes = {"code": self.layer.codes[found].tolist()}
        if self.layer.name == "communes":
            return codes if self.zoom == MAX_ZOOM else {}
        return codes | {"name": self.layer.names[found].tolist()}


def _clip(
    geometries: Geometries, boxes: FloatArray, frame: tuple[float, float, float, float]
) -> Geometries:
    inside = (
        (boxes[:, 0] >= frame[0])
        & (boxes[:, 1] >= frame[1])
        & (boxes[:, 2] <= frame[2])
        & (boxes[:, 3] <= frame[3])
    )
    clipped = geometries.copy()
    if not inside.all():
        clipped[~inside] = shapely.clip_by_rect(geometries[~inside], *frame)
    return clipped


def _tiles_touched(layers: list[_Zoomed], zoom: int) -> list[tuple[int, int]]:
    """List the tiles that a box of a feature touches; the widest layer is enough."""
    boxes = layers[0].boxes if layers else np.empty((0, 4))
    cells = np.clip(np.floor(boxes * 2**zoom).astype(np.int64), 0, 2**zoom - 1)
    return sorted(
        {
            (x, y)
            for west, north, east, south in cells.tolist()
            for x in range(west, east + 1)
            for y in range(north, south + 1)
        }
    )


def _header(areas: list[MapAreas]) -> dict[str, Any]:
    west, south, east, north = shapely.total_bounds(areas[0].geometries)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": MIN_ZOOM,
        "max_zoom": MAX_ZOOM,
        "min_lon_e7": int(west * 1e7),
        "min_lat_e7": int(south * 1e7),
        "max_lon_e7": int(east * 1e7),
        "max_lat_e7": int(north * 1e7),
        "center_zoom": 5,
        "center_lon_e7": int((west + east) / 2 * 1e7),
        "center_lat_e7": int((south + north) / 2 * 1e7),
    }


def _metadata(areas: list[MapAreas], attribution: str) -> dict[str, Any]:
    fields = {"communes": {"code": "String"}}
    both = {"code": "String", "name": "String"}
    return {
        "name": "Maillage",
        "attribution": attribution,
        "vector_layers": [
            {
                "id": layer.name,
                "minzoom": layer.first_zoom,
                "maxzoom": MAX_ZOOM,
                "fields": fields.get(layer.name, both),
            }
            for layer in areas
        ],
    }
