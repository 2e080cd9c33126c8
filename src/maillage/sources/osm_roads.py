"""Roads of an OpenStreetMap extract (.osm.pbf), as one-way stretches between nodes.

Producer: OpenStreetMap contributors, ODbL 1.0 (attribution is due wherever its minutes are shown).
Vintage: the day of the extract. Extracts by region: Geofabrik.
Traps: roads meet at any of their points, not only at their ends: a node of the network is a point
that two roads share, or the end of one, and what lies between is one stretch; roads
closed to cars by `access`, `motor_vehicle` or `motorcar` are left out;
`oneway` is honoured, and implied on motorways and roundabouts; ferries are not roads; ways that
leave the extract are cut at its edge.
"""

import math
import re
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
from numpy.typing import NDArray

from maillage.core.errors import InputError

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius, IUGG
KINDS: Final = (
    *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"),
    *("secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified"),
    *("residential", "living_street", "service", "road"),
)
_CLOSED: Final = {"no", "private", "agricultural", "forestry", "military", "emergency"}
_KMH: Final = re.compile(r"\d+(?:\.\d+)?")
_MPH: Final = re.compile(r"(\d+(?:\.\d+)?) ?mph")
_NAMED_LIMITS: Final = {
    "FR:urban": 50.0,
    "FR:rural": 80.0,
    "FR:motorway": 130.0,
    "FR:zone30": 30.0,
    "FR:zone20": 20.0,
    "walk": 6.0,
}


@dataclass(frozen=True, slots=True)
class RoadNetwork:
    """Roads open to cars.

    lon, lat    degrees, shape (n_nodes,)
    tail, head  nodes where each one-way stretch starts and ends, shape (n_stretches,)
    length_km   shape (n_stretches,)
    kind        position in KINDS, shape (n_stretches,)
    limit_kmh   signed limit, nan where none is, shape (n_stretches,)
    notes       what was left out, one English sentence each, with the count
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    length_km: NDArray[np.float64]
    kind: NDArray[np.int64]
    limit_kmh: NDArray[np.float64]
    notes: tuple[str, ...] = ()

    def kind_names(self) -> list[str]:
        """Return the OpenStreetMap `highway` value of each stretch."""
        return [KINDS[kind] for kind in self.kind.tolist()]


def read_osm_roads(path: Path) -> RoadNetwork:
    """Read the roads of an extract. Raises InputError when the file is not one, or has no road."""
    if not path.is_file():
        raise InputError(f"{path} does not exist. Download an extract (.osm.pbf) and say where.")
    entities = osmium.osm.NODE | osmium.osm.WAY
    ways = _Ways()
    try:
        reader = osmium.FileProcessor(str(path), entities).with_locations()
        for way in reader.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)):
            ways.add(way)
    except RuntimeError as error:
        raise InputError(
            f"{path} cannot be read as an OpenStreetMap extract ({error}); expected a whole "
            ".osm.pbf file. Download it again."
        ) from error
    if not ways.kind:
        raise InputError(f"{path} holds no road open to cars; expected a regional extract.")
    return ways.network()


class _Ways:
    """Gathers roads point by point in flat arrays, 24 bytes a point; cuts them at the end."""

    def __init__(self) -> None:
        self.ref, self.way = array("q"), array("q")
        self.lon, self.lat = array("d"), array("d")
        self.kind: list[int] = []
        self.limit: list[float] = []
        self.open: list[tuple[bool, bool]] = []
        self.closed = 0

    def add(self, way: Any) -> None:
        tags = way.tags
        kind = tags.get("highway", "")
        if kind not in KINDS:
            return
        if is_closed(tags.get("access"), tags.get("motor_vehicle"), tags.get("motorcar")):
            self.closed += 1
            return
        for node in way.nodes:
            place = node.location
            self.ref.append(node.ref)
            self.way.append(len(self.kind))
            self.lon.append(place.lon if place.valid() else math.nan)
            self.lat.append(place.lat if place.valid() else math.nan)
        self.kind.append(KINDS.index(kind))
        self.limit.append(speed_limit(tags.get("maxspeed")))
        self.open.append(directions(tags.get("oneway"), kind, tags.get("junction")))

    def network(self) -> RoadNetwork:
        way = np.array(self.way, dtype=np.int64)
        points = np.column_stack((self.lon, self.lat))
        start, end = _stretches(np.array(self.ref, dtype=np.int64), way)
        length = _lengths_between(points, way, start, end)
        inside = ~np.isnan(length)
        start, end, length = start[inside], end[inside], length[inside]
        nodes, ends = np.unique(
            np.array(self.ref, dtype=np.int64)[np.concatenate((start, end))], return_inverse=True
        )
        tail, head = ends[: start.size], ends[start.size :]
        where = np.full((nodes.size, 2), np.nan)
        where[tail], where[head] = points[start], points[end]
        forward, backward = np.array(self.open, dtype=bool)[way[start]].T
        both = np.concatenate((np.flatnonzero(forward), np.flatnonzero(backward)))
        n_forward = int(forward.sum())
        return RoadNetwork(
            lon=where[:, 0],
            lat=where[:, 1],
            tail=np.concatenate((tail[both[:n_forward]], head[both[n_forward:]])),
            head=np.concatenate((head[both[:n_forward]], tail[both[n_forward:]])),
            length_km=length[both],
            kind=np.array(self.kind, dtype=np.int64)[way[start[both]]],
            limit_kmh=np.array(self.limit, dtype=np.float64)[way[start[both]]],
            notes=(
                f"{self.closed} roads closed to cars were left out.",
                f"{int((~inside).sum())} stretches that leave the extract were left out.",
            ),
        )


def _stretches(
    ref: NDArray[np.int64], way: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut ways at their ends and where ways meet; return first and last point of each stretch."""
    _, rank, uses = np.unique(ref, return_inverse=True, return_counts=True)
    first = np.concatenate(([True], way[1:] != way[:-1]))
    last = np.concatenate((way[1:] != way[:-1], [True]))
    cuts = np.flatnonzero((uses[rank] > 1) | first | last)
    same_way = way[cuts[1:]] == way[cuts[:-1]]
    return cuts[:-1][same_way], cuts[1:][same_way]


def _lengths_between(
    points: NDArray[np.float64],
    way: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the length along the way of each stretch, kilometres; nan if a point is unknown."""
    steps = _lengths_km(points[:-1], points[1:])
    steps[way[1:] != way[:-1]] = 0.0
    unknown = np.isnan(steps)
    along = np.concatenate(([0.0], np.cumsum(np.where(unknown, 0.0, steps))))
    holes = np.concatenate(([0], np.cumsum(unknown)))
    return np.where(holes[end] > holes[start], np.nan, along[end] - along[start])


def is_closed(access: str | None, motor_vehicle: str | None, motorcar: str | None) -> bool:
    """Say whether tags close a road to cars; the most precise tag wins."""
    told = motorcar or motor_vehicle or access
    return told in _CLOSED


def directions(oneway: str | None, kind: str, junction: str | None) -> tuple[bool, bool]:
    """Say whether cars may go forward and backward along a way."""
    if oneway in ("-1", "reverse"):
        return False, True
    if oneway in ("yes", "true", "1"):
        return True, False
    if oneway is None and (kind == "motorway" or junction in ("roundabout", "circular")):
        return True, False
    return True, True


def speed_limit(maxspeed: str | None) -> float:
    """Return a signed limit in km/h, nan when there is none or it says no figure."""
    if maxspeed is None:
        return math.nan
    if _KMH.fullmatch(maxspeed):
        return float(maxspeed) or math.nan
    miles = _MPH.fullmatch(maxspeed)
    if miles:
        return 1.609344 * float(miles.group(1))
    return _NAMED_LIMITS.get(maxspeed, math.nan)


def _lengths_km(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the length of straight stretches between points (lon, lat), shape (n, 2)."""
    lon, lat = np.radians(start).T
    lon_end, lat_end = np.radians(end).T
    square = (
        np.sin((lat_end - lat) / 2) ** 2
        + np.cos(lat) * np.cos(lat_end) * np.sin((lon_end - lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(square)))
