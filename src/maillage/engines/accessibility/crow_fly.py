"""Minutes by car estimated from the distance as the crow flies, and the trips within reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import (
    Float32Array,
    FloatArray,
    Int32Array,
    IntArray,
)
from maillage.engines.accessibility.catchment import row_starts

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius, IUGG
_CHUNK: Final = 4096  # origins searched at once: bounds the memory of the search
_ROBUST_STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """How wrong the model is between two distances: standard deviation and bias, minutes."""

    up_to_km: float
    sd_min: float
    bias_min: float
    n_pairs: int


@dataclass(frozen=True, slots=True)
class CrowFlyModel:
    """Minutes as a broken line of kilometres: first the access time, then the speed.

    knots_km     where the line starts and bends, first 0, rising, shape (k,)
    knots_min    minutes at each knot, rising, shape (k,)
    valid_to_km  farthest distance of the sample it was fitted on
    errors       residuals by class of distance
    source       what it was fitted on

    Beyond the last knot the last slope goes on; beyond `valid_to_km` it is an extrapolation.
    """

    knots_km: tuple[float, ...]
    knots_min: tuple[float, ...]
    valid_to_km: float
    errors: tuple[ErrorClass, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if len(self.knots_km) != len(self.knots_min) or len(self.knots_km) < 2:
            raise InputError(
                f"{len(self.knots_km)} distances and {len(self.knots_min)} times; expected as many "
                "of both, at least two."
            )
        rising = (np.diff(self.knots_km) > 0).all() and (np.diff(self.knots_min) > 0).all()
        if self.knots_km[0] != 0 or self.knots_min[0] < 0 or not rising:
            raise InputError(
                f"Knots {self.knots_km} km, {self.knots_min} min: expected rising numbers, "
                "distances from 0."
            )

    def minutes(self, distance_km: FloatArray) -> FloatArray:
        """Return minutes for each distance, same shape."""
        kms, mins = self.knots_km, self.knots_min
        last_slope = (mins[-1] - mins[-2]) / (kms[-1] - kms[-2])
        beyond = np.maximum(np.asarray(distance_km) - kms[-1], 0.0)
        return np.asarray(np.interp(distance_km, kms, mins) + last_slope * beyond)

    def kilometres(self, minutes: float) -> float:
        """Return the distance covered in `minutes`, 0 when the access time takes them all."""
        kms, mins = self.knots_km, self.knots_min
        if minutes > mins[-1]:
            last_slope = (mins[-1] - mins[-2]) / (kms[-1] - kms[-2])
            return kms[-1] + (minutes - mins[-1]) / last_slope
        return float(np.interp(minutes, mins, kms))

    def error_sd_min(self, distance_km: float) -> float:
        """Return the standard deviation of the error at a distance; nan where not measured."""
        known = [error for error in self.errors if distance_km <= error.up_to_km]
        return known[0].sd_min if known else float("nan")


@dataclass(frozen=True, slots=True)
class Trips:
    """The trips within reach, by origin.

    indptr           trips of origin i from indptr[i] to indptr[i + 1], shape (n_origins + 1,)
    destination      shape (n_pairs,)
    travel_time_min  shape (n_pairs,)
    """

    indptr: IntArray
    destination: Int32Array
    travel_time_min: Float32Array


# Off-peak minutes of Insee's METRIC on 2,495 pairs of communes of Gironde, 0.2 to 161 km: ordinary
# least squares under 30 km (563 pairs), then the best slope that goes on from there.
METRIC_GIRONDE: Final = CrowFlyModel(
    knots_km=(0.0, 30.0, 160.0),
    knots_min=(1.85, 34.85, 139.48),
    valid_to_km=160.0,
    errors=(
        ErrorClass(up_to_km=10.0, sd_min=1.9, bias_min=-0.2, n_pairs=83),
        ErrorClass(up_to_km=20.0, sd_min=5.1, bias_min=0.3, n_pairs=192),
        ErrorClass(up_to_km=30.0, sd_min=7.3, bias_min=-0.1, n_pairs=288),
        ErrorClass(up_to_km=60.0, sd_min=8.1, bias_min=0.2, n_pairs=1059),
        ErrorClass(up_to_km=200.0, sd_min=9.2, bias_min=-0.1, n_pairs=873),
    ),
    source="Insee, distancier METRIC, 2 495 couples de communes de Gironde (heures creuses)",
)


def fit(
    *,
    distance_km: FloatArray,
    minutes: FloatArray,
    bends_km: tuple[float, ...] = (30.0,),
    error_ends_km: tuple[float, ...] = (10.0, 20.0, 30.0, 60.0, 200.0),
    source: str = "",
) -> CrowFlyModel:
    """Fit a broken line to measured trips by Huber's M-estimator, bends where told.

    distance_km, minutes  one measured trip each, shape (n_trips,)

    Raises NotEnoughDataError under ten trips per segment.
    """
    kms = arrays.quantity(distance_km, name="distance_km")
    mins = arrays.quantity(minutes, name="minutes", size=kms.size)
    knots = np.array((0.0, *bends_km, float(kms.max(initial=0.0))))
    counts = np.histogram(kms, bins=knots)[0] if (np.diff(knots) > 0).all() else np.zeros(1)
    if counts.min() < 10:
        raise NotEnoughDataError(
            f"{kms.size} trips, {counts.tolist()} by segment between {knots.tolist()} km; expected "
            "at least 10 in each. Give more trips or fewer bends."
        )
    design = _hat_functions(kms, knots)
    heights = _huber(design, mins)
    errors = _error_classes(kms, mins - design @ heights, error_ends_km)
    return CrowFlyModel(
        knots_km=tuple(knots.tolist()),
        knots_min=tuple(heights.tolist()),
        valid_to_km=float(knots[-1]),
        errors=errors,
        source=source,
    )


def errors_of(
    model: CrowFlyModel,
    *,
    distance_km: FloatArray,
    minutes: FloatArray,
    ends_km: tuple[float, ...] = (10.0, 20.0, 30.0, 60.0, 200.0),
) -> tuple[ErrorClass, ...]:
    """Return the residuals of a model on measured trips, by class of distance."""
    return _error_classes(distance_km, minutes - model.minutes(distance_km), ends_km)


def great_circle_km(
    lon_from: FloatArray, lat_from: FloatArray, lon_to: FloatArray, lat_to: FloatArray
) -> FloatArray:
    """Return the distance between points in degrees, by the haversine formula, kilometres."""
    lon_a, lat_a, lon_b, lat_b = (np.radians(x) for x in (lon_from, lat_from, lon_to, lat_to))
    half_lat, half_lon = np.sin((lat_b - lat_a) / 2), np.sin((lon_b - lon_a) / 2)
    square = half_lat**2 + np.cos(lat_a) * np.cos(lat_b) * half_lon**2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(square, 0.0, 1.0))))


def unit_sphere(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return points on the unit sphere, shape (n, 3), from degrees. Raises InputError."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if lon.shape != lat.shape or lon.ndim != 1:
        raise InputError(f"lon has shape {lon.shape} and lat {lat.shape}; expected (n,) for both.")
    wrong = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f"Point {row} is at longitude {lon[row]}, latitude {lat[row]}; expected degrees. "
            "Points in metres (Lambert-93) must be converted first."
        )
    angle, height = np.radians(lon), np.radians(lat)
    flat = np.cos(height)
    return np.column_stack((flat * np.cos(angle), flat * np.sin(angle), np.sin(height)))


def trips_within(
    *,
    model: CrowFlyModel,
    minutes: float,
    lon: FloatArray,
    lat: FloatArray,
    site_lon: FloatArray | None = None,
    site_lat: FloatArray | None = None,
    group: IntArray | None = None,
    site_group: IntArray | None = None,
) -> Trips:
    """Return every trip of at most `minutes`, each place to itself included, sites rising.

    lon, lat            places, degrees, shape (n_places,)
    site_lon, site_lat  sites; left out, the places themselves
    group, site_group   label of the piece of land that roads join (islands apart), one per
                        place, per site; no trip goes from one group to another
    """
    places = unit_sphere(lon, lat)
    same = site_lon is None or site_lat is None
    sites = places if site_lon is None or site_lat is None else unit_sphere(site_lon, site_lat)
    groups = _groups(group, len(places), "group")
    site_groups = groups if same else _groups(site_group, len(sites), "site_group")
    radius = chord(model.kilometres(minutes))
    parts = [
        _kept_trips(found, model, minutes, groups, site_groups)
        for found in _search(places, cKDTree(sites), radius)
    ]
    origin, destination, times = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Trips(row_starts(origin, n_rows=len(places)), destination, times)


def chord(distance_km: float) -> float:
    """Return the straight line, on the unit sphere, under an arc of `distance_km`."""
    return float(2 * np.sin(min(distance_km / EARTH_RADIUS_KM, np.pi) / 2))


def arc_km(chords: FloatArray) -> FloatArray:
    """Return the arc, kilometres, over each straight line on the unit sphere."""
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chords / 2, 0.0, 1.0)))


Found = tuple[IntArray, IntArray, FloatArray]


def _search(places: FloatArray, sites: cKDTree, radius: float) -> Iterator[Found]:
    """Yield origins, destinations and arcs in kilometres, a chunk of origins at a time."""
    for first in range(0, max(len(places), 1), _CHUNK):
        chunk = cKDTree(places[first : first + _CHUNK])
        found = chunk.sparse_distance_matrix(sites, radius * (1 + 1e-12), output_type="ndarray")
        order = np.lexsort((found["j"], found["i"]))
        yield found["i"][order] + first, found["j"][order], arc_km(found["v"][order])


def _kept_trips(
    found: Found, model: CrowFlyModel, minutes: float, group: IntArray, site_group: IntArray
) -> tuple[IntArray, Int32Array, Float32Array]:
    origin, destination, km = found
    times = model.minutes(km)
    kept = (times <= minutes + 1e-9) & (group[origin] == site_group[destination])
    return origin[kept], destination[kept].astype(np.int32), times[kept].astype(np.float32)


def _groups(group: IntArray | None, size: int, name: str) -> IntArray:
    if group is None:
        return np.zeros(size, dtype=np.int64)
    arrays.check_shape(group, name=name, size=size)
    return group


def _hat_functions(kms: FloatArray, knots: FloatArray) -> FloatArray:
    """Return how far each trip leans on each knot, shape (n_trips, n_knots)."""
    return np.column_stack([np.interp(kms, knots, row) for row in np.eye(knots.size)])


def _huber(design: FloatArray, target: FloatArray) -> FloatArray:
    """Return coefficients by iteratively reweighted least squares, k = 1.345 (Huber 1964)."""
    weights = np.ones(target.size)
    for _ in range(_ROBUST_STEPS):
        root = np.sqrt(weights)
        found = np.linalg.lstsq(design * root[:, None], target * root, rcond=None)[0]
        rest = np.abs(target - design @ found)
        scale = max(float(np.median(rest)) / 0.6745, 1e-9)
        weights = np.minimum(1.0, 1.345 * scale / np.maximum(rest, 1e-12))
    return np.asarray(found)


def _error_classes(
    kms: FloatArray, rest: FloatArray, ends: tuple[float, ...]
) -> tuple[ErrorClass, ...]:
    classes = []
    for low, high in zip((0.0, *ends), ends, strict=False):
        inside = rest[(kms >= low) & (kms < high)]
        if inside.size > 1:
            sd, bias = float(inside.std(ddof=1)), float(inside.mean())
            classes.append(ErrorClass(high, sd, bias, inside.size))
    return tuple(classes)
