"""A repair changes as little as any roster could, and says who is asked what."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engines.rostering.levels import Level, value
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.repairing import Move, repair
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.rest import Gap
from maillage.engines.rostering.rules.totals import Total, Window
from tests.engines.rostering.cases import DAY, case, lawful_rosters, night, person

ILL = ((0, 2 * DAY),)


def falls_ill(problem, person_id, absence):
    people = tuple(
        replace(one, absences=(absence,)) if one.person_id == person_id else one
        for one in problem.case.people
    )
    return replace(problem, case=replace(problem.case, people=people))


def three_doctors(*rules, n_days=4):
    people = [person("ada"), person("bob"), person("eve")]
    facts = case(people, [night(d) for d in range(n_days)], n_days=n_days)
    return Problem(facts, (Gap(least_min=660), *rules))


def published(problem, **holders):
    return Roster.named(problem.case, {name: who.split() for name, who in holders.items()})


def test_one_person_takes_the_night_of_another_and_nobody_else_is_asked():
    problem = falls_ill(three_doctors(), "ada", (0, DAY))
    before = published(problem, night0="ada", night1="bob", night2="eve", night3="bob")
    mended = repair(problem, before, seed=1)
    assert [move.person_id for move in mended.moves if move.takes] in (["bob"], ["eve"])
    assert Move("ada", (), ("night0",)) in mended.moves
    assert len(mended.moves) == 2
    assert mended.smallest
    assert mended.empty == ()


def test_a_roster_that_still_stands_is_left_alone():
    problem = three_doctors()
    before = published(problem, night0="ada", night1="bob")
    mended = repair(problem, before, seed=1)
    assert mended.roster == before
    assert mended.moves == ()
    assert mended.work == 0


def test_a_chain_of_two_is_found_when_nobody_is_free():
    """Bob may hold one night: he takes Ada's only if Eve takes his, three days later."""
    one_night = Total(name="most", windows=(Window((0, 4), most=1),))
    problem = falls_ill(three_doctors(one_night), "ada", (0, 4 * DAY))
    problem = falls_ill(problem, "eve", (0, DAY))
    before = published(problem, night0="ada", night3="bob")
    mended = repair(problem, before, seed=1)
    assert mended.roster == published(problem, night0="bob", night3="eve")
    assert Move("bob", ("night0",), ("night3",)) in mended.moves
    assert mended.empty == ()
    assert not mended.smallest


def test_a_night_that_nobody_can_take_is_named():
    alone = Problem(case([person("ada", absences=ILL)], [night(0), night(3)]))
    mended = repair(alone, published(alone, night0="ada", night3="ada"), seed=1)
    assert mended.empty == ("night0",)
    assert mended.moves == (Move("ada", (), ("night0",)),)


def test_what_has_begun_is_not_changed():
    problem = falls_ill(three_doctors(), "ada", (0, 4 * DAY))
    before = published(problem, night0="ada", night2="ada")
    mended = repair(problem, before, seed=1, from_min=DAY)
    assert mended.roster.holders[0] == before.holders[0]
    assert "ada" not in [problem.case.people[at].person_id for at in mended.roster.holders[2]]


@given(
    holders=st.lists(st.sampled_from(["ada", "bob", "eve"]), min_size=4, max_size=4),
    start=st.integers(0, 3),
)
@settings(max_examples=30, derandomize=True)
def test_no_lawful_roster_holds_as_much_with_fewer_changes(holders, start):
    problem = three_doctors()
    names = {f"night{d}": [who] for d, who in enumerate(holders)}
    before = Roster.named(problem.case, names)
    today = falls_ill(problem, "ada", (start * DAY, (start + 2) * DAY))
    mended = repair(today, before, seed=1)
    with_before = replace(today, before=before)

    def worth(roster):
        return [value(with_before, level, roster) for level in (Level.COVERAGE, Level.CHANGES)]

    assert today.breaches(mended.roster) == []
    assert worth(mended.roster) == min(worth(one) for one in lawful_rosters(today))
