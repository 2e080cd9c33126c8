"""Vector tiles: polygons and lines on a tile's integer grid, as Mapbox Vector Tile 2.1 bytes.

Specification: https://github.com/mapbox/vector-tile-spec/tree/master/2.1. Geometry of all features
of a tile is made in one vectorised pass: a nation has a quarter of a million vertices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.studies.store.tables import BoolArray, FloatArray, IntArray

_POLYGON: Final = b"\x18\x03"
_MOVE_ONE: Final = 9
_LINE: Final = 2
_CLOSE: Final = 15


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of one tile.

    geometries   polygons or multipolygons on the tile's grid (0 to extent, y down), shape (n,)
    ids          feature ids, positive, shape (n,)
    properties   name → one text per feature
    """

    name: str
    geometries: NDArray[Any]
    ids: IntArray
    properties: Mapping[str, Sequence[str]]
    extent: int


def encode_tile(layers: Sequence[Layer]) -> bytes:
    """Return a tile of the layers that hold at least one feature; b"" when none does."""
    return b"".join(_encode_layer(layer) for layer in layers if layer.geometries.size)


def _encode_layer(layer: Layer) -> bytes:
    shapes = _geometry_bytes(layer.geometries)
    values: dict[str, int] = {}
    columns = [list(column) for column in layer.properties.values()]
    parts = [b"\x0a", _sized(layer.name.encode())]
    for row, (feature_id, shape) in enumerate(zip(layer.ids.tolist(), shapes, strict=True)):
        tags = b"".join(
            _varint(key) + _varint(values.setdefault(column[row], len(values)))
            for key, column in enumerate(columns)
        )
        body = b"\x08" + _varint(feature_id) + (b"\x12" + _sized(tags) if tags else b"")
        parts += [b"\x12", _sized(body + _POLYGON + b"\x22" + _sized(shape))]
    parts += [b"\x1a" + _sized(name.encode()) for name in layer.properties]
    parts += [b"\x22" + _sized(b"\x0a" + _sized(value.encode())) for value in values]
    parts += [b"\x28", _varint(layer.extent), b"\x78\x02"]
    return b"\x1a" + _sized(b"".join(parts))


def _geometry_bytes(geometries: NDArray[Any]) -> list[bytes]:
    """Return the command stream of each feature; one that vanishes on the grid is a dot."""
    grid, ring, feature = _grid_rings(geometries)
    grid, ring, feature = _with_dots(geometries, grid, ring, feature)
    delta = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    first_of_feature = np.flatnonzero(np.diff(feature, prepend=-1))
    delta[first_of_feature] = grid[first_of_feature]
    zigzag = (delta << 1) ^ (delta >> 63)

    ring_start = np.flatnonzero(np.diff(ring, prepend=-1))
    size = np.diff(np.append(ring_start, ring.size))
    words = 2 * size + 3
    word_start = np.concatenate(([0], np.cumsum(words)))
    stream = np.empty(word_start[-1], dtype=np.int64)
    rank = np.arange(ring.size) - np.repeat(ring_start, size)
    at = np.repeat(word_start[:-1], size) + 1 + 2 * rank + (rank > 0)
    stream[at], stream[at + 1] = zigzag[:, 0], zigzag[:, 1]
    stream[word_start[:-1]] = _MOVE_ONE
    stream[word_start[:-1] + 3] = ((size - 1) << 3) | _LINE
    stream[word_start[1:] - 1] = _CLOSE

    data, byte_start = _varints(stream)
    of_ring = feature[ring_start]
    ends = np.searchsorted(of_ring, np.arange(geometries.size), side="right")
    cuts = np.concatenate(([0], byte_start[word_start[ends]]))
    return [data[low:high] for low, high in pairwise(cuts.tolist())]


def _grid_rings(geometries: NDArray[Any]) -> tuple[IntArray, IntArray, IntArray]:
    """Return vertices on the grid, their ring and their feature; no closing or repeated vertex."""
    parts, of_part = shapely.get_parts(geometries, return_index=True)
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, of_part = parts[polygons], of_part[polygons]
    rings, of_ring = shapely.get_rings(
        shapely.orient_polygons(parts, exterior_cw=False), return_index=True
    )
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint(coordinates).astype(np.int64)
    kept = _not_repeated(grid, ring)
    grid, ring = grid[kept], ring[kept]
    long_enough = np.bincount(ring, minlength=len(rings))[ring] >= 3
    grid, ring = grid[long_enough], ring[long_enough]
    return grid, ring, np.asarray(of_part[of_ring[ring]], dtype=np.int64)


def _not_repeated(grid: IntArray, ring: IntArray) -> BoolArray:
    """Say which vertices differ from the next one of their ring; drops the closing vertex too."""
    kept = np.ones(ring.size, dtype=bool)
    same_ring = ring[1:] == ring[:-1]
    kept[:-1] = ~(same_ring & (grid[1:] == grid[:-1]).all(axis=1))
    last = np.append(~same_ring, True) if ring.size else np.empty(0, dtype=bool)
    kept[last] = False
    return kept


def _with_dots(
    geometries: NDArray[Any], grid: IntArray, ring: IntArray, feature: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Add the smallest triangle for each feature without a ring left: every commune is there."""
    gone = np.setdiff1d(np.arange(geometries.size), feature)
    if not gone.size:
        return grid, ring, feature
    corner = np.rint(shapely.bounds(geometries[gone])[:, :2])
    corner = np.nan_to_num(corner).astype(np.int64)
    dots = (corner[:, None, :] + np.array([[0, 0], [1, 0], [0, 1]])).reshape(-1, 2)
    next_ring = int(ring.max(initial=-1)) + 1
    all_grid = np.concatenate((grid, dots))
    all_ring = np.concatenate((ring, next_ring + np.repeat(np.arange(gone.size), 3)))
    all_feature = np.concatenate((feature, np.repeat(gone, 3)))
    order = np.argsort(all_feature, kind="stable")
    return all_grid[order], all_ring[order], all_feature[order]


def _varints(numbers: IntArray) -> tuple[bytes, IntArray]:
    """Return numbers >= 0 as varints in a row, and where each starts, shape (n + 1,)."""
    length = np.ones(numbers.size, dtype=np.int64)
    for bits in range(7, 63, 7):
        length += numbers >= (1 << bits)
    start = np.concatenate(([0], np.cumsum(length)))
    out = np.empty(start[-1], dtype=np.uint8)
    for rank in range(int(length.max(initial=0))):
        here = length > rank
        low = (numbers[here] >> (7 * rank)) & 127
        more = (length[here] > rank + 1).astype(np.int64) << 7
        out[start[:-1][here] + rank] = low | more
    return out.tobytes(), start


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _sized(body: bytes) -> bytes:
    return _varint(len(body)) + body


def web_mercator(coordinates: FloatArray) -> FloatArray:
    """Return degrees, shape (n, 2), on the Web Mercator square: 0 to 1, y southwards."""
    sine = np.sin(np.radians(np.clip(coordinates[:, 1], -85.05, 85.05)))
    x = (coordinates[:, 0] + 180) / 360
    return np.column_stack((x, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)))
