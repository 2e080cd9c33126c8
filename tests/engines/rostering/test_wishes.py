"""Wishes are counted as they are written, and the solver counts the same."""

import pytest

from maillage.core.errors import InputError
from maillage.engines.rostering.levels import Expressions, Level, value
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.wishes import Wanted, Wish, unmet
from tests.engines.rostering.cases import case, lawful_rosters, night, person, solver_values

PEOPLE = [person("ada"), person("bob")]
NIGHTS = [night(d) for d in range(4)]
ALL = tuple(f"night{d}" for d in range(4))


def times_unmet(wish, **holders):
    facts = case(PEOPLE, NIGHTS)
    roster = Roster.named(facts, {name: who.split() for name, who in holders.items()})
    return [(one.times, one.cost) for one in unmet(facts, [wish], roster)]


def test_a_duty_wanted_costs_once_when_none_of_them_is_held():
    wish = Wish("w", "ada", Wanted.ANY, (("night0", "night1"),), strength=3)
    assert times_unmet(wish, night1="ada") == []
    assert times_unmet(wish, night1="bob") == [(1, 3)]


def test_duties_not_wanted_cost_each_time():
    wish = Wish("w", "ada", Wanted.NONE, (ALL,), strength=2)
    assert times_unmet(wish, night0="bob") == []
    assert times_unmet(wish, night0="ada", night2="ada bob") == [(2, 4)]


def test_every_other_holiday_costs_each_two_in_a_row():
    wish = Wish("w", "ada", Wanted.ALTERNATE, (("night0", "night1"), ("night2",), ("night3",)))
    assert times_unmet(wish, night1="ada", night3="ada") == []
    assert times_unmet(wish, night0="ada", night1="ada", night2="ada", night3="ada") == [(2, 2)]


def test_company_is_wished_or_shunned():
    along = Wish("w", "ada", Wanted.WITH, (ALL,), partner_id="bob")
    apart = Wish("w", "ada", Wanted.WITHOUT, (ALL,), partner_id="bob")
    assert times_unmet(along, night0="ada bob", night1="ada", night2="bob") == [(1, 1)]
    assert times_unmet(apart, night0="ada bob", night1="ada", night2="bob") == [(1, 1)]
    assert times_unmet(apart, night0="ada", night1="bob") == []


@pytest.mark.parametrize(
    ("wanted", "groups", "partner"),
    [
        (Wanted.ANY, (("night0", "night1"),), ""),
        (Wanted.NONE, (ALL,), ""),
        (Wanted.ALTERNATE, (("night0", "night1"), ("night2",), ("night3",)), ""),
        (Wanted.WITH, (ALL,), "bob"),
        (Wanted.WITHOUT, (ALL,), "bob"),
    ],
)
def test_the_solver_counts_a_wish_as_it_is_written_in_every_roster(wanted, groups, partner):
    """Two places each night, but Bob goes nowhere on the last: he is no company there."""
    nights = [*(night(d, places=2) for d in range(3)), night(3, site="oloron", places=2)]
    both = frozenset({"pau", "oloron"})
    facts = case([person("ada", accepted_sites=both), person("bob")], nights)
    problem = Problem(facts, wishes=(Wish("w", "ada", wanted, groups, 3, partner),))
    counted = solver_values(problem, lambda model: Expressions(problem, model).of(Level.WISHES))
    assert {roster.pairs for roster, _ in counted} == {r.pairs for r in lawful_rosters(problem)}
    assert all(worth == value(problem, Level.WISHES, roster) for roster, worth in counted)
    assert len({worth for _, worth in counted}) > 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strength": 0}, "strength"),
        ({"groups": (ALL, ALL)}, "2 groups"),
        ({"wanted": Wanted.ALTERNATE}, "1 groups"),
        ({"wanted": Wanted.WITH}, "partner is ''"),
        ({"partner_id": "bob"}, "partner is 'bob'"),
    ],
)
def test_a_wish_is_checked(options, message):
    given = {"wanted": Wanted.NONE, "groups": (ALL,)} | options
    with pytest.raises(InputError, match=message):
        Wish("w", "ada", **given)
