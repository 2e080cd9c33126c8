"""Facts are checked at the door, and the order in which they come changes nothing."""

import pytest

from maillage.core.errors import InputError
from maillage.engines.rostering.duties import Kind, Match
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.period import Period
from maillage.engines.rostering.roster import Roster
from tests.engines.rostering.cases import case, days, duty, night, person


def test_a_night_of_march_is_one_hour_shorter_and_the_next_day_keeps_its_place():
    period = Period((0, 1440, 1440 + 1380, 2 * 1440 + 1380))
    assert [period.day_of(minute) for minute in (0, 1439, 1440, 2819, 2820)] == [0, 0, 1, 1, 2]
    assert period.n_days == 3


@pytest.mark.parametrize("starts", [(0,), (1, 5), (0, 5, 5)])
def test_days_must_follow_one_another_from_zero(starts):
    with pytest.raises(InputError, match="rising"):
        Period(starts)


@pytest.mark.parametrize(
    "options", [{"weekends": ((3, 4),)}, {"day_sets": {"holiday": frozenset({-1})}}]
)
def test_a_set_of_days_stays_inside_the_period(options):
    with pytest.raises(InputError, match="expected 0 to 3"):
        days(4, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"contract_pct": -1}, "contract_pct"),
        ({"presence_days": -1}, "presence_days"),
        ({"days_in_a_row": -1}, "days_in_a_row"),
        ({"absences": ((5, 5),)}, "absence"),
    ],
)
def test_a_person_is_checked(options, message):
    with pytest.raises(InputError, match=message):
        person("ada", **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minutes": 0}, "end after its start"),
        ({"places": 0}, "places"),
        ({"priority": 0}, "priority"),
        ({"points": -1}, "points"),
        ({"work_min": -1}, "work_min"),
        ({"pay_cents": {Status.POOL: -1}}, "pay"),
        ({"harmonised_pay_cents": -1}, "pay"),
    ],
)
def test_a_duty_is_checked(options, message):
    with pytest.raises(InputError, match=message):
        duty("one", 0, **options)


def test_nobody_and_nothing_is_without_a_name():
    with pytest.raises(InputError, match="person has no identifier"):
        person("")
    with pytest.raises(InputError, match="duty has no identifier"):
        duty("", 0)


def test_a_duty_starts_inside_the_period():
    case([person("ada")], [duty("last", 4 * 1440 - 1)])
    with pytest.raises(InputError, match="inside the period"):
        case([person("ada")], [duty("late", 4 * 1440)])


def test_two_of_a_name_are_refused_and_so_are_unknown_names():
    with pytest.raises(InputError, match="each person needs its own"):
        case([person("ada"), person("ada")], [])
    with pytest.raises(InputError, match="each duty needs its own"):
        case([], [night(0), night(0)])
    with pytest.raises(InputError, match="No person is called 'bob'"):
        case([person("ada")], []).person_at("bob")
    with pytest.raises(InputError, match="No duty is called"):
        case([], [night(0)]).duty_at("night1")


def test_travel_takes_no_less_than_nothing_and_goes_both_ways():
    duties = [night(0), night(1, site="oloron"), night(2, site="orthez")]
    facts = case([], duties, travel_min={("oloron", "pau"): 40})
    assert facts.travel_between(0, 1) == facts.travel_between(1, 0) == 40
    assert facts.travel_between(0, 0) == facts.travel_between(0, 2) == 0
    with pytest.raises(InputError, match="0 or more"):
        case([], [], travel_min={("oloron", "pau"): -1})


def test_the_order_in_which_facts_are_given_changes_nothing():
    people, duties = [person("ada"), person("bob")], [night(1), night(0)]
    assert case(people, duties) == case(people[::-1], duties[::-1])
    assert [one.duty_id for one in case(people, duties).duties] == ["night0", "night1"]


def test_a_match_takes_what_it_names_and_an_empty_one_takes_all():
    one = night(0, types=frozenset({"night", "weekend"}), line="urgences")
    assert Match().takes(one)
    assert Match(kinds=frozenset({Kind.GARDE}), types=frozenset({"weekend"})).takes(one)
    assert Match(sites=frozenset({"pau"}), lines=frozenset({"urgences"})).takes(one)
    for other in (
        {"kinds": {Kind.ASTREINTE}},
        {"types": {"holiday"}},
        {"sites": {"oloron"}},
        {"lines": {"smur"}},
    ):
        assert not Match(**{name: frozenset(some) for name, some in other.items()}).takes(one)


def test_a_roster_knows_who_holds_what_both_ways():
    facts = case([person("ada"), person("bob")], [night(0), night(1)])
    roster = Roster.named(facts, {"night0": ["bob"], "night1": ["ada", "bob"]})
    assert roster.holders == ((1,), (0, 1))
    assert roster.duties_of == ((1,), (0, 1))
    changed = roster.with_changes(added=[(0, 0)], removed=[(1, 1)])
    assert changed.holders == ((0, 1), (0,))


def test_a_roster_stays_inside_its_case():
    with pytest.raises(InputError, match="positions below"):
        Roster.of(case([person("ada")], [night(0)]), [(0, 1)])
