"""The walk knows rules and levels as they are written, and never leaves the rosters they allow."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engines.rostering.levels import FAIR_FIRST, Level, values
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.eligibility import Locks
from maillage.engines.rostering.rules.grouped import Together
from maillage.engines.rostering.rules.rule import Scope
from maillage.engines.rostering.walk import walking
from maillage.engines.rostering.walk.walking import Walk
from tests.engines.rostering.cases import (
    every_roster,
    lawful_rosters,
    night,
    person,
    problem_of,
)
from tests.engines.rostering.test_constraints import RULES, tiny_cases
from tests.engines.rostering.test_solving import EVERY_LEVEL, month, tiny_problems


def walked(walk, roster, rounds=3, goal=0, length=1):
    """Where a walk stands after some rounds, set out from a roster."""
    assert walk.begin(roster)
    for number in range(rounds):
        for _ in walk.round(number, goal=goal, length=length):
            pass
    return walk.roster()


@given(facts=tiny_cases(), chosen=st.lists(st.sampled_from(RULES), min_size=1, max_size=3))
@settings(max_examples=60, derandomize=True)
def test_a_walk_sets_out_from_the_rosters_that_break_no_rule_and_from_no_other(facts, chosen):
    problem = Problem(facts, tuple(chosen))
    walk = Walk(problem, FAIR_FIRST, seed=1)
    for roster in every_roster(problem)[:400]:
        assert walk.begin(roster) is (problem.breaches(roster) == [])


@given(problem=tiny_problems(), levels=st.permutations(EVERY_LEVEL))
@settings(max_examples=40, derandomize=True)
def test_each_level_is_counted_as_it_is_written(problem, levels):
    walk = Walk(problem, levels, seed=1)
    for roster in lawful_rosters(problem)[:200]:
        assert walk.begin(roster)
        assert walk.values == values(problem, levels, roster)


@given(facts=tiny_cases(), chosen=st.lists(st.sampled_from(RULES), max_size=3), data=st.data())
@settings(max_examples=40, derandomize=True)
def test_wherever_a_walk_goes_no_rule_is_broken(facts, chosen, data):
    problem = Problem(facts, tuple(chosen))
    lawful = lawful_rosters(problem)
    if lawful:
        walk = Walk(problem, EVERY_LEVEL, seed=3)
        end = walked(walk, data.draw(st.sampled_from(lawful)))
        assert problem.breaches(end) == []
        assert walk.values == values(problem, EVERY_LEVEL, end)


@pytest.fixture
def short_rounds(monkeypatch):
    monkeypatch.setattr(walking, "_TRIES_PER_SLOT", 200)


@pytest.mark.usefixtures("short_rounds")
def test_a_month_is_filled_and_made_fair_from_nothing():
    problem = month()
    empty = Roster.of(problem.case, ())
    end = walked(Walk(problem, FAIR_FIRST, seed=1), empty)
    assert problem.breaches(end) == []
    before, after = (values(problem, FAIR_FIRST, one) for one in (empty, end))
    assert after[0] == 0
    assert after[2] < before[2] / 4


@pytest.mark.usefixtures("short_rounds")
def test_the_same_seed_leads_to_the_same_place():
    problem = month()
    empty = Roster.of(problem.case, ())
    first, again = (walked(Walk(problem, FAIR_FIRST, seed=5), empty) for _ in range(2))
    other = walked(Walk(problem, FAIR_FIRST, seed=6), empty)
    assert first == again
    assert first != other


def test_a_goal_is_what_deviations_are_pressed_under():
    problem = month()
    walk = Walk(problem, (Level.COVERAGE, Level.MOST_UNFAIR), seed=1)
    end = walked(walk, Roster.of(problem.case, ()), rounds=1, goal=1_000_000)
    held = values(problem, (Level.COVERAGE,), end)
    pressed = walked(walk, end, rounds=1, goal=0)
    assert held == values(problem, (Level.COVERAGE,), pressed) == (0,)
    unfair = [values(problem, (Level.MOST_UNFAIR,), one) for one in (end, pressed)]
    assert unfair[1] < unfair[0]


def test_duties_that_go_together_pass_from_hand_to_hand_together():
    rule = Together(groups=(("night0", "night1"), ("night1", "night2")))
    problem = problem_of([person("ada"), person("bob")], [night(d) for d in range(4)], rule)
    walk = Walk(problem, FAIR_FIRST, seed=1)
    assert walk.blocks == [[0, 1, 2], [3]]
    end = walked(walk, Roster.of(problem.case, ()))
    assert len(set(end.holders[:3])) == 1


def test_a_group_that_one_person_may_share_is_no_place_to_set_out_from():
    """Bob is not bound to keep the two nights together: the walk would have to part them."""
    rule = Together(groups=(("night0", "night1"),), scope=Scope(people=frozenset({"ada"})))
    problem = problem_of([person("ada"), person("bob")], [night(0), night(1)], rule)
    assert not Walk(problem, FAIR_FIRST, seed=1).begin(Roster.of(problem.case, [(0, 1)]))


def test_locks_that_cannot_be_kept_leave_nowhere_to_set_out_from():
    away = person("ada", absences=((0, 1440),))
    lock = Locks(held=frozenset({("ada", "night0")}))
    problem = problem_of([away], [night(0)], lock)
    assert not Walk(problem, FAIR_FIRST, seed=1).begin(Roster.of(problem.case, ()))


def test_a_duty_that_nobody_may_hold_stays_empty():
    problem = problem_of([person("ada")], [night(0, site="oloron"), night(1, places=2)])
    end = walked(Walk(problem, FAIR_FIRST, seed=1), Roster.of(problem.case, ()))
    assert end.holders == ((), (0,))
