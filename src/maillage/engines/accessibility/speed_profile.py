"""Speeds by kind of road, as plain data with a version: times of two do not compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.engines.accessibility.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class SpeedProfile:
    """How fast a car goes, off peak.

    name, version    a change of any figure is a new version
    speed_kmh        by OpenStreetMap `highway` value, kilometres per hour; a road whose kind is
                     not in it is closed to cars
    signed_share     where a speed limit is signed: share of it that is really driven, 0 to 1
    slowest_kmh      no road is slower
    source           where the figures come from
    """

    name: str
    version: int
    speed_kmh: Mapping[str, float]
    signed_share: float
    slowest_kmh: float
    source: str

    def __post_init__(self) -> None:
        if not self.speed_kmh or not self.slowest_kmh > 0 or not 0 < self.signed_share <= 1:
            raise InputError(
                f"Profile {self.name}: expected at least one speed, a slowest speed above 0 "
                f"({self.slowest_kmh}) and a share from 0 to 1 ({self.signed_share})."
            )
        if min(self.speed_kmh.values()) < self.slowest_kmh:
            raise InputError(f"Profile {self.name}: a speed is under {self.slowest_kmh} km/h.")

    def minutes(
        self, *, length_km: FloatArray, kind: list[str], limit_kmh: FloatArray
    ) -> FloatArray:
        """Return minutes for each stretch of road, shape (n,); inf where cars may not go.

        length_km  shape (n,); kind  `highway` value of each; limit_kmh  signed limit, nan if none
        """
        usual = np.array([self.speed_kmh.get(name, 0.0) for name in kind], dtype=np.float64)
        signed = np.maximum(self.signed_share * limit_kmh, self.slowest_kmh)
        speed = np.where((usual > 0) & ~np.isnan(limit_kmh), signed, usual)
        minutes = np.full(speed.size, np.inf)
        np.divide(60 * length_km, speed, out=minutes, where=speed > 0)
        return minutes


# Uncalibrated: legal limits of the Code de la route (50, 80, 110, 130) lowered for bends, junctions
# and villages. To be fitted to METRIC or OSRM minutes, as a new version, before its minutes are
# shown beside figures of DREES.
CAR_OFF_PEAK: Final = SpeedProfile(
    name="voiture, heures creuses",
    version=1,
    speed_kmh=MappingProxyType(
        {
            "motorway": 115.0,
            "motorway_link": 60.0,
            "trunk": 95.0,
            "trunk_link": 50.0,
            "primary": 65.0,
            "primary_link": 40.0,
            "secondary": 58.0,
            "secondary_link": 35.0,
            "tertiary": 50.0,
            "tertiary_link": 30.0,
            "unclassified": 40.0,
            "residential": 25.0,
            "living_street": 10.0,
            "service": 10.0,
            "road": 30.0,
        }
    ),
    signed_share=0.85,
    slowest_kmh=5.0,
    source="Convention de Maillage d'après les limites du Code de la route ; non calée",
)
