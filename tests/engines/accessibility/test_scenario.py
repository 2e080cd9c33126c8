"""What-if: linear, exact for the model, added to the published APL."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.accessibility.catchment import prepare
from maillage.engines.accessibility.decay import DREES_2022_2023, within
from maillage.engines.accessibility.methods import two_step
from maillage.engines.accessibility.moves import (
    BusDay,
    Doctors,
    HealthHouse,
    Retirements,
    SalariedCentre,
    SupplyChange,
    TeleconsultationCabin,
)
from maillage.engines.accessibility.one_more import people_lifted_by_each
from maillage.engines.accessibility.scenario import Baseline, ModelError, effect, simulate
from tests.engines.accessibility.catchments import catchments, valley

NO_ERROR = ModelError(0.0, "test")


def baseline_of(catchment, *, published=None, younger=None, error=NO_ERROR):
    """Return a baseline whose published access is the model's own unless told otherwise."""
    prepared = prepare(catchment, DREES_2022_2023)
    own = two_step(prepared, demand=catchment.demand, supply=catchment.supply).access
    shown = own if published is None else np.array(published, dtype=float)
    return Baseline(
        catchment=prepared,
        published=shown,
        published_younger=0.8 * shown if younger is None else np.array(younger, dtype=float),
        standardised_population=catchment.demand,
        population=np.round(catchment.demand),
        error=error,
    )


@given(catchments(), st.data())
def test_a_gain_is_what_measuring_again_would_find(catchment, data):
    site = data.draw(st.integers(0, catchment.supply.size - 1))
    baseline = baseline_of(catchment)
    supply = catchment.supply.copy()
    supply[site] += 2 * 5400
    again = two_step(baseline.catchment, demand=catchment.demand, supply=supply).access
    answer = simulate(baseline, [Doctors(site, 2)])
    assert answer.estimated == pytest.approx(again, rel=1e-9, abs=1e-9)


@given(catchments(), st.lists(st.tuples(st.integers(0, 99), st.integers(-3, 3)), max_size=5))
def test_moves_add_up_in_any_order(catchment, raw):
    baseline = baseline_of(catchment)
    moves = [Doctors(site % catchment.supply.size, count) for site, count in raw]
    together = simulate(baseline, moves).gain
    apart = sum((simulate(baseline, [move]).gain for move in moves), np.zeros(together.size))
    backwards = simulate(baseline, moves[::-1]).gain
    scale = 1e-9 * (1 + np.abs(apart).max(initial=0) + np.abs(together).max(initial=0))
    assert together == pytest.approx(apart, rel=1e-9, abs=scale)
    assert together == pytest.approx(backwards, rel=1e-9, abs=scale)


@given(catchments(), st.data())
def test_the_acts_of_a_move_are_handed_out_whole(catchment, data):
    site = data.draw(st.integers(0, catchment.supply.size - 1))
    answer = simulate(baseline_of(catchment), [Doctors(site, 1)])
    everyone = np.ones(catchment.demand.size, dtype=bool)
    handed_out = answer.benefit(everyone).acts_inside
    assert answer.acts_changed == 5400
    expected = 0 if answer.unreached.size else 5400
    assert handed_out == pytest.approx(expected, rel=1e-9)


def test_each_move_says_its_acts():
    cabin = TeleconsultationCabin(
        1, acts_per_year=1000, counted_share=0.4, decay=within(minutes=10)
    )
    assert Doctors(1, -2).changes() == (SupplyChange(1, -10_800),)
    assert Doctors(1, 1, acts_per_fte=4000).changes() == (SupplyChange(1, 4000),)
    assert HealthHouse(1, new_doctors=2, joining_doctors=5, freed_time_share=0.1).changes() == (
        SupplyChange(1, 2.5 * 5400),
    )
    assert SalariedCentre(1, doctors=3, acts_per_doctor=3000).changes() == (SupplyChange(1, 9000),)
    assert BusDay((1, 2), days_per_week=2).changes() == (
        SupplyChange(1, 1080),
        SupplyChange(2, 1080),
    )
    assert cabin.changes() == (SupplyChange(1, 400, cabin.decay),)
    assert Retirements(np.array([0]), 0.5).changes() == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda: BusDay(()),
        lambda: BusDay((1,), days_per_week=8),
        lambda: HealthHouse(0, new_doctors=-1),
        lambda: HealthHouse(0, new_doctors=1, freed_time_share=1.5),
        lambda: TeleconsultationCabin(0, 100, 40, within(minutes=5)),
        lambda: Retirements(np.array([0]), 1.01),
        lambda: Doctors(0, 1, acts_per_fte=-1),
        lambda: SalariedCentre(0, doctors=float("nan"), acts_per_doctor=1),
        lambda: ModelError(-0.1, "test"),
    ],
)
def test_moves_that_make_no_sense_are_refused(make):
    with pytest.raises(InputError, match="expected"):
        make()


def test_a_cabin_has_a_catchment_of_its_own():
    baseline = baseline_of(valley())
    cabin = TeleconsultationCabin(0, 1000, 0.5, within(minutes=10))
    answer = simulate(baseline, [cabin])
    assert answer.gain == pytest.approx([0.5, 0, 0])  # 500 acts, the 1,000 people of village 0


def test_a_catchment_farther_than_prepared_is_refused():
    cabin = TeleconsultationCabin(0, 1000, 0.5, within(minutes=25))
    with pytest.raises(InputError, match="stop at 20 min"):
        simulate(baseline_of(valley()), [cabin])


def test_a_site_that_does_not_exist_is_refused():
    with pytest.raises(InputError, match="Site 2 does not exist"):
        simulate(baseline_of(valley()), [Doctors(2, 1)])


def test_acts_that_nobody_reaches_are_told():
    baseline = baseline_of(valley())
    nobody = dataclasses.replace(baseline, standardised_population=np.array([1000.0, 0.0, 500.0]))
    answer = simulate(nobody, [Doctors(1, 1), Doctors(1, 0)])
    assert answer.unreached.tolist() == [1]
    assert not answer.gain.any()
    assert effect(nobody, SupplyChange(1, 100.0))[0].size == 0


def test_removing_more_than_there_is_stops_at_nought_and_says_where():
    baseline = baseline_of(valley(), published=[1.0, 3.0, 2.0])
    answer = simulate(baseline, [Doctors(0, -1)])
    lost = 5400 / (1000 + 2000 * 2 / 3)
    assert answer.estimated == pytest.approx([0, 3 - lost * 2 / 3, 2])
    assert answer.gain == pytest.approx([-lost, -lost * 2 / 3, 0])
    assert answer.clipped.tolist() == [0]


def test_retirements_slide_towards_the_younger_doctors_for_the_places_told():
    baseline = baseline_of(valley(), published=[3.0, 2.0, 1.0], younger=[2.0, 2.5, 0.5])
    answer = simulate(baseline, [Retirements(np.array([0, 1, 1]), 0.5)])
    assert answer.estimated == pytest.approx([2.5, 2.0, 1.0])  # village 1: never more than all
    assert not answer.error.any()


def test_the_same_doctors_cannot_retire_twice():
    twice = [Retirements(np.array([0]), 0.6), Retirements(np.array([0, 1]), 0.6)]
    with pytest.raises(InputError, match=r"Place 0 loses 1\.20"):
        simulate(baseline_of(valley()), twice)


def test_places_without_a_published_figure_stay_without_and_are_told():
    baseline = baseline_of(valley(), published=[np.nan, 2.0, np.nan])
    answer = simulate(baseline, [Doctors(0, 1), Retirements(np.array([2]), 1.0)])
    assert np.isnan(answer.estimated[[0, 2]]).all()
    assert answer.unknown.tolist() == [0]


def test_who_passes_the_threshold_is_counted_in_people():
    baseline = baseline_of(valley(), published=[2.4, 2.6, 2.0])
    up = simulate(baseline, [Doctors(0, 1)]).crossing(2.5)
    assert (up.lifted.tolist(), up.people_lifted, up.dropped.size) == ([0], 1000, 0)
    down = simulate(baseline, [Doctors(0, -1)]).crossing(2.5)
    assert (down.dropped.tolist(), down.people_dropped, down.lifted.size) == ([1], 2000, 0)


def test_exactly_at_the_threshold_is_not_below():
    baseline = baseline_of(valley(), published=[2.5, 2.5, 2.5])
    crossing = simulate(baseline, [Doctors(0, 1)]).crossing(2.5)
    assert crossing.lifted.size == crossing.dropped.size == 0


def test_neighbours_benefit_is_told_apart():
    baseline = baseline_of(valley())
    answer = simulate(baseline, [Doctors(0, 1)])
    inside = np.array([True, False, False])
    benefit = answer.benefit(inside)
    assert benefit.acts_inside + benefit.acts_outside == pytest.approx(5400)
    assert benefit.acts_inside == pytest.approx(5400 * 1000 / (1000 + 2000 * 2 / 3))
    assert (benefit.people_gaining_inside, benefit.people_gaining_outside) == (1000, 2000)
    assert benefit.people_losing_inside == benefit.people_losing_outside == 0
    with pytest.raises(InputError, match="inside has shape"):
        answer.benefit(inside[:2])


def test_the_model_error_goes_with_what_the_model_moves():
    baseline = baseline_of(valley(), error=ModelError(0.2, "test"))
    answer = simulate(baseline, [Doctors(0, 1), Doctors(0, -1)])
    each = 5400 / (1000 + 2000 * 2 / 3)
    assert answer.gain == pytest.approx([0, 0, 0])
    assert answer.error == pytest.approx([0.4 * each, 0.4 * each * 2 / 3, 0])


@given(catchments(), st.floats(0, 5), st.sampled_from([0.0, 100.0, 5400.0, 54_000.0]))
def test_one_more_doctor_everywhere_agrees_with_one_scenario_each(catchment, threshold, acts):
    # An eighth of a thousandth keeps places off the very edge, where rounding decides.
    baseline = baseline_of(catchment, published=np.arange(catchment.demand.size) + 0.000125)
    everywhere = people_lifted_by_each(baseline, threshold=threshold, acts=acts)
    for site in range(catchment.supply.size):
        answer = simulate(baseline, [SalariedCentre(site, 1, acts)])
        close = np.abs(answer.estimated - threshold) < 1e-9
        if not close.any():
            lifted = answer.crossing(threshold).people_lifted
            assert everywhere[site] == pytest.approx(lifted)
