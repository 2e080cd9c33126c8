"""The land of the fictional department: an outline, cells, rivers, a mountain and an island.

Everything is drawn in kilometres on a plane centred on (0, 0), then placed in the Bay of Biscay,
where nobody lives. The cells are a Voronoi partition evened out by Lloyd's relaxation. Their
straight edges are bent by one smooth displacement of the whole plane, so that both sides of an
edge bend alike and the partition keeps neither gap nor overlap.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.spatial import Voronoi, cKDTree

from maillage.core.errors import InputError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ShapeArray = NDArray[Any]

CENTRE_LON: Final = -6.0
CENTRE_LAT: Final = 46.0
KM_PER_DEGREE: Final = 111.2
CELL_KM2: Final = 17.0  # France: 544,000 km² for 34,900 communes, 15.6 km² each
DECIMALS: Final = 4  # about 10 m
_EDGE_STEP_KM: Final = 0.45
_WAVES: Final = (
    (40.0, 3.0),
    (16.0, 1.4),
    (7.0, 0.65),
    (3.2, 0.3),
    (1.6, 0.12),
)  # length, height (km)


@dataclass(frozen=True, slots=True)
class Land:
    """The cells of the department; the last one is the island.

    xy_km        centres, shape (n_cells, 2)
    shapes       contours in degrees (lon, lat), shapely polygons, shape (n_cells,)
    area_km2     shape (n_cells,)
    neighbours   pairs of cells that share an edge, shape (n_pairs, 2); none holds the island
    elevation_m  at the centre, shape (n_cells,)
    river        index of the nearest river, shape (n_cells,)
    river_km     distance to it, shape (n_cells,)
    rivers       the rivers, which also shape the relief
    radius_km    mean radius of the department
    """

    xy_km: FloatArray
    shapes: ShapeArray
    area_km2: FloatArray
    neighbours: IntArray
    elevation_m: FloatArray
    river: IntArray
    river_km: FloatArray
    rivers: "Rivers"
    radius_km: float

    def __post_init__(self) -> None:
        n_cells = len(self.xy_km)
        for name in ("shapes", "area_km2", "elevation_m", "river", "river_km"):
            if getattr(self, name).shape != (n_cells,):
                raise InputError(f"Land: {name} has not one value per cell ({n_cells} cells).")

    @property
    def island(self) -> int:
        """Return the cell that no road reaches."""
        return len(self.xy_km) - 1

    @property
    def lonlat(self) -> FloatArray:
        """Return the centres in degrees, shape (n_cells, 2)."""
        return to_lonlat(self.xy_km)


@dataclass(frozen=True, slots=True)
class Rivers:
    """Rivers that run from the mountain in the east to the sea in the west.

    south_north_km  mean ordinate of each, shape (n_rivers,)
    swing_km        height of its bends, shape (n_rivers,)
    phase           where its bends stand, shape (n_rivers,)
    """

    south_north_km: FloatArray
    swing_km: FloatArray
    phase: FloatArray

    def distances_km(self, xy_km: FloatArray) -> FloatArray:
        """Return the north-south distance of points to each river, shape (n_points, n_rivers)."""
        bend = self.swing_km * np.sin(xy_km[:, :1] / 9.0 + self.phase)
        return np.abs(xy_km[:, 1:] - self.south_north_km - bend)


def to_lonlat(xy_km: FloatArray) -> FloatArray:
    """Return longitudes and latitudes in degrees of points of the plane, shape (n_points, 2)."""
    shrink = np.cos(np.radians(CENTRE_LAT))
    return np.column_stack(
        (
            CENTRE_LON + xy_km[:, 0] / (KM_PER_DEGREE * shrink),
            CENTRE_LAT + xy_km[:, 1] / KM_PER_DEGREE,
        )
    )


def draw_land(rng: Generator, *, n_cells: int) -> Land:
    """Return a department of `n_cells` cells, the last of which is an island."""
    radius_km = float(np.sqrt(n_cells * CELL_KM2 / np.pi))
    outline = _outline(rng, radius_km)
    seeds = _even_seeds(rng, outline, n_cells - 1)
    cells, pairs = _cells(seeds, outline)
    island = _island(rng, outline, radius_km)
    straight = np.array([*cells, island], dtype=object)
    bent, shapes = _bend(rng, straight)
    xy_km = shapely.get_coordinates(shapely.point_on_surface(bent))
    rivers = _rivers(rng, radius_km)
    distances = rivers.distances_km(xy_km)
    return Land(
        xy_km=xy_km,
        shapes=shapes,
        area_km2=shapely.area(bent),
        neighbours=pairs,
        elevation_m=elevation_m(xy_km, rivers, radius_km),
        river=distances.argmin(axis=1),
        river_km=distances.min(axis=1),
        rivers=rivers,
        radius_km=radius_km,
    )


def elevation_m(xy_km: FloatArray, rivers: Rivers, radius_km: float) -> FloatArray:
    """Return elevations in metres: a plain in the west, valleys and ridges in the east."""
    ramp = np.clip((xy_km[:, 0] / radius_km - 0.05) / 0.9, 0.0, 1.0)
    valley = np.exp(-((rivers.distances_km(xy_km).min(axis=1) / 2.5) ** 2))
    hills = 40.0 * np.sin(xy_km[:, 0] / 4.0) * np.sin(xy_km[:, 1] / 5.0)
    height = 90.0 + hills + 1900.0 * ramp**1.4 * (1.0 - 0.75 * valley)
    return np.asarray(np.maximum(5.0, height), dtype=np.float64)


def _outline(rng: Generator, radius_km: float) -> shapely.Polygon:
    """Return a rounded outline, squeezed on the west side by a bay."""
    angle = np.linspace(0.0, 2 * np.pi, 361)[:-1]
    radius = np.ones_like(angle)
    for rank in range(2, 8):
        radius += 0.13 / rank * np.cos(rank * angle + rng.uniform(0, 2 * np.pi))
    radius -= 0.18 * np.exp(-(((angle - np.pi) / 0.35) ** 2))
    return shapely.Polygon(
        radius_km * np.column_stack((np.cos(angle), np.sin(angle))) * radius[:, None]
    )


def _even_seeds(rng: Generator, outline: shapely.Polygon, n_seeds: int) -> FloatArray:
    """Return points spread evenly, not regularly, in the outline (Lloyd, on a sample)."""
    west, south, east, north = outline.bounds
    sample = rng.uniform((west, south), (east, north), size=(120 * n_seeds, 2))
    sample = sample[shapely.contains_xy(outline, sample[:, 0], sample[:, 1])]
    seeds = sample[:n_seeds]
    for _ in range(3):
        _, owner = cKDTree(seeds).query(sample)
        count = np.bincount(owner, minlength=n_seeds)[:, None]
        total = np.column_stack([np.bincount(owner, sample[:, axis], n_seeds) for axis in (0, 1)])
        seeds = np.where(count > 0, total / np.maximum(count, 1), seeds)
    return seeds


def _cells(seeds: FloatArray, outline: shapely.Polygon) -> tuple[ShapeArray, IntArray]:
    """Return each seed's Voronoi cell within the outline, and the pairs that share an edge."""
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    far = 4 * np.abs(seeds).max() * np.column_stack((np.cos(angle), np.sin(angle)))
    diagram = Voronoi(np.vstack((seeds, far)))
    rings = [diagram.vertices[diagram.regions[diagram.point_region[k]]] for k in range(len(seeds))]
    cells = shapely.intersection(
        shapely.convex_hull([shapely.MultiPoint(r) for r in rings]), outline
    )
    inner = (diagram.ridge_points < len(seeds)).all(axis=1)
    pairs = diagram.ridge_points[inner]
    ends = np.asarray(diagram.ridge_vertices)[inner]
    edges = shapely.intersection(shapely.linestrings(diagram.vertices[ends]), outline)
    return cells, np.sort(pairs[shapely.length(edges) > 0.2], axis=1).astype(np.int64)


def _island(rng: Generator, outline: shapely.Polygon, radius_km: float) -> shapely.Polygon:
    """Return an islet some kilometres west of the bay."""
    shore = outline.intersection(shapely.LineString([(-2 * radius_km, 0), (0, 0)])).bounds[0]
    angle = np.linspace(0, 2 * np.pi, 25)[:-1]
    reach = 1.8 + 0.4 * np.cos(2 * angle + rng.uniform(0, 6)) + 0.2 * np.cos(3 * angle)
    ring = np.column_stack((np.cos(angle), 1.3 * np.sin(angle))) * reach[:, None]
    return shapely.Polygon(ring + np.array((shore - 9.0, 0.0)))


def _rivers(rng: Generator, radius_km: float) -> Rivers:
    ordinates = radius_km * np.array([-0.6, -0.2, 0.22, 0.62])
    return Rivers(
        south_north_km=ordinates + rng.uniform(-2, 2, 4),
        swing_km=rng.uniform(1.5, 3.5, 4),
        phase=rng.uniform(0, 2 * np.pi, 4),
    )


def _bend(rng: Generator, straight: ShapeArray) -> tuple[ShapeArray, ShapeArray]:
    """Return the cells with bent edges, in kilometres and in rounded degrees.

    The bending is eased until the rounded contours still are a partition.
    """
    fine = shapely.segmentize(straight, _EDGE_STEP_KM)
    waves = [
        (rng.normal(size=2), rng.uniform(0, 2 * np.pi, 2), length, height)
        for length, height in _WAVES
        for _ in range(3)
    ]
    for strength in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0):
        bent = shapely.transform(fine, partial(_displaced, waves=waves, strength=strength))
        shapes = shapely.transform(bent, lambda points: np.round(to_lonlat(points), DECIMALS))
        if shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes):
            return bent, shapes
    raise InputError("The cells do not form a partition: choose another seed.")


def _displaced(points: FloatArray, *, waves: list[Any], strength: float) -> FloatArray:
    moved = points.copy()
    for direction, phase, length, height in waves:
        along = points @ (direction / np.linalg.norm(direction)) * 2 * np.pi / length
        moved += strength * height / 3 * np.sin(along[:, None] + phase)
    return moved
