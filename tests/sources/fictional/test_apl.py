import numpy as np
import pytest

from maillage.sources.apl_workbook import read_apl, read_apl_workbook
from maillage.sources.fictional.apl import AGE_WEIGHTS, counted_acts, decay, standardised_people
from maillage.sources.fictional.practice import STILL_THERE, Gps


def _gps(*, acts, first_year=2010, last_year=STILL_THERE, salaried=0):
    one = np.ones(1, dtype=np.int64)
    return Gps(
        0 * one, 1970 * one, 0 * one, salaried * one, first_year * one, last_year * one, acts * one
    )


@pytest.mark.parametrize(
    ("acts", "counted"), [(200, 0), (251, 3600), (4000, 4000), (9000, 6000), (3600, 3600)]
)
def test_acts_are_bounded_as_drees_does(acts, counted):
    assert counted_acts(_gps(acts=acts), year=2023) == [counted]


def test_newly_settled_doctors_count_for_5400_acts_and_salaried_ones_for_their_own():
    assert counted_acts(_gps(acts=1000, first_year=2023), year=2023) == [5400]
    assert counted_acts(_gps(acts=1000, salaried=1), year=2023) == [1000]


def test_doctors_who_are_not_there_count_for_nothing():
    assert counted_acts(_gps(acts=4000, first_year=2024), year=2023) == [0]
    assert counted_acts(_gps(acts=4000, last_year=2022), year=2023) == [0]


def test_distance_counts_by_steps_of_ten_fifteen_and_twenty_minutes():
    minutes = np.array([0, 9.9, 10, 14.9, 15, 20, 20.1, np.inf])
    assert decay(minutes) == pytest.approx([1, 1, 2 / 3, 2 / 3, 1 / 3, 1 / 3, 0, 0])


def test_standardised_people_add_up_to_people():
    by_age = np.random.default_rng(0).integers(0, 50, (5, 19)).astype(float)
    assert standardised_people(by_age, year=2023).sum() == pytest.approx(by_age.sum())


@pytest.mark.parametrize("year", [2022, 2023])
def test_every_act_offered_is_handed_out(department, year):
    problem = department.apl_problem(year)
    assert problem.access(problem.acts) @ problem.demand == pytest.approx(problem.acts.sum())


def test_access_is_what_the_definition_says_commune_by_commune(department):
    """The two steps written with loops, on the first thirty communes."""
    problem = department.apl_problem(2023)
    weight = decay(problem.minutes)
    sites = range(len(problem.acts))
    reaching = [sum(problem.demand[i] * weight[i, j] for i in sites) for j in sites]
    access = problem.access(problem.acts)
    for i in range(30):
        by_hand = sum(weight[i, j] * problem.acts[j] / reaching[j] for j in sites)
        assert access[i] == pytest.approx(by_hand)


@pytest.mark.parametrize("year", [2022, 2023])
def test_the_workbook_says_the_formula_to_three_decimals(department, folder, year):
    table = read_apl(folder / "apl/apl_generalistes_2022_2023_drees.xlsx", year=year)
    problem, vintage = department.apl_problem(year), department.vintage(year + 1)
    assert table["commune_code"].tolist() == list(vintage.codes)
    assert table["apl"] == pytest.approx(problem.access(problem.acts), abs=0.0005)
    young = problem.access(problem.acts_under_65)
    assert table["apl_65"] == pytest.approx(young, abs=0.0005)
    assert table["standardised_population"] == pytest.approx(problem.demand, abs=0.0005)
    # Rounded communes add up to the people of the year, to a person per commune at most.
    assert table["population"].sum() == pytest.approx(problem.demand.sum(), abs=len(vintage))


def test_the_parameters_of_the_workbook_are_those_of_drees(folder):
    workbook = read_apl_workbook(folder / "apl/apl_generalistes_2022_2023_drees.xlsx")
    parameters = workbook.parameters
    assert parameters is not None
    assert parameters.age_weights == AGE_WEIGHTS
    assert parameters.decay_min == (10, 15, 20)
    assert parameters.decay_weights == pytest.approx((1, 2 / 3, 1 / 3, 0))
    assert parameters.activity is not None


@pytest.mark.data
def test_the_parameters_are_those_of_the_real_workbook(data_dir, folder):
    name = "apl/apl_generalistes_2022_2023_drees.xlsx"
    real, ours = (read_apl_workbook(path / name).parameters for path in (data_dir, folder))
    assert real is not None
    assert ours is not None
    assert ours.age_weights == real.age_weights
    assert ours.decay_min == real.decay_min
    assert ours.decay_weights == real.decay_weights
    assert ours.activity == real.activity
