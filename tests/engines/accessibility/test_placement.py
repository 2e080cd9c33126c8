"""Choosing sites: against every choice there is, on small catchments."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.accessibility.catchment import Catchment
from maillage.engines.accessibility.moves import SalariedCentre
from maillage.engines.accessibility.placement import best_sites
from maillage.engines.accessibility.scenario import simulate
from tests.engines.accessibility.catchments import catchments, valley
from tests.engines.accessibility.test_scenario import baseline_of

THRESHOLD = 2.5


def removed_by(baseline, sites, acts):
    """Return the shortfall that doses of acts at these sites remove."""
    answer = simulate(baseline, [SalariedCentre(int(site), 1, acts) for site in sites])
    before = np.maximum(THRESHOLD - baseline.published, 0)
    after = np.maximum(THRESHOLD - answer.estimated, 0)
    return float(baseline.population @ (before - after))


@given(catchments(), st.integers(1, 3), st.integers(1, 2), st.sampled_from([500.0, 5400.0]))
def test_the_choice_is_as_good_as_proven_and_the_bound_holds(catchment, k, most, acts):
    n_sites = catchment.supply.size
    k = min(k, n_sites * most)
    published = np.linspace(0, 3, catchment.demand.size)
    baseline = baseline_of(catchment, published=published)
    placed = best_sites(
        baseline,
        candidates=np.arange(n_sites),
        k=k,
        threshold=THRESHOLD,
        acts=acts,
        most_per_site=most,
    )
    choices = [
        choice
        for choice in combinations_with_replacement(range(n_sites), k)
        if max(choice.count(site) for site in choice) <= most
    ]
    best = max(removed_by(baseline, choice, acts) for choice in choices)
    slack = 1e-9 * (1 + best)
    assert placed.removed == pytest.approx(removed_by(baseline, placed.sites, acts), abs=slack)
    assert placed.removed >= (1 - (1 - 1 / k) ** k) * best - slack
    assert placed.bound >= best - slack
    assert 0 <= placed.proven_share <= 1
    assert placed.before >= placed.removed - slack


def test_the_neediest_village_is_served_first():
    baseline = baseline_of(valley(), published=[0.0, 2.4, 0.0])
    placed = best_sites(baseline, candidates=np.array([1, 0]), k=1, threshold=THRESHOLD)
    assert placed.sites.tolist() == [0]
    gain = 5400 / (1000 + 2000 * 2 / 3)
    assert placed.removed == pytest.approx(1000 * min(gain, 2.5) + 2000 * 0.1)
    assert placed.people_lifted == 2000  # village 0 gains 2.31: still short of 2.5
    assert placed.complete
    assert placed.proven_share == pytest.approx(1)


def test_it_stops_when_asked_and_its_bound_still_holds():
    baseline = baseline_of(valley(), published=[0.0, 0.0, 0.0])
    asked = []

    def stop(work, incumbent):
        asked.append((work, incumbent))
        return len(incumbent) == 1

    placed = best_sites(baseline, candidates=np.arange(2), k=2, threshold=THRESHOLD, stop=stop)
    assert len(placed.sites) == 1
    assert not placed.complete
    assert placed.bound >= removed_by(baseline, [0, 1], 5400.0)
    assert [incumbent for _, incumbent in asked] == [(), (0,)]
    assert asked[0][0] == 2


def test_it_chooses_nothing_where_nobody_lacks_anything():
    baseline = baseline_of(valley(), published=[9.0, 9.0, 9.0])
    placed = best_sites(baseline, candidates=np.arange(2), k=2, threshold=THRESHOLD)
    assert placed.sites.size == 0
    assert (placed.removed, placed.bound, placed.proven_share) == (0, 0, 1)
    assert not placed.complete


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"candidates": np.array([0, 0])}, "twice"),
        ({"candidates": np.array([0, 5])}, "candidates runs"),
        ({"candidates": np.array([0]), "k": 2}, "2 sites were asked for among 1"),
        ({"k": 0}, "0 sites"),
        ({"most_per_site": 0}, "at most 0"),
        ({"acts": -1.0}, "acts holds -1"),
    ],
)
def test_questions_that_make_no_sense_are_refused(options, message):
    asked = {"candidates": np.arange(2), "k": 1, "threshold": THRESHOLD} | options
    with pytest.raises(InputError, match=message):
        best_sites(baseline_of(valley()), **asked)


def test_a_site_whose_neighbour_was_chosen_gives_way_to_one_that_nobody_served_yet():
    two_towns = Catchment.from_pairs(
        demand=[1000.0, 500.0],
        supply=[0.0, 0.0, 0.0],
        origin=np.array([0, 0, 1]),
        destination=np.array([0, 1, 2], dtype=np.int32),
        travel_time_min=np.zeros(3),
    )
    baseline = baseline_of(two_towns, published=[0.0, 0.0])
    placed = best_sites(baseline, candidates=np.arange(3), k=2, threshold=THRESHOLD)
    assert placed.sites.tolist() == [0, 2]  # the second site of the first town adds nothing
    assert placed.removed == pytest.approx(1500 * THRESHOLD)
