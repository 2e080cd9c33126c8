"""Targets are pro rata, exact, and never ask for what a person may not hold."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.rostering.duties import Match
from maillage.engines.rostering.fairness import (
    Measure,
    _rounded,
    _shared_out,
    accounts,
    gini,
    spread,
    targets,
)
from maillage.engines.rostering.roster import Roster
from tests.engines.rostering.cases import case, days, night, person

NIGHTS = Measure("nights")


def everything(facts):
    return np.ones((len(facts.duties), len(facts.people)), dtype=np.bool_)


def test_half_a_contract_is_half_a_target():
    facts = case([person("ada"), person("bob", contract_pct=50)], [night(d) for d in range(3)])
    assert [t.tenths for t in targets(facts, NIGHTS, allowed=everything(facts))] == [20, 10]


def test_presence_counts_like_a_contract():
    facts = case([person("ada"), person("bob", presence_days=1)], [night(d) for d in range(4)])
    tenths = [t.tenths for t in targets(facts, NIGHTS, allowed=everything(facts))]
    assert tenths == [32, 8]


def test_who_has_carried_more_before_is_due_less_now():
    measure = Measure("nights", history={"ada": 3, "bob": 1})
    facts = case([person("ada"), person("bob")], [night(0), night(1)])
    shared = targets(facts, measure, allowed=everything(facts))
    assert [(t.tenths, t.history, t.due) for t in shared] == [(30, 30, 0), (30, 10, 20)]


def test_nobody_is_due_more_than_they_may_hold_and_others_share_the_rest():
    facts = case([person("ada"), person("bob"), person("eve")], [night(d) for d in range(4)])
    allowed = everything(facts)
    allowed[1:, 0] = allowed[:, 2] = False
    assert [t.tenths for t in targets(facts, NIGHTS, allowed=allowed)] == [10, 30, 0]


def test_what_nobody_may_hold_is_nobodys_share():
    facts = case([person("ada")], [night(0), night(1)])
    allowed = everything(facts)
    allowed[1] = False
    assert targets(facts, NIGHTS, allowed=allowed)[0].tenths == 10


def test_someone_with_no_contract_shares_nothing():
    facts = case([person("ada"), person("bob", contract_pct=0)], [night(0), night(1)])
    assert [t.tenths for t in targets(facts, NIGHTS, allowed=everything(facts))] == [20, 0]


def test_a_measure_counts_points_of_some_duties_for_some_people():
    holidays = Measure(
        "holidays",
        match=Match(types=frozenset({"holiday"})),
        points=True,
        people=frozenset({"bob"}),
    )
    duties = [night(0, points=5), night(1, points=7, types=frozenset({"holiday"}))]
    facts = case([person("ada"), person("bob")], duties)
    roster = Roster.named(facts, {"night0": ["bob"], "night1": ["bob"]})
    (account,) = accounts(facts, holidays, roster, allowed=everything(facts))
    assert (account.person_id, account.target, account.carried) == ("bob", 70, 70)
    assert account.deviation == 0


def test_a_weight_is_one_or_more():
    with pytest.raises(InputError, match="weight"):
        Measure("nights", weight=0)


@given(
    weights=st.lists(st.integers(0, 100), min_size=1, max_size=6),
    most=st.lists(st.integers(0, 20), min_size=6, max_size=6),
    total=st.integers(0, 60),
)
def test_shares_and_their_rounding_add_up_exactly(weights, most, total):
    people = range(len(weights))
    most = {at: most[at] for at in people}
    reachable = sum(most[at] for at in people if weights[at])
    shares = _shared_out(min(total, sum(most.values())), dict(enumerate(weights)), most)
    assert sum(shares.values()) == min(total, reachable)
    assert all(0 <= shares[at] <= most[at] for at in people)
    tenths = _rounded([share * 10 for share in shares.values()])
    assert sum(tenths) == 10 * min(total, reachable)
    assert all(
        abs(Fraction(whole) - 10 * share) < 1
        for whole, share in zip(tenths, shares.values(), strict=True)
    )


def test_deviations_add_up_to_what_is_left_empty():
    facts = case([person("ada"), person("bob")], [night(d) for d in range(3)], period=days(4))
    roster = Roster.named(facts, {"night0": ["ada"], "night2": ["ada"]})
    found = accounts(facts, NIGHTS, roster, allowed=everything(facts))
    assert [one.deviation for one in found] == [5, -15]
    assert sum(one.deviation for one in found) == -10


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([], 0.0), ([0, 0], 0.0), ([3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75), ([1, 2, 3, 4], 0.25)],
)
def test_gini_is_that_of_hand_worked_cases(amounts, expected):
    assert gini(amounts) == pytest.approx(expected)


def test_the_range_is_the_most_less_the_least():
    assert spread([3, 9, 4]) == 6
    assert spread([]) == 0
