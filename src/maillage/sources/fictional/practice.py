"""Who cares: general practitioners with their age and their acts, and the other professions."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from maillage.core.errors import InputError
from maillage.sources.fictional.geography import BoolArray, FloatArray, IntArray, Land
from maillage.sources.fictional.settlement import (
    MARKET_TOWN,
    PREFECTURE,
    SUBPREFECTURE,
    VILLAGE,
    Settlement,
)
from maillage.sources.fictional.zones import Zones

GPS_PER_10K: Final = 8.9  # some leave: 8.4 remain (BPE 2024, France: 60,573 for 68.6 million, 8.8)
TODAY: Final = 2026
STILL_THERE: Final = 9999

# Profession, per 10,000 people, how much it prefers towns (0 follows people, 1 towns only).
OTHER_PROFESSIONS: Final = (
    ("nurse", 17.0, 0.2),
    ("physio", 11.0, 0.5),
    ("dentist", 5.6, 0.6),
    ("midwife", 1.2, 0.7),
    ("speech_therapist", 3.2, 0.7),
    ("specialist", 7.0, 1.0),
)


@dataclass(frozen=True, slots=True)
class Gps:
    """General practitioners, one per row.

    cell          where they work, shape (n_gps,)
    birth_year    shape (n_gps,)
    woman         shape (n_gps,)
    salaried      works in a centre de santé, shape (n_gps,)
    first_year    year of settling, shape (n_gps,)
    last_year     last year of practice, STILL_THERE for most, shape (n_gps,)
    acts          consultations and visits of a full year, shape (n_gps,)
    """

    cell: IntArray
    birth_year: IntArray
    woman: IntArray
    salaried: IntArray
    first_year: IntArray
    last_year: IntArray
    acts: IntArray

    def __post_init__(self) -> None:
        if np.any(self.first_year - self.birth_year < 24):
            raise InputError("A general practitioner settles before the age of 24.")

    def present(self, year: int) -> IntArray:
        """Return the rows of those who practise in `year`."""
        return np.flatnonzero((self.first_year <= year) & (self.last_year >= year))


def draw_gps(rng: Generator, *, land: Land, settlement: Settlement, zones: Zones) -> Gps:
    """Draw the general practitioners by size of place; few in the deserts, many near retirement."""
    desert = _deserts(settlement, zones)
    expected = _expected_gps(rng, land=land, settlement=settlement, zones=zones, desert=desert)
    count = rng.multinomial(round(expected.sum()), expected / expected.sum())
    count[(settlement.level == MARKET_TOWN) & ~desert & (count == 0)] = 1
    count[land.island] = 1
    cell = np.repeat(np.arange(count.size), count)
    size = cell.size
    age = np.clip(np.round(_ages(rng, size) + 4.0 * desert[cell]), 30, 74).astype(np.int64)
    acts = np.round(rng.lognormal(np.log(4650), 0.33, size) * np.where(age > 66, 0.8, 1.0))
    acts = np.where(rng.random(size) < 0.02, rng.integers(60, 249, size), acts)
    salaried = (rng.random(size) < 0.07) & (settlement.level[cell] >= MARKET_TOWN)
    acts = np.where(salaried, rng.integers(2800, 4200, size), acts)
    birth_year = 2023 - age
    first_year = np.maximum(birth_year + 30, birth_year + 29 + rng.poisson(5, size))
    return Gps(
        cell=cell,
        birth_year=birth_year,
        woman=(rng.random(size) < np.clip(0.85 - 0.011 * age, 0.12, 0.62)).astype(np.int64),
        salaried=salaried.astype(np.int64),
        first_year=np.minimum(first_year, rng.integers(2018, 2024, size)),
        last_year=_last_years(rng, age),
        acts=acts.astype(np.int64),
    )


def draw_others(rng: Generator, *, settlement: Settlement) -> dict[str, IntArray]:
    """Draw the number of other professionals by profession, each of shape (n_cells,)."""
    people = settlement.people.astype(np.float64)
    pull = np.array([0.25, 1.6, 2.4, 1.5])[settlement.level] * people
    pull[people < 400] = 0.0
    counts = {}
    for profession, per_10k, taste in OTHER_PROFESSIONS:
        spread = (1 - taste) * people * (people > 600) + taste * pull * (settlement.level > VILLAGE)
        if profession == "specialist":
            spread = spread * (settlement.level >= SUBPREFECTURE)
        expected = per_10k * people.sum() / 1e4 * spread / spread.sum()
        counts[profession] = rng.poisson(expected).astype(np.int64)
    return counts


def _deserts(settlement: Settlement, zones: Zones) -> BoolArray:
    """Say which cells are in the far living zones that most doctors left without successor."""
    centres = np.flatnonzero(settlement.level == MARKET_TOWN)
    far = centres[np.argsort(settlement.remoteness[centres])[::-1]]
    return np.isin(zones.living, far[1 : 2 + len(far) // 3])


def _expected_gps(
    rng: Generator, *, land: Land, settlement: Settlement, zones: Zones, desert: BoolArray
) -> FloatArray:
    people = settlement.people.astype(np.float64)
    per_10k = np.select(
        [
            settlement.level == PREFECTURE,
            settlement.level == SUBPREFECTURE,
            settlement.level == MARKET_TOWN,
        ],
        [10.5, 13.5, 15.0],
        np.select([people > 2000, people > 1200, people > 700], [8.0, 6.0, 2.5], 0.3),
    )
    luck = rng.lognormal(0.0, 0.3, people.size)[zones.living]
    height = np.where(land.elevation_m > 800, 0.7, 1.0)
    expected = people / 1e4 * per_10k * luck * height * np.where(desert, 0.28, 1.0)
    return np.asarray(
        expected * GPS_PER_10K * people.sum() / 1e4 / expected.sum(), dtype=np.float64
    )


def _ages(rng: Generator, size: int) -> FloatArray:
    """Draw ages in 2023: young ones, the middle, and the numerous who are about to retire."""
    kind = rng.choice(3, size, p=(0.36, 0.30, 0.34))
    return np.asarray(
        rng.normal(np.array([38.0, 51.0, 63.5])[kind], np.array([4.5, 5.0, 4.0])[kind])
    )


def _last_years(rng: Generator, age: IntArray) -> IntArray:
    """Let some of the oldest stop in 2022, 2023 or 2024."""
    stops = (age >= 64) & (rng.random(age.size) < 0.45)
    return np.where(stops, rng.integers(2022, 2025, age.size), STILL_THERE)
