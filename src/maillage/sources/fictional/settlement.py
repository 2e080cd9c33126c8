"""Where people live: a prefecture, three sub-prefectures, market towns, villages; their ages."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from maillage.core.errors import InputError
from maillage.sources.fictional.geography import FloatArray, IntArray, Land

PEOPLE_PER_CELL: Final = 1310
FIRST_YEAR: Final = 2013
LAST_YEAR: Final = 2023
CENSUS_YEAR: Final = 2021
N_AGES: Final = 19  # five-year classes: 0-4, 5-9 … 85-89, 90 and more
_PREFECTURE_SHARE: Final = 0.222
_SUBPREFECTURE_SHARES: Final = (0.058, 0.038, 0.026)

VILLAGE, MARKET_TOWN, SUBPREFECTURE, PREFECTURE = range(4)

# People by age class in France on 1 January 2021, in thousands, rounded: the shape of the pyramid.
_PYRAMID: Final = np.array(
    (
        *(3500, 3900, 4150, 4150, 3750, 3800, 4050, 4250, 4050, 4400, 4450, 4350, 4050, 3850),
        *(3600, 2600, 1750, 1300, 950),
    ),
    dtype=np.float64,
)
_WOMEN_SHARE: Final = np.array(
    [0.489] * 4 + [0.495] + [0.508] * 7 + [0.52] * 2 + [0.53] + [0.56, 0.60, 0.66, 0.73]
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """People of each cell.

    level       VILLAGE, MARKET_TOWN, SUBPREFECTURE or PREFECTURE, shape (n_cells,)
    by_age      people at the census of 2021, shape (n_cells, 19 age classes, 2): men, women
    by_year     people each year from 2013 to 2023, shape (n_cells, 11)
    remoteness  0 at the prefecture's door, 1 in the farthest valley, shape (n_cells,)
    """

    level: IntArray
    by_age: IntArray
    by_year: IntArray
    remoteness: FloatArray

    def __post_init__(self) -> None:
        census = self.by_year[:, CENSUS_YEAR - FIRST_YEAR]
        if not np.array_equal(self.by_age.sum(axis=(1, 2)), census):
            raise InputError("The people by age do not add up to the census.")

    @property
    def people(self) -> IntArray:
        """Return the people of each cell at the census, shape (n_cells,)."""
        return self.in_year(CENSUS_YEAR)

    @property
    def towns(self) -> IntArray:
        """Return the cells that are more than a village, the biggest rank first."""
        order = np.lexsort((np.arange(self.level.size), -self.people, -self.level))
        return order[self.level[order] > VILLAGE]

    def in_year(self, year: int) -> IntArray:
        """Return the people of each cell in a year from 2013 to 2023, shape (n_cells,)."""
        return self.by_year[:, year - FIRST_YEAR]


def settle(rng: Generator, *, land: Land, minutes: FloatArray) -> Settlement:
    """Return a population of about 1,310 people per cell, as unevenly spread as in France."""
    level = _levels(land, minutes)
    remoteness = _remoteness(land, level, minutes)
    census = _census(rng, land=land, level=level, minutes=minutes)
    by_age = _ages(rng, census=census, level=level, remoteness=remoteness)
    return Settlement(level, by_age, _years(rng, census, remoteness), remoteness)


def _levels(land: Land, minutes: FloatArray) -> IntArray:
    """Place the prefecture on a central river, then towns as far from one another as can be."""
    level = np.full(len(land.xy_km), VILLAGE)
    lowland = (land.river_km < 3.0) & (land.elevation_m < 500)
    lowland[land.island] = False
    centrality = np.linalg.norm(land.xy_km / land.radius_km + (0.15, 0.0), axis=1)
    prefecture = int(np.where(lowland, centrality, np.inf).argmin())
    level[prefecture] = PREFECTURE
    chosen = [prefecture]
    n_market_towns = max(4, level.size // 17)
    inner = np.linalg.norm(land.xy_km, axis=1) < 0.8 * land.radius_km
    for rank in range(len(_SUBPREFECTURE_SHARES) + n_market_towns):
        allowed = (lowland & inner) if rank < 3 else (land.elevation_m < 900)
        distance = np.where(allowed, minutes[:, chosen].min(axis=1), -1.0)
        distance[land.island] = -1.0
        chosen.append(int(distance.argmax()))
        level[chosen[-1]] = SUBPREFECTURE if rank < 3 else MARKET_TOWN
    return level


def _remoteness(land: Land, level: IntArray, minutes: FloatArray) -> FloatArray:
    to_prefecture = minutes[:, level == PREFECTURE].min(axis=1)
    to_town = minutes[:, level >= SUBPREFECTURE].min(axis=1)
    blend = np.clip(to_prefecture / 75.0, 0, 1) * 0.5 + np.clip(to_town / 45.0, 0, 1) * 0.5
    blend[land.island] = 1.0
    return np.asarray(blend / blend.max(), dtype=np.float64)


def _census(rng: Generator, *, land: Land, level: IntArray, minutes: FloatArray) -> IntArray:
    """Draw the people of each cell at the census: lognormal villages, suburbs round the towns."""
    total = PEOPLE_PER_CELL * level.size
    to_prefecture = minutes[:, level == PREFECTURE].min(axis=1)
    to_town = minutes[:, level >= SUBPREFECTURE].min(axis=1)
    pull = 1 + 5.0 * np.exp(-((to_prefecture / 13) ** 2)) + 1.2 * np.exp(-((to_town / 9) ** 2))
    height = 1 / (1 + (land.elevation_m / 900) ** 3)
    draw = rng.lognormal(0.0, 0.8, level.size)
    weight = (
        np.where(level == MARKET_TOWN, 5.5 * rng.lognormal(0, 0.3, level.size), draw * pull)
        * height
    )
    weight = np.clip(weight, 0.06, 13.0)
    weight[land.island] = 1.0
    weight[level >= SUBPREFECTURE] = 0.0
    shares = np.zeros(level.size)
    shares[level == PREFECTURE] = _PREFECTURE_SHARE
    shares[level == SUBPREFECTURE] = _SUBPREFECTURE_SHARES
    shares += weight / weight.sum() * (1 - shares.sum())
    return np.maximum(22, np.round(total * shares)).astype(np.int64)


def _ages(rng: Generator, *, census: IntArray, level: IntArray, remoteness: FloatArray) -> IntArray:
    """Draw ages: older where it is remote, students in the prefecture."""
    middle = 2.5 + 5.0 * np.arange(N_AGES)
    tilt = -0.02 + 0.75 * remoteness + 0.15 * rng.normal(size=census.size)
    shape = _PYRAMID * np.exp(tilt[:, None] * (middle - 42.0) / 40.0)
    shape[level == PREFECTURE, 3:6] *= (1.15, 1.7, 1.3)
    shape[level == MARKET_TOWN, 14:] *= 1.15
    shape /= shape.sum(axis=1, keepdims=True)
    by_class = rng.multinomial(census, shape)
    women = rng.binomial(by_class, _WOMEN_SHARE)
    return np.stack((by_class - women, women), axis=2).astype(np.int64)


def _years(rng: Generator, census: IntArray, remoteness: FloatArray) -> IntArray:
    """Return the people of each year: suburbs grow by 0.7 % a year, far valleys lose as much."""
    growth = 0.007 - 0.014 * remoteness + rng.normal(0, 0.003, census.size)
    ages = np.arange(FIRST_YEAR, LAST_YEAR + 1) - CENSUS_YEAR
    people = np.round(census[:, None] * (1 + growth[:, None]) ** ages).astype(np.int64)
    people[:, CENSUS_YEAR - FIRST_YEAR] = census
    return people
