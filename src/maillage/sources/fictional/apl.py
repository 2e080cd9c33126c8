"""The accessibility to general practitioners of the fictional department, by the formula of DREES.

Barlet et al., "L'accessibilité potentielle localisée (APL)", DREES, 2012; parameters as written in
the sheet "Paramètres" of the workbook of DREES for 2022 and 2023. Written again here, in a few
lines, on purpose: the engine is held to these figures in the tests.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from maillage.sources.fictional.geography import FloatArray, IntArray
from maillage.sources.fictional.history import Vintage
from maillage.sources.fictional.practice import Gps

# Weight of each five-year age class in the use of general practice.
AGE_WEIGHTS: Final = {
    2022: (
        .93, .59, .55, .59, .73, .78, .84, .88, .90, .97, 1.06, 1.14, 1.16, 1.19, 1.52, 1.53,
        1.72, 1.99, 2.39,
    ),
    2023: (
        1.12, .58, .51, .60, .75, .79, .82, .85, .89, .93, 1.03, 1.15, 1.18, 1.23, 1.46, 1.57,
        1.63, 1.89, 2.26,
    ),
}  # fmt: skip
POPULATION_YEAR: Final = {2022: 2020, 2023: 2021}
NEWLY_SETTLED_ACTS: Final = 5400
ACTS_FLOOR, ACTS_LOW, ACTS_HIGH = 250, 3600, 6000
RETIREMENT_AGE: Final = 65


@dataclass(frozen=True, slots=True)
class AplProblem:
    """What the formula takes, by commune of the vintage of the workbook.

    acts           acts offered in each commune, shape (n_communes,)
    acts_under_65  those of doctors under 65, shape (n_communes,)
    demand         standardised population; adds up to the population, shape (n_communes,)
    minutes        by road between communes, inf without road, shape (n_communes, n_communes)
    """

    acts: FloatArray
    acts_under_65: FloatArray
    demand: FloatArray
    minutes: FloatArray

    def access(self, acts: FloatArray) -> FloatArray:
        """Return the acts per standardised inhabitant within reach, shape (n_communes,)."""
        weight = decay(self.minutes)
        reaching = self.demand @ weight
        share = np.divide(acts, reaching, out=np.zeros_like(acts), where=reaching > 0)
        return np.asarray(weight @ share, dtype=np.float64)


def decay(minutes: FloatArray) -> FloatArray:
    """Return how much of a doctor counts: 1, then 2/3, 1/3 and 0 from 10, 15 and 20 minutes."""
    return np.select([minutes < 10, minutes < 15, minutes <= 20], [1.0, 2 / 3, 1 / 3], 0.0)


def counted_acts(gps: Gps, *, year: int) -> FloatArray:
    """Return the acts that DREES counts for each doctor in `year`, shape (n_gps,): 0 when away.

    Under 250 none, then at least 3,600 and at most 6,000; 5,400 for the newly settled; the bounds
    do not hold for doctors of centres de santé.
    """
    bounded = np.where(gps.acts <= ACTS_FLOOR, 0, np.clip(gps.acts, ACTS_LOW, ACTS_HIGH))
    counted = np.where(gps.first_year == year, NEWLY_SETTLED_ACTS, bounded)
    counted = np.where(gps.salaried == 1, gps.acts, counted).astype(np.float64)
    counted[(gps.first_year > year) | (gps.last_year < year)] = 0.0
    return counted


def standardised_people(by_age: FloatArray, *, year: int) -> FloatArray:
    """Return people weighted by age, scaled so that the total is kept, shape (n_communes,)."""
    weighted = by_age @ np.array(AGE_WEIGHTS[year])
    return np.asarray(weighted * by_age.sum() / weighted.sum(), dtype=np.float64)


def pose_apl(
    *, year: int, vintage: Vintage, gps: Gps, by_age: FloatArray, minutes: FloatArray
) -> AplProblem:
    """Gather what the formula takes for `year`.

    by_age   people by cell and age class in the population year, shape (n_cells, 19)
    minutes  between cells; that of a commune is that of its seat, shape (n_cells, n_cells)
    """
    acts = counted_acts(gps, year=year)
    young = np.where(year - gps.birth_year < RETIREMENT_AGE, acts, 0.0)
    return AplProblem(
        acts=_by_commune(acts, gps.cell, vintage),
        acts_under_65=_by_commune(young, gps.cell, vintage),
        demand=standardised_people(vintage.totals(by_age), year=year),
        minutes=minutes[np.ix_(vintage.seat, vintage.seat)],
    )


def _by_commune(acts: FloatArray, cell: IntArray, vintage: Vintage) -> FloatArray:
    totals = np.bincount(vintage.row[cell], weights=acts, minlength=len(vintage))
    return np.asarray(totals, dtype=np.float64)
