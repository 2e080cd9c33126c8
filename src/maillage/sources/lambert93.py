"""Lambert-93 (EPSG:2154) to longitude and latitude: the plane in which public files place things.

Source: IGN, "Projection cartographique conique conforme de Lambert" (NTG_71), and the definition
of RGF93 / Lambert-93: ellipsoid GRS80, parallels 44° and 49° N, origin 3° E 46.5° N at
(700 000 m, 6 600 000 m). RGF93 and WGS84 agree to less than a metre: no change of datum is made.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

GRS80_SEMI_MAJOR_AXIS_M: Final = 6_378_137.0
GRS80_FLATTENING: Final = 1 / 298.257222101
_ECCENTRICITY: Final = math.sqrt(GRS80_FLATTENING * (2 - GRS80_FLATTENING))
_PARALLELS: Final = (math.radians(44), math.radians(49))
_ORIGIN_LON: Final = math.radians(3)
_ORIGIN_LAT: Final = math.radians(46.5)
_FALSE_EASTING_M: Final = 700_000.0
_FALSE_NORTHING_M: Final = 6_600_000.0
# Each turn gains about two digits; ten leave less than a micrometre.
_LATITUDE_TURNS: Final = 10


def _isometric_latitude(latitude: float) -> float:
    sine = _ECCENTRICITY * math.sin(latitude)
    return math.atanh(math.sin(latitude)) - _ECCENTRICITY * math.atanh(sine)


def _parallel_radius(latitude: float) -> float:
    """Return the radius of the parallel at `latitude`, in semi-major axes."""
    return math.cos(latitude) / math.sqrt(1 - (_ECCENTRICITY * math.sin(latitude)) ** 2)


def _cone() -> tuple[float, float, float]:
    """Return the exponent of the cone, its constant and its northing at the pole, in metres."""
    south, north = _PARALLELS
    exponent = math.log(_parallel_radius(south) / _parallel_radius(north)) / (
        _isometric_latitude(north) - _isometric_latitude(south)
    )
    constant = (
        GRS80_SEMI_MAJOR_AXIS_M
        * _parallel_radius(south)
        * math.exp(exponent * _isometric_latitude(south))
        / exponent
    )
    pole_m = _FALSE_NORTHING_M + constant * math.exp(-exponent * _isometric_latitude(_ORIGIN_LAT))
    return exponent, constant, pole_m


_EXPONENT, _CONSTANT, _POLE_NORTHING_M = _cone()


def to_lon_lat(x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude in degrees, shape (n,), of Lambert-93 points in metres.

    nan stays nan. Against the longitudes and latitudes that the FINESS extracts print beside
    their Lambert-93 coordinates, the largest gap is under a millimetre.
    """
    east = np.asarray(x_m, dtype=np.float64) - _FALSE_EASTING_M
    south = _POLE_NORTHING_M - np.asarray(y_m, dtype=np.float64)
    isometric = -np.log(np.hypot(east, south) / _CONSTANT) / _EXPONENT
    latitude = np.arcsin(np.tanh(isometric))
    for _ in range(_LATITUDE_TURNS):
        bend = _ECCENTRICITY * np.arctanh(_ECCENTRICITY * np.sin(latitude))
        latitude = np.arcsin(np.tanh(isometric + bend))
    longitude = _ORIGIN_LON + np.arctan2(east, south) / _EXPONENT
    return np.degrees(longitude), np.degrees(latitude)
