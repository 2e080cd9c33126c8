"""The maps that France lays over its communes: EPCI, living and employment zones, urban areas."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from maillage.sources.fictional.geography import FloatArray, IntArray, Land
from maillage.sources.fictional.settlement import (
    MARKET_TOWN,
    PREFECTURE,
    SUBPREFECTURE,
    VILLAGE,
    Settlement,
)

NONE: Final = -1
_N_EPCI: Final = 12
_URBAN_FLOOR: Final = 2000  # people, Insee's floor of an urban unit


@dataclass(frozen=True, slots=True)
class Zones:
    """Each cell's zones, named by the cell at their centre, shape (n_cells,); NONE for none.

    living, employment, epci   centre of the zone; the island has no EPCI, as four real ones
    urban                      biggest cell of the urban unit, NONE in the country
    attraction                 centre of the attraction area, NONE outside any
    attraction_category        Insee's CATEAAV2020: 11 centre, 12 pole, 20 crown, 30 outside
    """

    living: IntArray
    employment: IntArray
    epci: IntArray
    urban: IntArray
    attraction: IntArray
    attraction_category: IntArray


def lay_zones(*, land: Land, settlement: Settlement, minutes: FloatArray) -> Zones:
    """Return the zones drawn round the towns, by minutes of road."""
    reach = _with_boat(land, minutes)
    level = settlement.level
    living = _nearest(reach, np.flatnonzero(level > VILLAGE))
    employment = _nearest(reach, np.flatnonzero(level >= SUBPREFECTURE))[living]
    epci_centres = settlement.towns[: min(_N_EPCI, settlement.towns.size)]
    epci = _nearest(reach, np.sort(epci_centres))[living]
    epci[land.island] = NONE
    attraction, category = _attraction(settlement, minutes)
    return Zones(living, employment, epci, _urban(settlement, minutes), attraction, category)


def _with_boat(land: Land, minutes: FloatArray) -> FloatArray:
    """Return the minutes with a boat from the island, for the zones only: 2 min per km."""
    reach = minutes.copy()
    crossing = 2.0 * np.linalg.norm(land.xy_km - land.xy_km[land.island], axis=1)
    reach[land.island] = reach[:, land.island] = crossing
    return reach


def _nearest(minutes: FloatArray, centres: IntArray) -> IntArray:
    return np.asarray(centres[minutes[:, centres].argmin(axis=1)], dtype=np.int64)


def _attraction(settlement: Settlement, minutes: FloatArray) -> tuple[IntArray, IntArray]:
    cities = np.flatnonzero(settlement.level >= SUBPREFECTURE)
    reach_min = np.where(settlement.level[cities] == PREFECTURE, 26.0, 14.0)
    slack = minutes[:, cities] / reach_min
    owner = np.where(slack.min(axis=1) < 1, cities[slack.argmin(axis=1)], NONE).astype(np.int64)
    people = settlement.people
    own = owner == np.arange(owner.size)
    pole = (owner != NONE) & (slack.min(axis=1) < 0.35) & (people > _URBAN_FLOOR)
    category = np.select([own, pole, owner != NONE], [11, 12, 20], 30)
    return owner, category.astype(np.int64)


def _urban(settlement: Settlement, minutes: FloatArray) -> IntArray:
    """Return urban units: a town of 2,000 people or more, with the suburbs at its door."""
    people = settlement.people
    urban = np.where(people >= _URBAN_FLOOR, np.arange(people.size), NONE)
    for city in np.flatnonzero(settlement.level >= MARKET_TOWN):
        suburbs = (
            (people >= _URBAN_FLOOR) & (minutes[:, city] < 9.0) & (settlement.level == VILLAGE)
        )
        urban[suburbs] = city
    return urban.astype(np.int64)
