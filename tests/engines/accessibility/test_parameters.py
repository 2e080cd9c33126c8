"""Decay, activity bounds and age weights, as the DREES workbook gives them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.accessibility import activity, decay, standardisation
from maillage.engines.accessibility.activity import ActivityBounds, counted_acts
from maillage.engines.accessibility.apl import APL_2022, APL_2023
from maillage.engines.accessibility.decay import GaussianDecay, PowerDecay, StepDecay, within
from maillage.engines.accessibility.standardisation import (
    AgeWeights,
    conservation_factor,
    standardised_demand,
)
from tests.engines.accessibility.reference import drees_weight


@pytest.mark.parametrize(
    ("minutes", "weight"),
    [
        (0, 1),
        (9.999, 1),
        (10, 2 / 3),
        (14.999, 2 / 3),
        (15, 1 / 3),
        (20, 1 / 3),
        (20.001, 0),
        (math.inf, 0),
    ],
)
def test_drees_steps_hold_at_their_very_ends(minutes, weight):
    assert decay.DREES_2022_2023(np.array([minutes]))[0] == weight


@given(st.floats(0, 100))
def test_steps_agree_with_the_sheet_read_aloud(minutes):
    assert decay.DREES_2022_2023(np.array([minutes]))[0] == drees_weight(minutes)


def test_a_radius_includes_its_own_limit():
    assert within(minutes=30)(np.array([30.0, 30.1])).tolist() == [1, 0]


def test_gaussian_decay_falls_to_the_known_value_at_one_width():
    weights = GaussianDecay(width_min=10, reach_min=30)(np.array([0.0, 10.0, 30.0, 30.1, np.inf]))
    expected = [1, math.exp(-0.5), math.exp(-4.5), 0, 0]
    assert weights == pytest.approx(expected, abs=1e-15)


def test_power_decay_is_level_near_and_falls_with_the_square():
    weights = PowerDecay(exponent=2, nearest_min=5, reach_min=60)(
        np.array([0.0, 5.0, 10.0, 60.0, 61.0, np.inf])
    )
    assert weights == pytest.approx([1, 1, 0.25, 1 / 144, 0, 0])


@pytest.mark.parametrize(
    ("thresholds", "weights"),
    [
        ((), ()),
        ((10.0,), (1.0, 0.5)),
        ((10.0, 5.0), (1.0, 0.5)),
        ((0.0,), (1.0,)),
        ((math.inf,), (1.0,)),
        ((10.0, 20.0), (0.5, 1.0)),
        ((10.0,), (1.1,)),
        ((10.0,), (-0.1,)),
    ],
)
def test_steps_that_make_no_sense_are_refused(thresholds, weights):
    with pytest.raises(InputError, match="expected"):
        StepDecay(thresholds, weights)


@pytest.mark.parametrize(
    "make",
    [
        lambda: GaussianDecay(width_min=0, reach_min=30),
        lambda: PowerDecay(exponent=1, nearest_min=5, reach_min=math.inf),
    ],
)
def test_decays_need_numbers_above_nought(make):
    with pytest.raises(InputError, match="above 0"):
        make()


@pytest.mark.parametrize(
    ("acts", "counted"),
    [
        (0, 0),
        (249, 0),
        (250, 0),
        (251, 3600),
        (3600, 3600),
        (3601, 3601),
        (6000, 6000),
        (6001, 6000),
        (15000, 6000),
    ],
)
def test_activity_is_bounded_as_in_the_sheet(acts, counted):
    assert counted_acts(np.array([float(acts)]))[0] == counted


def test_centres_count_what_they_do_and_newcomers_a_flat_figure():
    counted = counted_acts(
        np.array([100.0, 9000.0, 0.0, 300.0]),
        in_centre=np.array([True, True, False, False]),
        newcomer=np.array([False, False, True, False]),
    )
    assert counted.tolist() == [100, 9000, 5400, 3600]


@pytest.mark.parametrize("bounds", [(250, 200, 6000, 5400), (250, 3600, 6000, 7000)])
def test_bounds_in_disorder_are_refused(bounds):
    with pytest.raises(InputError, match="expected"):
        ActivityBounds(*bounds, "test")


def test_acts_below_nought_are_refused_with_their_position():
    with pytest.raises(InputError, match="position 1"):
        counted_acts(np.array([10.0, -1.0]))


def test_both_series_share_decay_and_bounds_but_not_age_weights():
    assert APL_2022.decay == APL_2023.decay
    assert APL_2022.bounds is APL_2023.bounds is activity.DREES_2022_2023
    assert len(APL_2022.age_weights.weights) == len(APL_2023.age_weights.weights) == 19
    assert APL_2022.age_weights != APL_2023.age_weights
    assert APL_2023.age_weights.weights[-1] == 2.26


AGES = st.lists(st.lists(st.floats(0, 1e6), min_size=19, max_size=19), min_size=1, max_size=5)


@given(AGES.filter(lambda rows: sum(map(sum, rows)) > 1e-3))
def test_standardising_moves_people_and_loses_none(rows):
    people = np.array(rows)
    standardised = standardised_demand(people, APL_2023.age_weights)
    assert standardised.sum() == pytest.approx(people.sum(), rel=1e-12)


def test_standardised_people_are_those_of_a_sum_by_hand():
    weights = AgeWeights((0, 65), (0.5, 2.0), "test")
    people = np.array([[100.0, 0.0], [0.0, 50.0]])
    assert conservation_factor(people, weights) == pytest.approx(1.0)
    assert standardised_demand(people, weights).tolist() == [50, 100]
    assert standardised_demand(people[:1], weights, factor=1.5).tolist() == [75]


@pytest.mark.parametrize(
    "people", [np.ones((2, 3)), np.ones(2), -np.ones((1, 2)), np.array([[np.inf, 1.0]])]
)
def test_populations_by_age_must_fit_the_classes(people):
    with pytest.raises(InputError, match="population_by_age"):
        standardised_demand(people, AgeWeights((0, 65), (0.5, 2.0), "test"), factor=1.0)


def test_an_empty_country_cannot_be_standardised():
    with pytest.raises(InputError, match="empty"):
        conservation_factor(np.zeros((2, 3)), standardisation.THREE_CLASSES_2022)


@pytest.mark.parametrize(
    ("youngest", "weights"),
    [((5, 10), (1.0, 1.0)), ((), ()), ((0, 0), (1.0, 1.0)), ((0, 5), (1.0,)), ((0,), (0.0,))],
)
def test_age_classes_that_make_no_sense_are_refused(youngest, weights):
    with pytest.raises(InputError, match=r"age classes|Age classes"):
        AgeWeights(youngest, weights, "test")


@pytest.mark.data
def test_parameters_are_those_of_the_workbook(data_dir):
    import python_calamine

    path = data_dir / "apl" / "apl_generalistes_2022_2023_drees.xlsx"
    sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Paramètres")
    rows = sheet.to_python()
    first = next(k for k, row in enumerate(rows) if row[0] == "Moins de 5 ans")
    ages = rows[first : first + 19]
    assert tuple(row[1] for row in ages) == APL_2022.age_weights.weights
    assert tuple(row[2] for row in ages) == APL_2023.age_weights.weights
    steps = next(k for k, row in enumerate(rows) if row[0] == "Temps de trajet entre communes")
    assert [row[1] for row in rows[steps + 1 : steps + 5]] == [*APL_2023.decay.weights, 0.0]
