"""The search finds the best of all rosters where all can be listed, and never breaks a rule."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.core.errors import InfeasibleError, InputError
from maillage.engines.rostering import bounding, solving
from maillage.engines.rostering.bounding import BOUNDED, Bound, alone, bound
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import Match
from maillage.engines.rostering.fairness import Measure
from maillage.engines.rostering.improving import all_pairs, improve
from maillage.engines.rostering.levels import FAIR_FIRST, Level, value, values
from maillage.engines.rostering.neighbourhoods import Chooser
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.problem import ALWAYS, Problem
from maillage.engines.rostering.results import Ending, LevelResult, Part, Result, breakdown
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.eligibility import Absences, Locks
from maillage.engines.rostering.rules.grouped import Together
from maillage.engines.rostering.rules.rest import Gap
from maillage.engines.rostering.rules.rule import Scope
from maillage.engines.rostering.rules.runs import DaysInRow
from maillage.engines.rostering.rules.totals import Total, Window
from maillage.engines.rostering.solving import solve
from maillage.engines.rostering.walk import walking
from maillage.engines.rostering.wishes import Wanted, Wish
from tests.engines.rostering.cases import (
    HOUR,
    case,
    days,
    duty,
    hard_sum,
    lawful_rosters,
    night,
    person,
    problem_of,
)

EVERY_LEVEL = tuple(Level)


def never(work, incumbent):
    return False


def on_call(number):
    """Stop the so-manieth time that one is asked."""
    calls = iter(range(1, number + 1))
    return lambda work, incumbent: next(calls) == number


def after(limit):
    """Stop on work alone: the same every time."""
    return lambda work, incumbent: work >= limit


@st.composite
def tiny_problems(draw):
    people = [
        person(
            name,
            status=draw(st.sampled_from([Status.HOSPITAL, Status.POOL])),
            contract_pct=draw(st.sampled_from([50, 100])),
            accepted_sites=frozenset(draw(st.sampled_from([("pau",), ("pau", "oloron")]))),
        )
        for name in ("ada", "bob", "eve")[: draw(st.integers(1, 3))]
    ]
    duties = [
        duty(
            f"d{at}",
            at * 16 * HOUR,
            site=draw(st.sampled_from(["pau", "oloron"])),
            points=draw(st.integers(0, 3)),
            priority=draw(st.integers(1, 2)),
            types=frozenset(draw(st.sampled_from([(), ("weekend",)]))),
            pay_cents={Status.HOSPITAL: draw(st.integers(0, 3)), Status.POOL: 2},
        )
        for at in range(draw(st.integers(1, 4)))
    ]
    facts = Case(days(4), tuple(people), tuple(duties))
    names = tuple(one.duty_id for one in duties)
    groups = {Wanted.ALTERNATE: tuple((name,) for name in names)}
    wishes = []
    for at in range(draw(st.integers(0, 3))):
        wanted = draw(st.sampled_from(Wanted))
        if wanted is Wanted.ALTERNATE and len(names) == 1:
            continue
        who = draw(st.sampled_from(people)).person_id
        partner = "ada" if wanted in (Wanted.WITH, Wanted.WITHOUT) else ""
        group = groups.get(wanted, (names[: draw(st.integers(1, 4))],))
        wishes.append(Wish(f"w{at}", who, wanted, group, draw(st.integers(1, 3)), partner))
    measures = (
        Measure("points", points=True, history={"ada": draw(st.integers(0, 3))}),
        Measure("weekends", match=Match(types=frozenset({"weekend"})), weight=2),
    )
    before = Roster.of(facts, [(0, 0)])
    return Problem(facts, (Gap(least_min=660),), tuple(wishes), measures, before)


@given(problem=tiny_problems(), levels=st.permutations(EVERY_LEVEL))
@settings(max_examples=40, derandomize=True)
def test_the_best_of_all_rosters_is_found_and_proven(problem, levels):
    result = solve(problem, seed=1, stop=never, levels=levels)
    best = min(values(problem, levels, roster) for roster in lawful_rosters(problem))
    assert result.values == best
    assert result.ending is Ending.PROVEN
    assert all(one.gap == 0 for one in result.levels)


@given(problem=tiny_problems(), limit=st.sampled_from([0.0, 0.02, 0.1]), seed=st.integers(0, 3))
@settings(max_examples=30, derandomize=True)
def test_a_roster_breaks_no_rule_and_passes_no_bound_wherever_it_is_stopped(problem, limit, seed):
    result = solve(problem, seed=seed, stop=after(limit))
    best = min(values(problem, FAIR_FIRST, roster) for roster in lawful_rosters(problem))
    assert problem.breaches(result.roster) == []
    assert result.values >= best
    assert result.levels[0].bound <= best[0]


@given(problem=tiny_problems(), data=st.data())
@settings(max_examples=20, derandomize=True)
def test_neither_the_order_of_what_is_given_nor_the_seed_changes_the_best(problem, data):
    people = data.draw(st.permutations(problem.case.people))
    duties = data.draw(st.permutations(problem.case.duties))
    shuffled = Problem(
        replace(problem.case, people=tuple(people), duties=tuple(duties)),
        problem.rules[::-1],
        problem.wishes[::-1],
        problem.measures,
        problem.before,
    )
    first, other = solve(problem, seed=1, stop=never), solve(shuffled, seed=7, stop=never)
    assert first.values == other.values


@given(problem=tiny_problems())
@settings(max_examples=20, derandomize=True)
def test_each_level_is_broken_down_to_its_last_unit(problem):
    result = solve(problem, seed=1, stop=after(0.02), levels=EVERY_LEVEL)
    parts = breakdown(problem, result)
    for level in result.levels:
        assert sum(part.value for part in parts if part.level is level.level) == level.value


@given(problem=tiny_problems())
@settings(max_examples=20, derandomize=True)
def test_a_bound_by_classes_is_under_every_roster(problem):
    for level in BOUNDED:
        found = bound(problem, level, at_most={}, seed=1, work=1.0)
        assert found.value <= min(value(problem, level, one) for one in lawful_rosters(problem))


@given(problem=tiny_problems())
@settings(max_examples=20, derandomize=True)
def test_what_people_could_do_alone_is_under_every_roster(problem):
    lawful = lawful_rosters(problem)
    least = min(value(problem, Level.MOST_UNFAIR, one) for one in lawful)
    found = [one.value for one in alone(problem, Level.MOST_UNFAIR, at_most={}, seed=1)]
    assert max(found) <= least
    fair = [one for one in lawful if value(problem, Level.MOST_UNFAIR, one) == least]
    caps = {Level.MOST_UNFAIR: least}
    summed = sum(one.value for one in alone(problem, Level.SUM_UNFAIR, at_most=caps, seed=1))
    assert summed <= min(value(problem, Level.SUM_UNFAIR, one) for one in fair)


def test_someone_who_can_never_carry_their_share_bounds_the_largest_deviation():
    """Bob accepts one site, where rest lets him hold every other night: five short of his share."""
    both = frozenset({"pau", "oloron"})
    people = [person("ada", accepted_sites=both), person("bob")]
    nights = [night(d, f"{site}{d}", site=site) for d in range(20) for site in both]
    measure = Measure("nights", people=frozenset({"bob"}), history={"bob": 0})
    rest = Gap(least_min=1440)
    problem = problem_of(people, nights, rest, n_days=20, measures=(measure,))
    (_, bob) = alone(problem, Level.MOST_UNFAIR, at_most={}, seed=1)
    assert bob.value == 100
    assert bob.proven
    result = solve(problem, seed=1, stop=after(5), levels=(Level.MOST_UNFAIR,))
    assert result.levels[0].proven


@pytest.mark.usefixtures("small_steps")
def test_who_says_stop_is_heard_between_two_people(monkeypatch):
    asked = []

    def alone(*_, **__):
        asked.append(True)
        yield Bound(10**6, True, 0.1)

    monkeypatch.setattr(bounding, "alone", alone)
    fair = (Level.COVERAGE, Level.MOST_UNFAIR)
    result = solve(month(), seed=1, stop=lambda *_: bool(asked), levels=fair)
    assert result.ending is Ending.STOPPED


@pytest.mark.usefixtures("small_steps")
def test_bounds_of_people_alone_are_worked_out_once_while_nothing_above_changes(monkeypatch):
    asked = []

    def alone(*_, at_most, **__):
        asked.append(at_most)
        yield Bound(0, True, 0.01)

    monkeypatch.setattr(bounding, "alone", alone)
    monkeypatch.setattr(bounding, "bound", lambda *_, **__: Bound(0, False, 0.01))
    fair = (Level.MOST_UNFAIR, Level.SUM_UNFAIR)
    solve(month(), seed=1, stop=after(4), levels=fair)
    assert asked.count({}) == 1


def nights_together(*wishes):
    """Night 0 wants two of three people, night 1 all of them; nights 2 and 3 only Ada may hold."""
    both = frozenset({"pau", "oloron"})
    people = [person("ada", accepted_sites=both), person("bob"), person("eve")]
    duties = [
        night(0, places=2),
        night(1, places=3),
        night(2, site="oloron"),
        night(3, site="oloron"),
    ]
    return problem_of(people, duties, wishes=wishes)


ALL_NIGHTS = ("night0", "night1", "night2", "night3")


@pytest.mark.parametrize(
    ("wish", "unmet"),
    [
        (Wish("w", "eve", Wanted.ANY, (("night0", "night1"),), 3), 0),
        (Wish("w", "eve", Wanted.ANY, (("night2", "night3"),), 3), 3),
        (Wish("w", "ada", Wanted.NONE, (ALL_NIGHTS,), 2), 6),
        (Wish("w", "ada", Wanted.ALTERNATE, (("night0",), ("night1",))), 0),
        (Wish("w", "ada", Wanted.ALTERNATE, (("night1",), ("night2",), ("night3",))), 2),
        (Wish("w", "ada", Wanted.WITH, (ALL_NIGHTS,), 2, "bob"), 4),
        (Wish("w", "bob", Wanted.WITHOUT, (ALL_NIGHTS,), 2, "eve"), 2),
    ],
)
def test_each_kind_of_wish_is_met_as_far_as_coverage_lets_it(wish, unmet):
    problem, levels = nights_together(wish), (Level.COVERAGE, Level.WISHES)
    result = solve(problem, seed=1, stop=never, levels=levels)
    assert result.values == (0, unmet)
    assert result.values == min(values(problem, levels, one) for one in lawful_rosters(problem))
    assert result.ending is Ending.PROVEN


def test_a_breakdown_names_what_each_unit_of_each_level_comes_from():
    nights = [night(0, places=2, pay_cents={Status.HOSPITAL: 300}), night(1, priority=2)]
    facts = case([person("ada"), person("bob")], nights)
    wish = Wish("free", "ada", Wanted.NONE, (("night0",),), 3)
    before = Roster.named(facts, {"night0": ["bob"]})
    problem = Problem(facts, (), (wish,), (Measure("nights", weight=2),), before)
    roster = Roster.named(facts, {"night0": ["ada"]})
    worth = zip(EVERY_LEVEL, values(problem, EVERY_LEVEL, roster), strict=True)
    levels = tuple(LevelResult(level, value, 0) for level, value in worth)
    assert breakdown(problem, Result(roster, levels, Ending.STOPPED, work=0.0, seed=1)) == [
        Part(Level.COVERAGE, "", "night0", 1),
        Part(Level.COVERAGE, "", "night1", 2),
        Part(Level.MOST_UNFAIR, "bob", "nights", 30),
        Part(Level.SUM_UNFAIR, "ada", "nights", 10),
        Part(Level.SUM_UNFAIR, "bob", "nights", 30),
        Part(Level.WISHES, "ada", "free", 3),
        Part(Level.COST, "ada", "night0", 300),
        Part(Level.CHANGES, "ada", "night0", 1),
        Part(Level.CHANGES, "bob", "night0", 1),
    ]


def month():
    """Two sites, six people, a month of nights: too many pairs to be proven at once."""
    people = [
        person(f"p{at}", accepted_sites=frozenset({"pau", "oloron"}), contract_pct=50 + 10 * at)
        for at in range(6)
    ]
    duties = [
        night(d, f"{site}{d}", site=site, points=1 + (d % 7 > 4), line=site)
        for d in range(28)
        for site in ("pau", "oloron")
    ]
    wishes = [
        Wish(f"w{at}", f"p{at}", Wanted.NONE, (tuple(f"pau{d}" for d in range(at, 28, 7)),))
        for at in range(6)
    ]
    wishes += [Wish("any", "p1", Wanted.ANY, (tuple(f"oloron{d}" for d in range(28)),))]
    pairs = tuple((f"pau{d}", f"pau{d + 1}") for d in range(5, 28, 7))
    rules = (
        Gap(least_min=660),
        Total(name="per_week", windows=tuple(Window((d, d + 7), most=3) for d in range(0, 28, 7))),
        Together(name="weekend", groups=pairs),
    )
    measures = (Measure("points", points=True, history={"p0": 5}),)
    return problem_of(people, duties, *rules, n_days=28, wishes=tuple(wishes), measures=measures)


@pytest.fixture
def small_steps(monkeypatch):
    """Sizes with which a month goes through every part of the search that a year goes through."""
    monkeypatch.setattr(solving, "_WHOLE_PAIRS", 0)
    monkeypatch.setattr(solving, "_FIRST_PAIRS", 60)
    monkeypatch.setattr(walking, "_TRIES_PER_SLOT", 1)


@pytest.mark.usefixtures("small_steps")
def test_the_same_problem_seed_and_work_give_the_same_roster():
    seen = []

    def stop(work, incumbent):
        seen.append((work, incumbent.values))
        return work >= 3

    first = solve(month(), seed=5, stop=stop)
    again = solve(month(), seed=5, stop=after(3))
    assert first == again
    assert seen == sorted(seen, key=lambda one: one[0])
    assert [worth for _, worth in seen] == sorted((w for _, w in seen), reverse=True)


@pytest.mark.usefixtures("small_steps")
def test_neighbourhoods_alone_fill_a_month_and_break_no_rule():
    problem = month()
    result = solve(problem, seed=2, stop=after(4))
    assert problem.breaches(result.roster) == []
    assert result.levels[0].proven
    assert result.values[0] == 0


def test_a_search_starts_from_the_roster_it_is_given():
    problem = month()
    first = solve(problem, seed=1, stop=after(1))
    again = solve(problem, seed=1, stop=lambda work, incumbent: True, start=first.roster)
    assert again.roster == first.roster
    assert again.work == 0


def test_a_start_that_breaks_a_rule_is_not_kept():
    problem = problem_of([person("ada")], [duty("a", 0), duty("b", 60)])
    wrong = Roster.of(problem.case, [(0, 0), (1, 0)])
    assert solve(problem, seed=1, stop=never, start=wrong).values[0] == 1


def test_a_duty_that_nobody_may_hold_is_left_empty_and_no_error():
    problem = problem_of([person("ada")], [night(0), night(1, site="oloron")])
    result = solve(problem, seed=1, stop=never)
    assert result.values == (1, 0, 0, 0)
    assert result.roster.holders == ((0,), ())


def test_a_roster_with_nothing_in_it_is_proven_at_once():
    assert solve(problem_of([], []), seed=1, stop=never).ending is Ending.PROVEN


def test_a_least_number_that_a_first_draft_misses_is_reached():
    """Bob has no share in a fair draft, and must hold two nights in a row."""
    only_bob = Scope(people=frozenset({"bob"}))
    rule = Total(name="least", windows=(Window((0, 4), least=2),), scope=only_bob)
    people = [person("ada"), person("bob", contract_pct=0)]
    measure = Measure("nights")
    problem = problem_of(
        people, [night(d) for d in range(4)], rule, DaysInRow(least=2), measures=(measure,)
    )
    result = solve(problem, seed=1, stop=never)
    assert problem.breaches(result.roster) == []
    assert result.values[0] == 0


@pytest.mark.usefixtures("small_steps")
def test_a_draft_that_fails_at_its_end_is_mended():
    only_p0 = Scope(people=frozenset({"p0"}))
    rule = Total(name="least", windows=(Window((0, 28), least=12),), scope=only_p0)
    problem = replace(month(), rules=(*month().rules, rule))
    result = solve(problem, seed=1, stop=lambda work, incumbent: True)
    assert problem.breaches(result.roster) == []


def test_changes_from_no_roster_are_none():
    problem = problem_of([person("ada")], [night(0)])
    assert solve(problem, seed=1, stop=never, levels=EVERY_LEVEL).values == (0, 0, 0, 0, 0, 0)
    alone = problem_of([], [night(0)])
    changes_first = (Level.CHANGES, Level.COVERAGE)
    assert solve(alone, seed=1, stop=never, levels=changes_first).values == (0, 1)


def test_rules_that_exclude_one_another_are_said_to():
    lock = Locks(held=frozenset({("ada", "night0")}))
    away = person("ada", absences=((0, 1440),))
    with pytest.raises(InfeasibleError, match="No roster honours every rule"):
        solve(problem_of([away], [night(0)], lock), seed=1, stop=never)


def test_a_search_stopped_before_any_roster_is_found_says_so(monkeypatch):
    monkeypatch.setattr(solving, "_FIRST_EFFORT", 0.0)
    with pytest.raises(InfeasibleError, match="nor was it shown"):
        solve(hard_sum(), seed=1, stop=on_call(3))


def test_a_search_that_finds_nothing_better_keeps_what_it_has(monkeypatch):
    calls = []

    def counted(*args, **options):
        calls.append(True)
        return improve(*args, **options)

    monkeypatch.setattr(solving, "improve", counted)
    monkeypatch.setattr(solving, "_FIRST_EFFORT", 0.0)
    monkeypatch.setattr(walking, "_TRIES_PER_SLOT", 1)
    problem = hard_sum()
    start = Roster.of(problem.case, [(at, 0) for at in range(0, 40, 2)])
    result = solve(problem, seed=1, stop=lambda *_: len(calls) > 1, start=start)
    assert result.roster == start
    assert result.ending is Ending.STOPPED
    assert result.levels[0].gap > 0


def test_rules_that_none_may_leave_out_are_always_there():
    problem = problem_of([person("ada")], [night(0)], Gap(least_min=660), Absences())
    assert problem.rules == (*ALWAYS, Gap(least_min=660))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"wishes": (Wish("w", "zoe", Wanted.NONE, (("night0",),)),)}, "No person"),
        ({"wishes": (Wish("w", "ada", Wanted.WITH, (("night0",),), 1, "zoe"),)}, "No person"),
        ({"wishes": (Wish("w", "ada", Wanted.NONE, (("night9",),)),)}, "No duty"),
        ({"rules": (Together(groups=(("night0", "two"),)),)}, "as many places"),
    ],
)
def test_a_problem_is_checked(options, message):
    facts = case([person("ada")], [night(0), night(1, "two", places=2)])
    with pytest.raises(InputError, match=message):
        Problem(facts, **options)


def test_a_rule_for_someone_unknown_is_refused():
    rule = Gap(least_min=1, scope=Scope(people=frozenset({"zoe"})))
    with pytest.raises(InputError, match="No person is called 'zoe'"):
        problem_of([person("ada")], [night(0)], rule)


def test_groups_that_share_a_duty_are_one():
    rule = Together(groups=(("night0", "night1"), ("night1", "night2")))
    problem = problem_of([person("ada")], [night(d) for d in range(4)], rule)
    assert problem.with_groups([0]) == {0, 1, 2}
    assert problem.with_groups([3]) == {3}


def test_neighbourhoods_may_hold_everyone_and_everything():
    problem = month()
    empty = Roster.of(problem.case, ())
    draws = [Chooser(problem, 1).draw(empty, turn=turn, pairs=10_000) for turn in range(4)]
    assert [set(draw) for draw in (draws[0], draws[1], draws[2])] == [set(all_pairs(problem))] * 3
    assert {problem.case.duties[at].site for at, _ in draws[3]} < {"pau", "oloron"}


def test_without_a_roster_before_nothing_is_a_change_whatever_comes_after():
    problem = nights_together(Wish("w", "ada", Wanted.NONE, (ALL_NIGHTS,)))
    levels = (Level.CHANGES, Level.COVERAGE, Level.WISHES)
    result = solve(problem, seed=1, stop=never, levels=levels)
    assert result.values == values(problem, levels, result.roster) == (0, 0, 3)
    assert result.ending is Ending.PROVEN
