"""Every figure of the department stands where those of real departments do, for several seeds."""

import numpy as np
import pytest

from maillage.sources.fictional import imagine_department
from maillage.sources.fictional.facilities import (
    HOSPITAL,
    NURSING_HOME,
    PHARMACY,
)
from maillage.sources.fictional.settlement import MARKET_TOWN, PREFECTURE


@pytest.fixture(scope="module", params=(2026, 0, 1, 2, 3, 4))
def drawn(request):
    return imagine_department(seed=request.param)


@pytest.fixture(scope="module")
def people(drawn):
    return drawn.settlement.people


def test_four_hundred_thousand_people_with_one_prefecture_of_ninety_thousand(people):
    assert 380_000 < people.sum() < 420_000
    largest = np.sort(people)[::-1]
    assert largest[0] == pytest.approx(90_000, rel=0.1)
    assert 15_000 < largest[1] < 30_000


def test_half_of_the_communes_have_fewer_than_six_hundred_people(people):
    assert 250 < np.median(people) < 600
    assert people.min() >= 22


def test_people_are_as_old_as_in_rural_departments(drawn, people):
    by_age = drawn.settlement.by_age.sum(axis=(0, 2)) / people.sum()
    assert 0.18 < by_age[13:].sum() < 0.35
    assert 0.08 < by_age[15:].sum() < 0.18
    assert 0.22 < by_age[:5].sum() < 0.32


def test_remote_communes_are_older(drawn, people):
    share = drawn.settlement.by_age[:, 13:].sum(axis=(1, 2)) / people
    remote = drawn.settlement.remoteness > np.quantile(drawn.settlement.remoteness, 0.8)
    close = drawn.settlement.remoteness < np.quantile(drawn.settlement.remoteness, 0.2)
    assert share[remote].mean() > share[close].mean() + 0.05


def test_doctors_are_as_many_as_in_france_and_a_third_nears_retirement(drawn, people):
    present = drawn.gps.present(2023)
    assert 7.5 < 1e4 * present.size / people.sum() < 9.5
    age = 2026 - drawn.gps.birth_year[drawn.gps.present(2026)]
    assert 0.2 < (age >= 60).mean() < 0.45


def test_access_is_that_of_a_department_with_deserts(drawn):
    problem = drawn.apl_problem(2023)
    access = problem.access(problem.acts)
    people = drawn.vintage(2024).totals(drawn.settlement.in_year(2021))
    assert 2.5 < np.average(access, weights=problem.demand) < 4.5
    assert 0.12 < people[access < 2.5].sum() / people.sum() < 0.40
    assert (access >= problem.access(problem.acts_under_65)).all()


def test_one_pharmacy_for_three_thousand_people(drawn, people):
    pharmacies = sum(facility.category == PHARMACY for facility in drawn.facilities)
    assert 2_800 < people.sum() / pharmacies < 3_600


def test_every_market_town_of_two_thousand_has_a_pharmacy(drawn, people):
    cells = {facility.cell for facility in drawn.facilities if facility.category == PHARMACY}
    towns = np.flatnonzero((drawn.settlement.level >= MARKET_TOWN) & (people > 2500))
    assert set(towns.tolist()) <= cells


def test_emergencies_in_three_towns_and_births_in_two_of_them(drawn):
    emergency = {facility.cell for facility in drawn.facilities if facility.emergency}
    maternity = {facility.cell for facility in drawn.facilities if facility.maternity}
    assert len(emergency) == 3
    assert len(maternity) == 2
    assert maternity < emergency
    assert all(f.category == HOSPITAL for f in drawn.facilities if f.emergency or f.maternity)


def test_places_for_the_elderly_are_about_one_for_ten_people_of_75_and_more(drawn):
    places = sum(f.places for f in drawn.facilities if f.category == NURSING_HOME)
    old = drawn.settlement.by_age[:, 15:].sum()
    assert 0.05 < places / old < 0.13


def test_pupils_are_about_a_tenth_of_the_people(drawn, people):
    pupils = sum(school.pupils for school in drawn.schools if school.kind == "Ecole")
    assert 0.07 < pupils / people.sum() < 0.12


def test_zones_are_whole_and_the_island_alone_has_no_epci(drawn):
    zones = drawn.zones
    assert np.flatnonzero(zones.epci < 0).tolist() == [drawn.land.island]
    assert np.unique(zones.epci).size == 13  # twelve and none
    for living in np.unique(zones.living):
        inside = zones.living == living
        assert np.unique(zones.employment[inside]).size == 1
    assert (zones.attraction_category == 11).sum() == (drawn.settlement.level > 1).sum()
    assert zones.attraction_category[drawn.settlement.level == PREFECTURE] == 11


def test_facilities_and_schools_stand_in_the_commune_that_they_name(drawn):
    centres = drawn.land.lonlat
    for site in (*drawn.facilities, *drawn.schools):
        assert np.abs(centres[site.cell] - site.lonlat).max() < 0.006  # degrees, 400 m
