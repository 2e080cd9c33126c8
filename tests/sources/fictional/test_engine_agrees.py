"""The accessibility engine finds the published figures of the department, from its practitioners.

Two programs written apart: `sources.fictional.apl` in dense NumPy, the engine over tables of trips.
"""

import numpy as np
import pytest

from maillage.engines.accessibility.activity import counted_acts
from maillage.engines.accessibility.apl import APL_2022, APL_2023
from maillage.engines.accessibility.catchment import Catchment
from maillage.engines.accessibility.methods import TwoStep
from maillage.engines.accessibility.standardisation import standardised_demand
from maillage.sources.apl_workbook import read_apl
from maillage.sources.fictional.apl import POPULATION_YEAR


@pytest.mark.parametrize("parameters", [APL_2022, APL_2023], ids=["2022", "2023"])
@pytest.mark.parametrize("column", ["apl", "apl_65"])
def test_the_engine_finds_the_workbook_to_three_decimals(department, folder, parameters, column):
    year = parameters.year
    vintage = department.vintage(year + 1)
    supply = _supply(department, vintage, parameters, young_only=column == "apl_65")
    people = department.people_by_age(POPULATION_YEAR[year]).sum(axis=2)
    demand = standardised_demand(vintage.totals(people), parameters.age_weights)
    minutes = department.minutes[np.ix_(vintage.seat, vintage.seat)]
    origin, destination = np.nonzero(minutes <= parameters.decay.reach_min)
    catchment = Catchment.from_pairs(
        demand=demand,
        supply=supply,
        origin=origin,
        destination=destination,
        travel_time_min=minutes[origin, destination],
    )
    found = TwoStep(decay=parameters.decay).measure(catchment)
    published = read_apl(folder / "apl/apl_generalistes_2022_2023_drees.xlsx", year=year)
    assert found.access == pytest.approx(published[column], abs=0.0005)
    assert demand == pytest.approx(published["standardised_population"], abs=0.0005)


def _supply(department, vintage, parameters, *, young_only):
    """Acts counted in each commune, by the engine's bounds."""
    gps, year = department.gps, parameters.year
    acts = counted_acts(
        gps.acts.astype(float),
        bounds=parameters.bounds,
        in_centre=gps.salaried == 1,
        newcomer=gps.first_year == year,
    )
    there = (gps.first_year <= year) & (gps.last_year >= year)
    if young_only:
        there &= year - gps.birth_year < parameters.oldest_doctor_age
    return np.bincount(vintage.row[gps.cell], acts * there, minlength=len(vintage))
