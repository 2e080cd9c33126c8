"""The packed overview: every commune's contour for the map below zoom 6, in about 110 KB.

Why not vector tiles, and the sizes measured: docs/decisions/0003-overview-geometry.md.

Layout, little-endian: the four bytes "MLO1"; four uint32 — number of features, bytes of the x
plane, of the y plane, of the step plane; then the planes one after the other:

    counts  one byte a feature: vertices of its ring (at most 255)
    x, y    first vertex, as a zigzag varint: difference from the previous feature's first vertex
    steps   each further vertex: one byte (dx + 7) * 15 + dy + 7 when both are within ±7, else the
            byte 255 and two zigzag varints

Vertices are on the grid of the Web Mercator square, 2 ** 14 cells a side. The decoder is
front/ts/map/overview.ts; tests/front holds the two together.
"""

import struct
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.core.errors import InputError

MAGIC = b"MLO1"
GRID = 1 << 14
_STRIP = 6
_REACH = 7
_ESCAPE = 255
_TOLERANCE = 0.8
_MOST_VERTICES = 255

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def map_order(lon: FloatArray, lat: FloatArray) -> IntArray:
    """Return the units in the order of the map, shape (n_units,): strips, back and forth.

    Neighbours in this order are neighbours on the ground, so their differences are small.
    lon, lat  degrees, shape (n_units,)
    """
    x, y = _mercator(lon, lat)
    strip = np.floor(y * GRID / _STRIP).astype(np.int64)
    along = np.where(strip % 2 == 0, x, -x)
    return np.lexsort((along, strip)).astype(np.int64)


def pack_overview(contours: NDArray[np.object_]) -> bytes:
    """Return the packed contours, in the order given; see the layout above.

    contours  shapely polygons or multipolygons in degrees, shape (n_units,); of several parts
              the largest is kept, an empty or missing one becomes a point
    """
    counts, xs, ys, steps = bytearray(), bytearray(), bytearray(), bytearray()
    last_x = last_y = 0
    for ring in _rings(contours):
        counts.append(len(ring))
        first_x, first_y = ring[0]
        _append_varint(xs, first_x - last_x)
        _append_varint(ys, first_y - last_y)
        last_x, last_y = first_x, first_y
        _append_steps(steps, ring)
    header = struct.pack("<4s4I", MAGIC, len(contours), len(xs), len(ys), len(steps))
    return header + bytes(counts) + bytes(xs) + bytes(ys) + bytes(steps)


def unpack_overview(data: bytes) -> list[list[tuple[int, int]]]:
    """Return each ring as grid vertices; the plain reading that judges the packed form.

    Raises InputError if the data do not begin as an overview does.
    """
    magic, n_features, n_x, n_y, _n_steps = struct.unpack_from("<4s4I", data)
    if magic != MAGIC:
        raise InputError(f"The overview begins with {magic!r}, expected {MAGIC!r}: build it again.")
    start = struct.calcsize("<4s4I")
    counts = data[start : start + n_features]
    xs = _varints(data[start + n_features : start + n_features + n_x])
    ys = _varints(data[start + n_features + n_x : start + n_features + n_x + n_y])
    steps = iter(data[start + n_features + n_x + n_y :])
    rings, x0, y0 = [], 0, 0
    for count in counts:
        x0, y0 = x0 + next(xs), y0 + next(ys)
        ring = [(x0, y0)]
        for _ in range(count - 1):
            dx, dy = _read_step(steps)
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        rings.append(ring)
    return rings


def _rings(contours: NDArray[np.object_]) -> Iterator[list[tuple[int, int]]]:
    for contour in contours:
        ring = _largest_ring(contour)
        yield [(0, 0)] if ring is None else _on_grid(ring)


def _largest_ring(contour: shapely.Geometry | None) -> FloatArray | None:
    if contour is None or shapely.is_empty(contour):
        return None
    parts = [part for part in shapely.get_parts(contour) if part.geom_type == "Polygon"]
    if not parts:
        return None
    largest = max(parts, key=shapely.area)
    return np.asarray(shapely.get_coordinates(shapely.get_exterior_ring(largest)))


def _on_grid(ring: FloatArray) -> list[tuple[int, int]]:
    x, y = _mercator(ring[:, 0], ring[:, 1])
    grid = np.round(np.stack([x, y], axis=1) * GRID)
    grid = grid[np.r_[True, (np.diff(grid, axis=0) != 0).any(axis=1)]]
    if len(grid) > 5:
        grid = shapely.get_coordinates(shapely.simplify(shapely.linestrings(grid), _TOLERANCE))
    if len(grid) > 1 and (grid[0] == grid[-1]).all():
        grid = grid[:-1]
    if len(grid) > _MOST_VERTICES:
        grid = grid[:: len(grid) // _MOST_VERTICES + 1]
    vertices = [(int(px), int(py)) for px, py in grid]
    if len(vertices) < 3:
        (px, py), (qx, qy) = min(vertices), max(vertices)
        return [(px, py), (max(qx, px + 1), qy), (px, max(qy, py) + 1)]
    top = min(range(len(vertices)), key=lambda rank: vertices[rank][::-1])
    return vertices[top:] + vertices[:top]


def _append_steps(plane: bytearray, ring: list[tuple[int, int]]) -> None:
    for (ax, ay), (bx, by) in pairwise(ring):
        dx, dy = bx - ax, by - ay
        if -_REACH <= dx <= _REACH and -_REACH <= dy <= _REACH:
            plane.append((dx + _REACH) * (2 * _REACH + 1) + dy + _REACH)
        else:
            plane.append(_ESCAPE)
            _append_varint(plane, dx)
            _append_varint(plane, dy)


def _read_step(steps: Iterator[int]) -> tuple[int, int]:
    code = next(steps)
    if code == _ESCAPE:
        return _read_varint(steps), _read_varint(steps)
    return code // (2 * _REACH + 1) - _REACH, code % (2 * _REACH + 1) - _REACH


def _append_varint(plane: bytearray, value: int) -> None:
    left = value * 2 if value >= 0 else -value * 2 - 1
    while left > 127:
        plane.append(left & 127 | 128)
        left >>= 7
    plane.append(left)


def _read_varint(data: Iterator[int]) -> int:
    value, shift = 0, 0
    while (byte := next(data)) > 127:
        value |= (byte & 127) << shift
        shift += 7
    value |= byte << shift
    return value // 2 if value % 2 == 0 else -(value + 1) // 2


def _varints(data: bytes) -> Iterator[int]:
    left = iter(data)
    for _ in range(sum(byte < 128 for byte in data)):
        yield _read_varint(left)


def _mercator(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return Web Mercator x and y, 0 to 1, y southwards."""
    sine = np.sin(np.radians(lat))
    return (lon + 180) / 360, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
