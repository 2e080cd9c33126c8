"""Access measures against the papers' loops, their invariants, and PySAL's `access`."""

import importlib.util

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.engines.accessibility.apl import apl
from maillage.engines.accessibility.catchment import Catchment, prepare
from maillage.engines.accessibility.congestion import RationalAgents
from maillage.engines.accessibility.decay import (
    DREES_2022_2023,
    GaussianDecay,
    PowerDecay,
    StepDecay,
    within,
)
from maillage.engines.accessibility.methods import Potential, ThreeStep, TwoStep, two_step
from tests.engines.accessibility import reference
from tests.engines.accessibility.catchments import catchments, valley

DECAYS = [
    DREES_2022_2023,
    within(minutes=30),
    GaussianDecay(width_min=8, reach_min=45),
    PowerDecay(exponent=1.5, nearest_min=2, reach_min=45),
]


def plain_weight(decay):
    return lambda minutes: float(decay(np.array([minutes]))[0])


def test_the_valley_is_worked_out_by_hand():
    measured = TwoStep(DREES_2022_2023).measure(valley())
    first = 7000 / (1000 + 2000 * 2 / 3)
    second = 4000 / (2000 / 3)
    expected = [first, first * 2 / 3 + second / 3, 0]
    assert measured.access == pytest.approx(expected, rel=1e-15)
    assert measured.unserved.tolist() == [False, False, True]
    assert not measured.unreached.any()
    assert measured.gap == 0


@given(catchments(), st.sampled_from(DECAYS))
def test_two_steps_agree_with_the_loops_of_the_paper(catchment, decay):
    measured = TwoStep(decay).measure(catchment).access
    assert measured == pytest.approx(
        reference.two_step(catchment, plain_weight(decay)), rel=1e-9, abs=1e-12
    )


@given(catchments(), st.sampled_from(DECAYS))
def test_three_steps_agree_with_the_loops_of_the_paper(catchment, decay):
    measured = ThreeStep(decay).measure(catchment).access
    assert measured == pytest.approx(
        reference.three_step(catchment, plain_weight(decay)), rel=1e-9, abs=1e-12
    )


@given(catchments(), st.sampled_from(DECAYS))
def test_potential_agrees_with_the_sum(catchment, decay):
    measured = Potential(decay).measure(catchment).access
    assert measured == pytest.approx(
        reference.potential(catchment, plain_weight(decay)), rel=1e-9, abs=1e-12
    )


@given(catchments(), st.sampled_from(DECAYS))
def test_a_prepared_catchment_gives_what_the_table_gives(catchment, decay):
    raw = TwoStep(decay).measure(catchment)
    ready = two_step(prepare(catchment, decay), demand=catchment.demand, supply=catchment.supply)
    assert ready.access == pytest.approx(raw.access, rel=1e-12, abs=1e-12)
    assert ready.demand_reaching == pytest.approx(raw.demand_reaching, rel=1e-12)
    assert np.array_equal(ready.unserved, raw.unserved)
    assert np.array_equal(ready.unreached, raw.unreached)


@given(catchments(), st.sampled_from([TwoStep, ThreeStep]), st.sampled_from(DECAYS))
def test_supply_is_handed_out_whole_to_those_who_reach_it(catchment, method, decay):
    measured = method(decay).measure(catchment)
    handed_out = catchment.demand @ measured.access
    told = catchment.supply[measured.unreached].sum()
    assert measured.supply_lost == pytest.approx(told)
    assert handed_out == pytest.approx(catchment.supply.sum() - told, rel=1e-9, abs=1e-6)


@given(catchments(), st.floats(0.1, 50))
def test_access_is_linear_in_supply(catchment, factor):
    prepared = prepare(catchment, DREES_2022_2023)
    once = apl(prepared, standardised_population=catchment.demand, counted_acts=catchment.supply)
    more = apl(
        prepared, standardised_population=catchment.demand, counted_acts=factor * catchment.supply
    )
    assert more.access == pytest.approx(factor * once.access, rel=1e-12)


def test_minutes_may_be_single_precision():
    catchment = valley()
    single = Catchment.from_pairs(
        demand=catchment.demand,
        supply=catchment.supply,
        origin=np.array([0, 1, 1, 2]),
        destination=catchment.destination,
        travel_time_min=catchment.travel_time_min.astype(np.float32),
    )
    measured = TwoStep(DREES_2022_2023).measure(single).access
    assert np.array_equal(measured, TwoStep(DREES_2022_2023).measure(catchment).access)


def test_supply_that_nobody_reaches_is_told_not_lost():
    lonely = Catchment.from_matrix(
        demand=[100.0], supply=[10.0, 5.0], travel_time_min=np.array([[5.0, np.inf]])
    )
    measured = TwoStep(DREES_2022_2023).measure(lonely)
    assert measured.unreached.tolist() == [False, True]
    assert measured.supply_lost == 5


def test_demand_of_the_wrong_length_is_refused():
    with pytest.raises(InputError, match="demand has shape"):
        two_step(prepare(valley(), DREES_2022_2023), demand=np.ones(2), supply=np.ones(2))


# Crowds. Two towns, two sites, worked out by hand: all of town 0 (100 people) starts at 0 min of
# site 0 and 30 of site 1; room for 50 each at ratio 1. Equal cost: x/50 = 0.5 + (100 - x)/50.
def test_crowds_spread_until_both_sites_cost_the_same():
    town = Catchment.from_matrix(
        demand=[100.0], supply=[50.0, 50.0], travel_time_min=np.array([[0.0, 30.0]])
    )
    spread = RationalAgents(tau_min=60, ratio=1.0, gap=1e-9).measure(town)
    assert spread.demand_reaching == pytest.approx([62.5, 37.5])
    assert spread.access == pytest.approx([1.25])
    assert spread.gap <= 1e-9


@settings(deadline=None)
@given(catchments())
def test_no_one_can_save_more_than_the_gap_says(catchment):
    assume(catchment.supply.sum() > 0 and catchment.demand.sum() > 0)
    method = RationalAgents(gap=1e-6)
    spread = method.measure(catchment)
    ratio = catchment.demand.sum() / catchment.supply.sum()
    paid = best = 0.0
    for place, people in enumerate(catchment.demand):
        prices = [
            minutes / 60 + spread.demand_reaching[site] / (ratio * catchment.supply[site])
            for i, site, minutes in reference.pairs(catchment)
            if i == place and catchment.supply[site] > 0 and minutes < np.inf
        ]
        assert bool(prices) is not bool(spread.unserved[place])
        if prices:
            paid += people * spread.access[place]
            best += people * min(prices)
    assert paid - best <= max(spread.gap, 1e-6) * paid + 1e-6 * (1 + paid)


@given(catchments())
def test_everyone_who_can_go_goes_somewhere(catchment):
    assume(catchment.supply.sum() > 0 and catchment.demand.sum() > 0)
    spread = RationalAgents().measure(catchment)
    going = catchment.demand[~spread.unserved].sum()
    assert spread.demand_reaching.sum() == pytest.approx(going, rel=1e-9, abs=1e-6)


def test_an_empty_place_sends_nobody_and_has_a_price():
    # Rounding once gave this place a crowd of nought over nought.
    empty = Catchment.from_pairs(
        demand=[0.0, 1.0],
        supply=[1.0, 3.0],
        origin=np.array([0, 1]),
        destination=np.array([0, 1], dtype=np.int32),
        travel_time_min=np.array([5e-307, 0.0]),
    )
    spread = RationalAgents().measure(empty)
    assert spread.demand_reaching.tolist() == [0, 1]
    assert spread.access == pytest.approx([0, 4 / 3])


def test_a_search_cut_short_tells_its_gap():
    rng = np.random.default_rng(3)
    wide = Catchment.from_matrix(
        demand=rng.uniform(10, 100, 12),
        supply=rng.uniform(1, 10, 8),
        travel_time_min=rng.uniform(0, 60, (12, 8)),
    )
    short = RationalAgents(gap=1e-12, most_sweeps=1).measure(wide)
    long = RationalAgents(gap=1e-6).measure(wide)
    assert short.gap > long.gap
    assert long.gap <= 1e-6


@pytest.mark.parametrize("options", [{"tau_min": 0}, {"gap": 0}, {"most_sweeps": 0}, {"ratio": 0}])
def test_crowds_need_options_above_nought(options):
    with pytest.raises(InputError, match="above 0"):
        RationalAgents(**options)


def test_crowds_need_people_and_supply():
    empty = Catchment.from_matrix(demand=[1.0], supply=[0.0], travel_time_min=np.zeros((1, 1)))
    with pytest.raises(NotEnoughDataError, match="no supply"):
        RationalAgents().measure(empty)


# PySAL's `access` is a bench dependency: an outside reference, never imported by the product.
needs_access = pytest.mark.skipif(
    importlib.util.find_spec("access") is None,
    reason="PySAL's access is not installed (extra `bench`): no outside reference",
)
STEPS = StepDecay((10.0, 15.0, 20.0), (1.0, 2 / 3, 1 / 3))


def random_country(n=60, seed=5):
    rng = np.random.default_rng(seed)
    minutes = rng.uniform(0.1, 29.9, (n, n))
    return Catchment.from_matrix(
        demand=rng.integers(100, 5000, n).astype(float),
        supply=rng.integers(1, 9, n).astype(float),
        travel_time_min=minutes,
    )


def peer(catchment):
    """Return `access`'s object for a catchment, and its weights of the steps."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from access import Access
    table = pd.DataFrame(reference.pairs(catchment), columns=["origin", "dest", "cost"])
    return Access(
        demand_df=pd.DataFrame({"id": range(catchment.demand.size), "people": catchment.demand}),
        demand_index="id",
        demand_value="people",
        supply_df=pd.DataFrame({"id": range(catchment.supply.size), "doctors": catchment.supply}),
        supply_index="id",
        supply_value="doctors",
        cost_df=table,
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
        neighbor_cost_df=table,
        neighbor_cost_origin="origin",
        neighbor_cost_dest="dest",
        neighbor_cost_name="cost",
    )


@needs_access
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("method", ["2SFCA", "E2SFCA", "3SFCA"])
def test_pysal_finds_the_same_to_nine_digits(method):
    catchment, weight = random_country(), lambda t: 1.0 if t < 10 else reference.drees_weight(t)
    found = peer(catchment)
    if method == "2SFCA":
        theirs = found.two_stage_fca(name="x", cost="cost", max_cost=20)
        ours = TwoStep(within(minutes=20)).measure(catchment)
    elif method == "E2SFCA":
        theirs = found.enhanced_two_stage_fca(name="x", cost="cost", max_cost=60, weight_fn=weight)
        ours = TwoStep(STEPS).measure(catchment)
    else:
        theirs = found.three_stage_fca(name="x", cost="cost", max_cost=60, weight_fn=weight)
        ours = ThreeStep(STEPS).measure(catchment)
    column = theirs["x_doctors"].sort_index().to_numpy()
    assert column == pytest.approx(ours.access, rel=1e-9)


@needs_access
@pytest.mark.filterwarnings("ignore")
def test_pysal_crowds_settle_where_ours_do_when_given_time():
    # By default theirs stops after 150 cycles of rounded batches (up to 20 % off at a place, 2 %
    # on the mean, of this country); with 5,000 finer cycles it comes within 1 % everywhere.
    catchment = random_country(40)
    cycles = {"max_cycles": 5000, "half_life": 500, "min_step": 0.0005}
    theirs = peer(catchment).raam(name="x", cost="cost", tau=60, **cycles)["x_doctors"]
    ours = RationalAgents(tau_min=60, gap=1e-8).measure(catchment)
    assert theirs.sort_index().to_numpy() == pytest.approx(ours.access, rel=0.01)
