"""The same doctor lifts the same people, however the question is asked."""

import numpy as np
import pytest

from maillage.engines.accessibility.catchment import Catchment
from maillage.engines.accessibility.moves import SalariedCentre
from maillage.engines.accessibility.one_more import people_lifted_by_each
from maillage.engines.accessibility.placement import best_sites
from maillage.engines.accessibility.scenario import simulate
from maillage.engines.accessibility.threshold import falls, is_low, rises
from tests.engines.accessibility.test_scenario import baseline_of

THRESHOLD = 2.5


def village(published: float):
    """Return the baseline of one village of a thousand, with its practice at its door."""
    catchment = Catchment.from_pairs(
        demand=[1000.0],
        supply=[1000.0],
        origin=np.array([0]),
        destination=np.array([0], dtype=np.int32),
        travel_time_min=np.array([0.0]),
    )
    return baseline_of(catchment, published=[published])


@pytest.mark.parametrize("tenths", range(1, 25))
def test_a_gain_that_just_reaches_the_threshold_is_seen_by_every_question(tenths):
    baseline, acts = village(2.5 - tenths / 10), 100.0 * tenths
    answer = simulate(baseline, [SalariedCentre(0, 1, acts)])
    assert answer.crossing(THRESHOLD).people_lifted == 1000
    assert people_lifted_by_each(baseline, threshold=THRESHOLD, acts=acts).tolist() == [1000]
    placed = best_sites(baseline, candidates=np.array([0]), k=1, threshold=THRESHOLD, acts=acts)
    assert placed.people_lifted == 1000
    little_less = acts - 0.01
    answer = simulate(baseline, [SalariedCentre(0, 1, little_less)])
    assert answer.crossing(THRESHOLD).people_lifted == 0
    assert people_lifted_by_each(baseline, threshold=THRESHOLD, acts=little_less).tolist() == [0]


def test_what_is_not_known_neither_lacks_nor_passes():
    known, unknown = np.array([2.4, 2.5, 2.6, np.nan]), np.full(4, np.nan)
    assert is_low(known, THRESHOLD).tolist() == [True, False, False, False]
    for passes in (rises, falls):
        assert not passes(known, unknown, THRESHOLD).any()
        assert not passes(unknown, known, THRESHOLD).any()


def test_what_rounds_to_the_threshold_has_it():
    before, after = np.array([2.4, 2.6, 2.5, 2.5 - 1e-12]), np.array([2.5 - 1e-12] * 4)
    assert rises(before, after, THRESHOLD).tolist() == [True, False, False, False]
    assert not falls(before, after, THRESHOLD).any()
    assert falls(after, before - 0.2, THRESHOLD).tolist() == [True, True, True, True]
