"""Where FINESS says that things are: communes and points, from the register's own notations.

Traps  `commune` holds the last three characters of the Insee code only, and overseas departments
       are written 9A…9F: 9A and 101 make 97101; coordinates are Lambert-93 in metropolitan France
       and the UTM zone of each overseas department elsewhere, as `sourcecoordet` says in words
       that changed ("LAMBERT_93", "UTM_N20", "EPSG:5490 RGAF09/UTM Zone 20N (Antilles)").
"""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.core.codes import parse_commune_code
from maillage.core.errors import InputError
from maillage.sources import lambert93, utm
from maillage.sources.names import TextArray, fold_accents, text_array
from maillage.sources.text_columns import FloatArray

_OVERSEAS_LETTER: Final = re.compile(r"9[A-F]")
_UTM: Final = re.compile(r"utm[ _]?(?:zone )?(?:([ns]))?[ _]?(\d{2})([ns])?")
_EPSG_ZONES: Final = {"5490": 20, "4559": 20, "2972": 22, "2975": 40, "4471": 38, "4467": 21}
_DEPARTMENT_ZONES: Final = {
    "971": 20,
    "972": 20,
    "973": 22,
    "974": 40,
    "975": 21,
    "976": 38,
    "977": 20,
    "978": 20,
}
_SOUTHERN_ZONES: Final = frozenset({38, 40})
_LAMBERT: Final = 0


def commune_codes(departments: TextArray, communes: TextArray, *, file: str) -> TextArray:
    """Return Insee codes, shape (n,), from FINESS's department and its commune within it.

    Raises InputError for a pair that makes no commune code.
    """
    made: dict[tuple[str, str], str] = {}
    result = []
    for pair in zip(departments.tolist(), communes.tolist(), strict=True):
        if pair not in made:
            made[pair] = _commune_code(*pair, file=file)
        result.append(made[pair])
    return text_array(result)


def plain_commune_codes(texts: TextArray, *, file: str) -> TextArray:
    """Return whole Insee codes, shape (n,), with the overseas letters 9A…9F made into 97."""
    return text_array(
        _parsed("97" + text[2:] if _OVERSEAS_LETTER.match(text) else text, file=file)
        for text in texts.tolist()
    )


def _commune_code(department: str, commune: str, *, file: str) -> str:
    if _OVERSEAS_LETTER.fullmatch(department) or len(department) == 3:
        department = "97"
    return _parsed(department + commune.rjust(3, "0"), file=file)


def _parsed(text: str, *, file: str) -> str:
    try:
        return parse_commune_code(text)
    except InputError as error:
        raise InputError(f"{file}: {error}") from error


def lon_lat(
    x_m: FloatArray, y_m: FloatArray, *, sources: TextArray, communes: TextArray
) -> tuple[FloatArray, FloatArray, int]:
    """Return longitude and latitude in degrees, shape (n,), and how many points were refused.

    sources   FINESS's words on the projection, "" to go by the commune's department
    communes  Insee codes

    A point that falls outside France's waters for its commune's part of the world is refused: nan.
    """
    zone = _zones(sources, communes)
    longitude, latitude = np.full(x_m.shape, np.nan), np.full(x_m.shape, np.nan)
    for one in np.unique(zone).tolist():
        here = zone == one
        longitude[here], latitude[here] = _projected(x_m[here], y_m[here], one)
    refused = ~_plausible(longitude, latitude, communes) & ~np.isnan(longitude)
    longitude[refused] = latitude[refused] = np.nan
    return longitude, latitude, int(refused.sum())


def _projected(x_m: FloatArray, y_m: FloatArray, zone: int) -> tuple[FloatArray, FloatArray]:
    if zone == _LAMBERT:
        return lambert93.to_lon_lat(x_m, y_m)
    return utm.to_lon_lat(x_m, y_m, zone=zone, south=zone in _SOUTHERN_ZONES)


def _zones(sources: TextArray, communes: TextArray) -> NDArray[np.int64]:
    """Return the UTM zone of each point, 0 for Lambert-93, shape (n,)."""
    by_source = {text: _zone_of_source(text) for text in set(sources.tolist())}
    zones = []
    for source, commune in zip(sources.tolist(), communes.tolist(), strict=True):
        told = by_source[source]
        zones.append(_DEPARTMENT_ZONES.get(commune[:3], _LAMBERT) if told is None else told)
    return np.array(zones, dtype=np.int64)


def _zone_of_source(text: str) -> int | None:
    """Return the zone that FINESS's words tell, None when they tell nothing."""
    folded = fold_accents(text)
    if "lambert" in folded or "epsg:2154" in folded:
        return _LAMBERT
    if found := _UTM.search(folded):
        return int(found[2])
    epsg = re.search(r"epsg:(\d{4})", folded)
    return _EPSG_ZONES.get(epsg[1]) if epsg else None


# West, east, south, north in degrees; generous, to catch a wrong projection and no more.
_METROPOLITAN_BOX: Final = (-6.0, 10.0, 41.0, 51.5)
_OVERSEAS_BOXES: Final = {
    "971": (-62.0, -60.9, 15.7, 16.7),
    "972": (-61.4, -60.7, 14.3, 15.0),
    "973": (-55.0, -51.5, 2.0, 6.0),
    "974": (55.1, 56.0, -21.5, -20.7),
    "975": (-56.6, -56.0, 46.6, 47.2),
    "976": (44.9, 45.4, -13.1, -12.5),
    "977": (-63.0, -62.7, 17.8, 18.0),
    "978": (-63.2, -62.9, 18.0, 18.2),
}


def _plausible(
    longitude: FloatArray, latitude: FloatArray, communes: TextArray
) -> NDArray[np.bool_]:
    parts = [commune[:3] for commune in communes.tolist()]
    boxes = np.array([_OVERSEAS_BOXES.get(part, _METROPOLITAN_BOX) for part in parts])
    west, east, south, north = boxes.reshape(-1, 4).T
    inside: NDArray[np.bool_] = (
        (west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north)
    )
    return inside
