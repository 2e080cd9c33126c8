"""The fictional department as a whole, before it is written down."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.sources.fictional.apl import POPULATION_YEAR, AplProblem, pose_apl
from maillage.sources.fictional.facilities import (
    Facility,
    School,
    draw_facilities,
    draw_schools,
)
from maillage.sources.fictional.geography import FloatArray, IntArray, Land, draw_land
from maillage.sources.fictional.history import CELLS_MERGED_AWAY, History, Vintage, tell_history
from maillage.sources.fictional.practice import Gps, draw_gps, draw_others
from maillage.sources.fictional.roads import minutes_by_road
from maillage.sources.fictional.settlement import Settlement, settle
from maillage.sources.fictional.zones import Zones, lay_zones

FEWEST_COMMUNES: Final = 60
MOST_COMMUNES: Final = 900  # three figures after the code of the department


@dataclass(frozen=True, slots=True)
class Department:
    """Everything there is to know of the fictional department; figures are by cell.

    minutes  by road from cell to cell, inf without road, shape (n_cells, n_cells)
    others   number of other professionals by profession, each of shape (n_cells,)
    """

    seed: int
    land: Land
    minutes: FloatArray
    settlement: Settlement
    zones: Zones
    history: History
    gps: Gps
    others: dict[str, IntArray]
    facilities: tuple[Facility, ...]
    schools: tuple[School, ...]

    def vintage(self, year: int) -> Vintage:
        """Return the communes on 1 January of `year`."""
        return self.history.vintage(year)

    def people_by_age(self, year: int) -> FloatArray:
        """Return people by cell, five-year class and sex in `year`, shape (n_cells, 19, 2)."""
        growth = self.settlement.in_year(year) / self.settlement.people
        return np.asarray(self.settlement.by_age * growth[:, None, None], dtype=np.float64)

    def apl_problem(self, year: int) -> AplProblem:
        """Return what the APL of 2022 or 2023 is made of, in the communes of the year after."""
        by_age = self.people_by_age(POPULATION_YEAR[year]).sum(axis=2)
        return pose_apl(
            year=year,
            vintage=self.vintage(year + 1),
            gps=self.gps,
            by_age=by_age,
            minutes=self.minutes,
        )


def imagine_department(*, seed: int, n_communes: int = 300) -> Department:
    """Return the department of a seed: the same seed always gives the same one.

    `n_communes` counts the communes of 2026. Raises InputError outside 60 to 900.
    """
    if not FEWEST_COMMUNES <= n_communes <= MOST_COMMUNES:
        raise InputError(
            f"{n_communes} communes were asked for; a fictional department has from "
            f"{FEWEST_COMMUNES} to {MOST_COMMUNES}."
        )
    rng = np.random.default_rng(seed)
    land = draw_land(rng, n_cells=n_communes + CELLS_MERGED_AWAY)
    minutes = minutes_by_road(land)
    settlement = settle(rng, land=land, minutes=minutes)
    zones = lay_zones(land=land, settlement=settlement, minutes=minutes)
    return Department(
        seed=seed,
        land=land,
        minutes=minutes,
        settlement=settlement,
        zones=zones,
        history=tell_history(rng, land=land, settlement=settlement, zones=zones),
        gps=draw_gps(rng, land=land, settlement=settlement, zones=zones),
        others=draw_others(rng, settlement=settlement),
        facilities=draw_facilities(rng, land=land, settlement=settlement, zones=zones),
        schools=draw_schools(rng, land=land, settlement=settlement),
    )
