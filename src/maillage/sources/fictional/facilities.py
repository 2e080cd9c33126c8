"""Where care is given: hospitals, pharmacies, health houses, homes for the elderly, schools…

Each facility is placed in a cell, a few hundred metres from its centre.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from maillage.sources.fictional.geography import FloatArray, IntArray, Land, to_lonlat
from maillage.sources.fictional.settlement import MARKET_TOWN, PREFECTURE, SUBPREFECTURE, Settlement
from maillage.sources.fictional.zones import Zones

HOSPITAL, CLINIC, LOCAL_HOSPITAL = "355", "365", "106"
HEALTH_HOUSE, HEALTH_CENTRE, PHARMACY, LABORATORY = "603", "124", "620", "611"
NURSING_HOME, CPTS, MENTAL_CENTRE, HOME_NURSING = "500", "604", "156", "354"

# Category: label of FINESS, group of the extract, type of the BPE, facilities per 10,000 people.
CATEGORIES: Final[dict[str, tuple[str, str, str, float]]] = {
    HOSPITAL: ("Centre Hospitalier (C.H.)", "Hopitaux cliniques", "D101", 0.0),
    CLINIC: ("Etablissement de Soins Pluridisciplinaire", "Hopitaux cliniques", "D101", 0.0),
    LOCAL_HOSPITAL: ("Centre hospitalier, ex Hôpital local", "Hopitaux cliniques", "D102", 0.0),
    HEALTH_HOUSE: ("Maison de santé (L.6223-3)", "Soins de ville", "D113", 0.40),
    HEALTH_CENTRE: ("Centre de Santé", "Soins de ville", "D108", 0.25),
    PHARMACY: ("Pharmacie d'Officine", "Soins de ville", "D307", 3.15),
    LABORATORY: ("Laboratoire de Biologie Médicale", "Soins de ville", "D302", 0.60),
    NURSING_HOME: (
        "Etablissement d'hébergement pour personnes âgées dépendantes",
        "Personnes âgées",
        "",
        1.15,
    ),
    CPTS: (
        "Communautés professionnelles territoriales de santé (CPTS)",
        "Coordination / Administration",
        "",
        0.0,
    ),
    MENTAL_CENTRE: ("Centre Médico-Psychologique (C.M.P.)", "Soins de ville", "D109", 0.25),
    HOME_NURSING: (
        "Service de Soins Infirmiers A Domicile (S.S.I.A.D)",
        "Hopitaux cliniques",
        "",
        0.30,
    ),
}
_TASTE_FOR_TOWNS: Final = {PHARMACY: 1.0, NURSING_HOME: 1.0, HEALTH_HOUSE: 1.3, HEALTH_CENTRE: 1.0}


@dataclass(frozen=True, slots=True)
class Facility:
    """One establishment.

    category   FINESS code of its category, a key of CATEGORIES
    lonlat     degrees
    places     places of a nursing home or of a home nursing service, else 0
    emergency, maternity   what a hospital holds
    opened     year
    """

    category: str
    cell: int
    lonlat: tuple[float, float]
    opened: int
    places: int = 0
    emergency: bool = False
    maternity: bool = False


@dataclass(frozen=True, slots=True)
class School:
    """One school: its kind ("Ecole", "Collège", "Lycée"), cell, place and pupils."""

    kind: str
    private: bool
    cell: int
    lonlat: tuple[float, float]
    pupils: int


def draw_facilities(
    rng: Generator, *, land: Land, settlement: Settlement, zones: Zones
) -> tuple[Facility, ...]:
    """Return the facilities of the department, the hospitals first."""
    placed = list(_hospitals(rng, land, settlement))
    for category, (_, _, _, per_10k) in CATEGORIES.items():
        if per_10k == 0:
            continue
        taste = _TASTE_FOR_TOWNS.get(category, 1.5)
        counts = _spread(rng, settlement, per_10k=per_10k, taste=taste)
        placed += [
            _facility(rng, land, category, int(cell))
            for cell in np.repeat(np.arange(counts.size), counts)
        ]
    centres = np.unique(zones.epci[zones.epci >= 0])[::2]
    placed += [_facility(rng, land, CPTS, int(cell)) for cell in centres]
    return tuple(placed)


def draw_schools(rng: Generator, *, land: Land, settlement: Settlement) -> tuple[School, ...]:
    """Return the schools: one in most communes of 300 people, collèges and lycées in towns."""
    people, schools = settlement.people, []
    children = settlement.by_age.sum(axis=2)[:, :4] @ np.array([0.35, 1.0, 0.9, 0.0])
    n_schools = np.where(people > 300, np.maximum(1, np.round(people / 1900)), 0).astype(int)
    n_colleges = np.where(
        settlement.level >= MARKET_TOWN, np.maximum(1, np.round(people / 8500)), 0
    )
    n_lycees = np.where(
        settlement.level >= SUBPREFECTURE, np.maximum(1, np.round(people / 15000)), 0
    )
    for kind, counts, size in (
        ("Ecole", n_schools, children / np.maximum(n_schools, 1)),
        ("Collège", n_colleges.astype(int), np.full(people.size, 420.0)),
        ("Lycée", n_lycees.astype(int), np.full(people.size, 700.0)),
    ):
        for cell in np.repeat(np.arange(people.size), counts).tolist():
            pupils = max(9, int(size[cell] * rng.uniform(0.7, 1.2)))
            private = people[cell] > 2500 and rng.random() < 0.2
            schools.append(School(kind, private, cell, _place(rng, land, cell), pupils))
    return tuple(schools)


def _hospitals(rng: Generator, land: Land, settlement: Settlement) -> tuple[Facility, ...]:
    """Emergencies in the prefecture and two sub-prefectures; births in the first two of these."""
    prefecture = int(settlement.level.argmax())
    sub = settlement.towns[settlement.level[settlement.towns] == SUBPREFECTURE].tolist()
    return (
        _hospital(rng, land, HOSPITAL, prefecture, emergency=True, maternity=True),
        _hospital(rng, land, CLINIC, prefecture),
        _hospital(rng, land, HOSPITAL, sub[0], emergency=True, maternity=True),
        _hospital(rng, land, HOSPITAL, sub[1], emergency=True),
        _hospital(rng, land, LOCAL_HOSPITAL, sub[2]),
    )


def _hospital(
    rng: Generator,
    land: Land,
    category: str,
    cell: int,
    *,
    emergency: bool = False,
    maternity: bool = False,
) -> Facility:
    return Facility(
        category,
        cell,
        _place(rng, land, cell),
        int(rng.integers(1962, 1985)),
        emergency=emergency,
        maternity=maternity,
    )


def _facility(rng: Generator, land: Land, category: str, cell: int) -> Facility:
    places = {
        NURSING_HOME: int(rng.integers(45, 121)),
        HOME_NURSING: int(rng.integers(30, 80)),
    }.get(category, 0)
    first = 2008 if category in (HEALTH_HOUSE, CPTS) else 1965
    opened = int(rng.integers(first + 10 * (category == CPTS), 2025))
    return Facility(category, cell, _place(rng, land, cell), opened, places)


def _spread(rng: Generator, settlement: Settlement, *, per_10k: float, taste: float) -> IntArray:
    """Return how many facilities of a kind each cell has; the total is exact."""
    people = settlement.people.astype(np.float64)
    total = round(per_10k * people.sum() / 1e4)
    pull = np.where(people >= 900, people, 0.0) ** 0.9
    pull *= (
        1 + taste * (settlement.level == MARKET_TOWN) + 0.4 * (settlement.level == SUBPREFECTURE)
    )
    pull *= np.where(settlement.level == PREFECTURE, 1.15, 1.0)
    expected = total * pull / pull.sum()
    counts = np.floor(expected).astype(np.int64)
    lottery = (expected - counts) * rng.uniform(0.6, 1.0, people.size)
    counts[np.argsort(-lottery, kind="stable")[: total - counts.sum()]] += 1
    return np.asarray(counts, dtype=np.int64)


def _place(rng: Generator, land: Land, cell: int) -> tuple[float, float]:
    """Return a point near the centre of the cell, within 400 m."""
    near: FloatArray = land.xy_km[cell : cell + 1] + rng.uniform(-0.28, 0.28, (1, 2))
    lon, lat = np.round(to_lonlat(near)[0], 6).tolist()
    return lon, lat
