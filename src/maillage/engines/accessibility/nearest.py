"""Minutes from every place to the nearest facility, by the crow-fly model."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from maillage.core.errors import NotEnoughDataError
from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import BoolArray, FloatArray, IntArray
from maillage.engines.accessibility.crow_fly import CrowFlyModel, arc_km, unit_sphere


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest facility of each place; arrays of shape (n_places,).

    facility         its position in the list of facilities, -1 when no road leads to any
    distance_km      as the crow flies, inf when no road leads to any
    travel_time_min  by the model, inf when no road leads to any
    extrapolated     farther than the sample the model was fitted on
    no_road          no facility on the same piece of land
    """

    facility: IntArray
    distance_km: FloatArray
    travel_time_min: FloatArray
    extrapolated: BoolArray
    no_road: BoolArray


def nearest_facility(
    *,
    model: CrowFlyModel,
    lon: FloatArray,
    lat: FloatArray,
    facility_lon: FloatArray,
    facility_lat: FloatArray,
    group: IntArray | None = None,
    facility_group: IntArray | None = None,
) -> Nearest:
    """Return the facility nearest to each place, on the same piece of land, and its minutes.

    lon, lat             places, degrees, shape (n_places,)
    group                label of the piece of land that roads join, per place and per facility

    Raises NotEnoughDataError when there is no facility at all.
    """
    places, facilities = unit_sphere(lon, lat), unit_sphere(facility_lon, facility_lat)
    if not len(facilities):
        raise NotEnoughDataError(
            "No facility was given: the time to the nearest is unknown, not infinite. "
            "Check the file of facilities and its vintage."
        )
    groups = _labels(group, len(places), "group")
    labels = _labels(facility_group, len(facilities), "facility_group")
    position = np.full(len(places), -1, dtype=np.int64)
    chords = np.full(len(places), np.inf)
    for label in np.unique(labels):
        here, there = np.flatnonzero(groups == label), np.flatnonzero(labels == label)
        chords[here], found = cKDTree(facilities[there]).query(places[here])
        position[here] = there[found]
    no_road = position < 0
    km = np.where(no_road, np.inf, arc_km(np.where(no_road, 0.0, chords)))
    times = np.where(no_road, np.inf, model.minutes(np.where(no_road, 0.0, km)))
    return Nearest(position, km, times, (km > model.valid_to_km) & ~no_road, no_road)


def _labels(group: IntArray | None, size: int, name: str) -> IntArray:
    if group is None:
        return np.zeros(size, dtype=np.int64)
    arrays.check_shape(group, name=name, size=size)
    return group
