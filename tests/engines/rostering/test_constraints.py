"""The solver's constraint lets through exactly the rosters that its rule does not complain of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engines.rostering.duties import Kind, Match
from maillage.engines.rostering.improving import all_pairs
from maillage.engines.rostering.model import Model, Reason
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.coverage import Coverage
from maillage.engines.rostering.rules.eligibility import Locks, Refusals
from maillage.engines.rostering.rules.grouped import Sequence, Together
from maillage.engines.rostering.rules.rest import Gap, Stretch
from maillage.engines.rostering.rules.rule import Scope
from maillage.engines.rostering.rules.runs import DaysInRow
from maillage.engines.rostering.rules.totals import Budget, Total, Weekends, Window
from tests.engines.rostering.cases import (
    DAY,
    HOUR,
    assert_rules_and_constraints_agree,
    case,
    days,
    duty,
    lawful_rosters,
    night,
    person,
    problem_of,
)

N_DAYS = 4
GARDES = Match(kinds=frozenset({Kind.GARDE}))
ASTREINTES = Match(kinds=frozenset({Kind.ASTREINTE}))
HOSPITAL = Scope(statuses=frozenset({Status.HOSPITAL}))


def windows(**limits):
    return (Window((0, 2), **limits), Window((1, 4), **limits))


RULES = (
    Coverage(),
    Gap(least_min=660),
    Gap(least_min=1000, after=GARDES, before=GARDES, scope=HOSPITAL),
    Gap(least_min=660, after=GARDES, may_join=True),
    Gap(least_min=300, after=ASTREINTES, before=GARDES),
    Stretch(name="stretch", most_min=1440, equal_rest_over_min=780),
    Stretch(name="stretch", most_min=900, match=GARDES),
    Total(name="most", windows=windows(most=1)),
    Total(name="minutes", counts="minutes", windows=windows(most=1200, carried={"p0": 100})),
    Total(name="least", counts="points", windows=(Window((0, 4), least=2),), scope=HOSPITAL),
    Total(name="both", match=GARDES, windows=windows(least=1, most=2)),
    Weekends(most=1, days=(0, 4)),
    Budget(most_cents=250),
    Budget(most_cents=150, harmonised=True, match=GARDES, scope=HOSPITAL),
    DaysInRow(most=1),
    DaysInRow(most=2, match=GARDES),
    DaysInRow(least=2),
    DaysInRow(least=3, most=3),
    Sequence(name="forbidden", first=GARDES, then=ASTREINTES),
    Sequence(name="same_day", first=GARDES, then=GARDES, days_apart=0),
    Sequence(name="wanted", first=GARDES, then=GARDES, wanted=True),
)


@st.composite
def tiny_cases(draw):
    n_duties = draw(st.integers(2, 5))
    duties = [
        duty(
            f"d{at}",
            draw(st.integers(0, 15)) * 6 * HOUR,
            draw(st.sampled_from([6, 12, 13, 18])) * HOUR,
            site=draw(st.sampled_from(["pau", "oloron"])),
            kind=draw(st.sampled_from([Kind.GARDE, Kind.ASTREINTE])),
            places=draw(st.integers(1, 2)),
            points=draw(st.integers(0, 3)),
            pay_cents={Status.HOSPITAL: draw(st.integers(0, 200))},
            harmonised_pay_cents=draw(st.integers(0, 200)),
        )
        for at in range(n_duties)
    ]
    people = [
        person(
            f"p{at}",
            status=draw(st.sampled_from([Status.HOSPITAL, Status.POOL])),
            accepted_sites=frozenset(draw(st.sampled_from([("pau",), ("pau", "oloron")]))),
            days_in_a_row=draw(st.integers(0, 3)),
        )
        for at in range(draw(st.integers(1, 2)))
    ]
    period = days(N_DAYS, weekends=((0, 1), (2,), (3,)))
    return case(people, duties, period=period, travel_min={("oloron", "pau"): 40})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@given(facts=tiny_cases())
@settings(max_examples=15, derandomize=True)
def test_a_rule_and_its_constraint_agree_on_every_roster(rule, facts):
    assert_rules_and_constraints_agree(Problem(facts, (rule,)))


@given(facts=tiny_cases(), chosen=st.lists(st.sampled_from(RULES), min_size=2, max_size=4))
@settings(max_examples=40, derandomize=True)
def test_rules_together_agree_with_their_constraints(facts, chosen):
    assert_rules_and_constraints_agree(Problem(facts, tuple(chosen)))


@given(facts=tiny_cases(), data=st.data())
@settings(max_examples=40, derandomize=True)
def test_cells_and_groups_agree_with_their_constraints(facts, data):
    cells = [(one.person_id, two.duty_id) for one in facts.people for two in facts.duties]
    some = st.frozensets(st.sampled_from(cells), max_size=2)
    together = tuple(sorted(one.duty_id for one in facts.duties if one.places == 1)[:3])
    rules = [
        Refusals(pairs=data.draw(some)),
        Locks(held=data.draw(some), freed=data.draw(some)),
        *([Together(groups=(together,))] if together else []),
    ]
    assert_rules_and_constraints_agree(Problem(facts, tuple(rules)))


PERIOD = days(N_DAYS, weekends=((0, 1), (2,), (3,)))
PAY = {"points": 1, "pay_cents": {Status.HOSPITAL: 100}, "harmonised_pay_cents": 80}


def a_day_and_a_night_on_end():
    """26 h of gardes on end, two astreintes the day after, a garde 3 h later."""
    everywhere = frozenset({"pau", "oloron"})
    people = [
        person("p0", accepted_sites=everywhere, days_in_a_row=2),
        person("p1", status=Status.POOL),
    ]
    duties = [
        duty("day", 0, **PAY),
        duty("night", 12 * HOUR, 14 * HOUR, **PAY),
        duty("home", 30 * HOUR, kind=Kind.ASTREINTE, **PAY),
        duty("away", 43 * HOUR, 6 * HOUR, kind=Kind.ASTREINTE, site="oloron", **PAY),
        duty("late", 52 * HOUR, places=2, **PAY),
    ]
    return case(people, duties, period=PERIOD, travel_min={("oloron", "pau"): 40})


def three_gardes_in_one_day():
    """Two that join up, a third too close to both, a fourth the day after."""
    duties = [
        duty("first", 0, 6 * HOUR, **PAY),
        duty("joined", 6 * HOUR, 6 * HOUR, **PAY),
        duty("close", 13 * HOUR, 6 * HOUR, **PAY),
        duty("next", 30 * HOUR, **PAY),
    ]
    return case([person("p0"), person("p1")], duties, period=PERIOD)


HAND_WRITTEN = (a_day_and_a_night_on_end, three_gardes_in_one_day)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("facts", HAND_WRITTEN)
def test_a_rule_and_its_constraint_agree_on_days_written_by_hand(rule, facts):
    assert_rules_and_constraints_agree(Problem(facts(), (rule,)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_on_those_days_each_rule_forbids_what_no_other_does(rule):
    problems = [Problem(facts()) for facts in HAND_WRITTEN]
    assert any(
        rule.breaches(problem.case, roster)
        for problem in problems
        for roster in lawful_rosters(problem)
    )


def test_a_place_that_nobody_may_fill_leaves_no_roster_when_it_must_be():
    problem = problem_of([person("ada")], [night(0, site="oloron")], Coverage())
    assert lawful_rosters(problem) == []
    assert_rules_and_constraints_agree(problem)


def model_with(problem, free, kept, **options):
    model = Model(problem.case, allowed=problem.allowed, free=free, kept=kept, **options)
    for rule in problem.rules:
        rule.constrain(model)
    return model


def test_what_is_kept_binds_what_is_free():
    problem = problem_of([person("ada")], [night(0), night(1, minutes=60)], Gap(least_min=1440))
    kept = Roster.of(problem.case, [(0, 0)])
    model = model_with(problem, [(1, 0)], kept)
    assert model.held(0, 0) == 1
    assert model.duties == (1,)
    assert model.cp.proto.constraints


def test_what_is_already_broken_elsewhere_does_not_forbid_to_mend_here():
    """Two kept duties overlap; a third, far from them, may still be given."""
    duties = [duty("a", 0), duty("b", 60), night(3)]
    problem = problem_of([person("ada")], duties, Gap(least_min=660))
    broken = Roster.of(problem.case, [(0, 0), (1, 0)])
    assert not model_with(problem, [(2, 0)], broken, mending=True).cp.proto.constraints


def test_a_period_that_is_not_filled_yet_does_not_wait_for_its_end():
    rules = (
        Total(name="least", windows=(Window((0, 4), least=2),)),
        DaysInRow(least=2),
        Sequence(name="wanted", first=GARDES, then=GARDES, wanted=True),
    )
    problem = problem_of([person("ada")], [night(0), night(1)], *rules)
    free, empty = [(0, 0)], Roster.of(problem.case, ())
    assert not model_with(problem, free, empty, open_end=True).cp.proto.constraints
    assert model_with(problem, free, empty).cp.proto.constraints


def test_a_model_that_explains_puts_each_reason_behind_its_own_switch():
    away = person("ada", absences=((0, DAY),))
    problem = problem_of([away], [night(0), duty("b", 1440)], Gap(least_min=660))
    model = model_with(problem, [*all_pairs(problem), (0, 0)], Roster.of(problem.case, ()), asked=0)
    assert Reason("absence", ("ada",), ("night0",)) in model.switches
    assert Reason("rest", ("ada",)) in model.switches


def test_a_lock_against_a_rule_makes_the_model_impossible():
    lock = Locks(held=frozenset({("ada", "night0")}))
    problem = problem_of([person("ada", accepted_sites=frozenset())], [night(0)], lock)
    model = model_with(problem, [(0, 0)], Roster.of(problem.case, ()))
    assert not model.variables
    assert [len(one.bool_or.literals) for one in model.cp.proto.constraints] == [0]
    mended = model_with(problem, [(0, 0)], Roster.of(problem.case, ()), mending=True)
    assert not mended.cp.proto.constraints
