"""UTM (Universal Transverse Mercator) to longitude and latitude: the planes of overseas France.

FINESS places metropolitan France in Lambert-93 and each overseas department in the UTM zone of
its local system (RGAF09 20N, RGFG95 22N, RGR92 40S, RGM04 38S, RGSPM06 21N), all on GRS80 and
within a metre of WGS84.

Source: Krüger's series to the third order in the flattening (Karney 2011, "Transverse Mercator
with an accuracy of a few nanometers"): a few millimetres at most inside a zone.
"""

import math
from typing import Final

import numpy as np

from maillage.sources.lambert93 import GRS80_FLATTENING, GRS80_SEMI_MAJOR_AXIS_M, FloatArray

_SCALE: Final = 0.9996
_FALSE_EASTING_M: Final = 500_000.0
_SOUTHERN_FALSE_NORTHING_M: Final = 10_000_000.0
_N: Final = GRS80_FLATTENING / (2 - GRS80_FLATTENING)
_RECTIFYING_RADIUS_M: Final = GRS80_SEMI_MAJOR_AXIS_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_TO_SPHERE: Final = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96,
    _N**2 / 48 + _N**3 / 15,
    17 * _N**3 / 480,
)
_TO_GEODETIC: Final = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3,
    7 * _N**2 / 3 - 8 * _N**3 / 5,
    56 * _N**3 / 15,
)


def to_lon_lat(
    x_m: FloatArray, y_m: FloatArray, *, zone: int, south: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude in degrees, shape (n,), of UTM points in metres.

    `zone` runs from 1 to 60; `south` says that northings count from the south (Réunion, Mayotte).
    nan stays nan.
    """
    northing = np.asarray(y_m, dtype=np.float64) - (_SOUTHERN_FALSE_NORTHING_M if south else 0.0)
    along = northing / (_SCALE * _RECTIFYING_RADIUS_M)
    across = (np.asarray(x_m, dtype=np.float64) - _FALSE_EASTING_M) / (
        _SCALE * _RECTIFYING_RADIUS_M
    )
    xi, eta = along.copy(), across.copy()
    for rank, weight in enumerate(_TO_SPHERE, start=1):
        xi -= weight * np.sin(2 * rank * along) * np.cosh(2 * rank * across)
        eta -= weight * np.cos(2 * rank * along) * np.sinh(2 * rank * across)
    conformal = np.arcsin(np.sin(xi) / np.cosh(eta))
    latitude = conformal.copy()
    for rank, weight in enumerate(_TO_GEODETIC, start=1):
        latitude += weight * np.sin(2 * rank * conformal)
    meridian = math.radians(6 * zone - 183)
    longitude = meridian + np.arctan2(np.sinh(eta), np.cos(xi))
    return np.degrees(longitude), np.degrees(latitude)
