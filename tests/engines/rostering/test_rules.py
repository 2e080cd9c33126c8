"""Each rule, as written: a roster that breaks it by one minute or by one, and one that does not."""

import pytest

from maillage.core.errors import InputError
from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.duties import Kind, Match
from maillage.engines.rostering.pay import total_pay_cents
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.coverage import Coverage, NotTooMany
from maillage.engines.rostering.rules.eligibility import (
    Absences,
    Locks,
    Refusals,
    RestBeforePeriod,
    Skills,
    Volunteering,
)
from maillage.engines.rostering.rules.grouped import Sequence, Together
from maillage.engines.rostering.rules.rest import Gap, OnePlace, Stretch
from maillage.engines.rostering.rules.rule import Scope
from maillage.engines.rostering.rules.runs import DaysInRow
from maillage.engines.rostering.rules.totals import Budget, Total, Weekends, Window
from tests.engines.rostering.cases import DAY, HOUR, breaches, case, days, duty, night, person

GARDES = Match(kinds=frozenset({Kind.GARDE}))
ADA, BOB = person("ada"), person("bob")


def test_a_duty_with_two_places_wants_two_people_and_no_more():
    facts = case([ADA, BOB, person("eve")], [night(0, places=2)])
    assert breaches(Coverage(), facts, night0="ada bob") == []
    assert breaches(Coverage(), facts, night0="ada") == [
        Breach("coverage", ("ada",), ("night0",), 1, 2, "people")
    ]
    assert breaches(NotTooMany(), facts, night0="ada bob") == []
    assert breaches(NotTooMany(), facts, night0="ada bob eve")[0].found == 3


def test_every_skill_of_a_duty_is_needed():
    surgeon = person("ada", skills=frozenset({"chirurgie"}))
    both = person("bob", skills=frozenset({"chirurgie", "pediatrie"}))
    facts = case([surgeon, both], [night(0, skills=frozenset({"chirurgie", "pediatrie"}))])
    assert breaches(Skills(), facts, night0="bob") == []
    assert breaches(Skills(), facts, night0="ada")[0].people == ("ada",)


def test_nobody_is_sent_where_they_are_neither_bound_nor_willing():
    bound = person("ada", bound_sites=frozenset({"oloron"}), accepted_sites=frozenset())
    willing = person("bob", accepted_sites=frozenset({"oloron"}))
    facts = case([bound, willing, person("eve")], [night(0, site="oloron")])
    assert breaches(Volunteering(), facts, night0="ada bob") == []
    assert breaches(Volunteering(), facts, night0="eve")[0].rule == "volunteering"


def test_an_absence_that_starts_at_the_end_of_a_duty_is_no_matter_and_one_minute_before_is():
    end = night(0).end_min
    free = person("ada", absences=((end, end + 60), (0, night(0).start_min)))
    away = person("bob", absences=((end - 1, end + 60),))
    facts = case([free, away], [night(0)])
    assert breaches(Absences(), facts, night0="ada") == []
    assert breaches(Absences(), facts, night0="bob")[0].duties == ("night0",)


def test_the_rest_of_the_last_period_runs_to_its_last_minute():
    start = night(0).start_min
    facts = case(
        [person("ada", free_from_min=start), person("bob", free_from_min=start + 1)], [night(0)]
    )
    assert breaches(RestBeforePeriod(), facts, night0="ada") == []
    assert len(breaches(RestBeforePeriod(), facts, night0="bob")) == 1


def test_never_is_never():
    rule = Refusals(pairs=frozenset({("ada", "night0")}))
    facts = case([ADA, BOB], [night(0)])
    assert breaches(rule, facts, night0="bob") == []
    assert breaches(rule, facts, night0="ada")[0].rule == "never"


def test_a_locked_cell_stays_as_it_is():
    rule = Locks(held=frozenset({("ada", "night0")}), freed=frozenset({("ada", "night1")}))
    facts = case([ADA, BOB], [night(0), night(1)])
    assert breaches(rule, facts, night0="ada", night1="bob") == []
    found = breaches(rule, facts, night0="bob", night1="ada")
    assert [(one.duties, one.found, one.limit) for one in found] == [
        (("night0",), 0, 1),
        (("night1",), 1, 0),
    ]


@pytest.mark.parametrize(("minutes", "n_breaches"), [(40, 0), (39, 1)])
def test_going_to_another_site_takes_the_time_of_the_road(minutes, n_breaches):
    first = duty("first", 0, 480)
    second = duty("second", 480 + minutes, 480, site="oloron")
    facts = case([ADA], [first, second], travel_min={("oloron", "pau"): 40})
    found = breaches(OnePlace(), facts, first="ada", second="ada")
    assert len(found) == n_breaches
    assert all((one.found, one.limit) == (39, 40) for one in found)


def test_one_person_is_not_on_two_duties_for_one_minute():
    facts = case([ADA], [duty("first", 0, 480), duty("second", 480), duty("third", 479)])
    assert breaches(OnePlace(), facts, first="ada", second="ada") == []
    assert breaches(OnePlace(), facts, first="ada", third="ada")[0].found == -1


def test_a_long_duty_is_held_against_all_that_come_during_it():
    facts = case([ADA], [duty("long", 0, 2000), duty("short", 100, 10), duty("later", 1500, 10)])
    found = breaches(OnePlace(), facts, long="ada", short="ada", later="ada")
    assert [one.duties for one in found] == [("long", "short"), ("long", "later")]


@pytest.mark.parametrize(("rest_min", "n_breaches"), [(660, 0), (659, 1)])
def test_rest_is_eleven_hours_and_not_one_minute_less(rest_min, n_breaches):
    rule = Gap(least_min=660, article="R. 6152-27")
    first = night(0)
    facts = case([ADA, BOB], [first, duty("next", first.end_min + rest_min)])
    found = breaches(rule, facts, night0="ada", next="ada")
    assert len(found) == n_breaches
    assert all((one.found, one.limit, one.article) == (659, 660, "R. 6152-27") for one in found)
    assert breaches(rule, facts, night0="ada", next="bob") == []


def test_rest_is_counted_in_minutes_truly_elapsed_when_clocks_change():
    """A garde from 20:00 to 08:00 lasts 11 h in March: it ends 60 min sooner, so does its rest."""
    first = duty("march", 20 * HOUR, 11 * HOUR)
    facts = case([ADA], [first, duty("next", first.end_min + 660)], n_days=4)
    assert first.duration_min == first.counted_min == 660
    assert breaches(Gap(least_min=660), facts, march="ada", next="ada") == []


def test_safety_rest_binds_after_a_garde_and_not_after_an_astreinte():
    rule = Gap(name="safety_rest", least_min=660, after=GARDES)
    astreinte = duty("home", 0, 480, kind=Kind.ASTREINTE)
    facts = case([ADA], [astreinte, duty("ward", 480, 480), duty("next", 1000)])
    assert breaches(rule, facts, home="ada", ward="ada") == []
    assert breaches(rule, facts, ward="ada", next="ada")[0].rule == "safety_rest"


def test_duties_that_join_up_on_one_site_need_no_rest_between_them():
    rule = Gap(least_min=660, may_join=True)
    facts = case([ADA], [duty("day", 0, 720), duty("night", 720), duty("away", 720, site="oloron")])
    assert breaches(rule, facts, day="ada", night="ada") == []
    assert len(breaches(rule, facts, day="ada", away="ada")) == 1


def test_a_rule_binds_the_statuses_and_people_that_it_names():
    one, other = duty("one", 0, 60), duty("other", 60, 60)
    free = person("eve", status=Status.SELF_EMPLOYED)
    facts = case([ADA, BOB, free], [one, other])
    everyone = {"one": "ada bob eve", "other": "ada bob eve"}
    hospital = Gap(least_min=660, scope=Scope(statuses=frozenset({Status.HOSPITAL})))
    only_bob = Gap(least_min=660, scope=Scope(people=frozenset({"bob"})))
    assert [b.people for b in breaches(hospital, facts, **everyone)] == [("ada",), ("bob",)]
    assert [b.people for b in breaches(only_bob, facts, **everyone)] == [("bob",)]


@pytest.mark.parametrize(("minutes", "n_breaches"), [(720, 0), (721, 1)])
def test_work_on_end_lasts_twenty_four_hours_at_most(minutes, n_breaches):
    rule = Stretch(name="stretch", most_min=1440)
    facts = case([ADA], [duty("day", 0, 720), duty("night", 720, minutes)])
    found = breaches(rule, facts, day="ada", night="ada")
    assert [(one.found, one.duties) for one in found] == [(1441, ("day", "night"))] * n_breaches


@pytest.mark.parametrize(("rest_min", "n_breaches"), [(1440, 0), (1439, 1)])
def test_a_long_stretch_is_followed_by_a_rest_as_long(rest_min, n_breaches):
    rule = Stretch(name="stretch", most_min=1440, equal_rest_over_min=780)
    duties = [duty("day", 0, 720), duty("night", 720), duty("next", 1440 + rest_min, 60)]
    found = breaches(rule, case([ADA], duties), day="ada", night="ada", next="ada")
    assert [(one.found, one.limit) for one in found] == [(1439, 1440)] * n_breaches


def test_a_stretch_of_thirteen_hours_needs_no_more_than_the_daily_rest():
    rule = Stretch(name="stretch", most_min=1440, equal_rest_over_min=780)
    for minutes, expected in ((780, 0), (781, 1)):
        facts = case([ADA], [duty("one", 0, minutes), duty("next", minutes + 700, 60)])
        assert len(breaches(rule, facts, one="ada", next="ada")) == expected


def test_an_astreinte_at_home_is_no_part_of_a_stretch():
    rule = Stretch(name="stretch", most_min=1440, match=GARDES)
    home = duty("home", 1440, kind=Kind.ASTREINTE)
    facts = case([ADA], [duty("day", 0, 1440), home])
    assert breaches(rule, facts, day="ada", home="ada") == []


@pytest.mark.parametrize(("extra", "n_breaches"), [(0, 0), (1, 1)])
def test_forty_eight_hours_a_week_on_average_and_not_one_minute_more(extra, n_breaches):
    window = Window((0, 14), most=2 * 48 * HOUR, carried={"ada": 5016 + extra})
    rule = Total(name="weekly_average", counts="minutes", windows=(window,))
    facts = case([ADA], [night(0, minutes=720), night(13, work_min=24)], n_days=14)
    found = breaches(rule, facts, night0="ada", night13="ada")
    assert [(one.found, one.limit, one.days) for one in found] == [
        (5761, 5760, (0, 14))
    ] * n_breaches


def test_a_garde_counts_on_the_day_it_starts():
    rule = Total(name="per_month", windows=(Window((0, 2), most=1), Window((2, 4), most=1)))
    facts = case([ADA], [night(0), night(1), night(2)])
    assert breaches(rule, facts, night1="ada", night2="ada") == []
    assert breaches(rule, facts, night0="ada", night1="ada")[0].unit == "duties"


def test_a_least_number_is_asked_of_each_person_bound():
    rule = Total(name="least", counts="points", windows=(Window((0, 4), least=3),))
    facts = case([ADA], [night(0, points=2), night(1, points=1)])
    assert breaches(rule, facts, night0="ada", night1="ada") == []
    assert breaches(rule, facts, night0="ada")[0].found == 2


def test_what_was_carried_before_the_period_alone_is_nobodys_fault():
    rule = Total(name="per_month", windows=(Window((0, 4), most=2, carried={"ada": 3}),))
    facts = case([ADA], [night(0)])
    assert breaches(rule, facts) == []
    assert breaches(rule, facts, night0="ada")[0].found == 4


@pytest.mark.parametrize("window", [{"days": (3, 3)}, {"days": (0, 3), "most": 1, "least": 2}])
def test_a_window_is_checked(window):
    with pytest.raises(InputError, match="expected"):
        Window(**window)


def test_a_weekend_counts_once_however_many_duties_it_has():
    period = days(14, weekends=((5, 6), (12, 13)))
    rule = Weekends(most=1, days=(0, 14))
    facts = case([ADA], [night(5), night(6), night(12), night(7)], period=period)
    assert breaches(rule, facts, night5="ada", night6="ada", night7="ada") == []
    found = breaches(rule, facts, night5="ada", night12="ada")
    assert [(one.found, one.limit, one.duties) for one in found] == [(2, 1, ("night5", "night12"))]
    assert breaches(Weekends(most=0, days=(6, 12)), facts, night6="ada", night12="ada") == []


def test_pay_is_held_to_the_budget_to_the_cent():
    pay = {Status.HOSPITAL: 42203, Status.POOL: 50000}
    options = {"pay_cents": pay, "harmonised_pay_cents": 45000}
    facts = case(
        [ADA, person("eve", status=Status.POOL)], [night(0, **options), night(1, **options)]
    )
    held = {"night0": "ada", "night1": "eve"}
    assert breaches(Budget(most_cents=92203), facts, **held) == []
    found = breaches(Budget(most_cents=92202), facts, **held)
    assert [(one.found, one.unit) for one in found] == [(92203, "cents")]
    assert breaches(Budget(most_cents=90000, harmonised=True), facts, **held) == []
    pool = Scope(statuses=frozenset({Status.POOL}))
    assert breaches(Budget(most_cents=49999, scope=pool), facts, **held)[0].found == 50000
    elsewhere = Match(sites=frozenset({"oloron"}))
    assert breaches(Budget(most_cents=0, match=elsewhere), facts, **held) == []
    roster = Roster.named(facts, {name: [who] for name, who in held.items()})
    assert total_pay_cents(facts, roster) == 92203
    assert total_pay_cents(facts, roster, harmonised=True) == 90000


def test_runs_of_days_count_from_the_eve_of_the_period():
    tired = person("bob", days_in_a_row=2)
    facts = case([ADA, tired], [night(day) for day in range(5)], n_days=5)
    rule = DaysInRow(most=2)
    assert breaches(rule, facts, night0="ada", night1="ada", night3="ada") == []
    assert breaches(rule, facts, night0="bob")[0].found == 3
    assert breaches(rule, facts, night1="bob", night2="bob") == []
    found = breaches(rule, facts, night1="ada", night2="ada", night3="ada")
    assert [(one.found, one.days) for one in found] == [(3, (1, 4))]


def test_a_run_that_reaches_the_last_day_is_not_held_to_the_least():
    facts = case([ADA], [night(day) for day in range(5)], n_days=5)
    rule = DaysInRow(least=2)
    assert breaches(rule, facts, night4="ada") == []
    assert breaches(rule, facts, night3="ada")[0].limit == 2


@pytest.mark.parametrize("options", [{"least": 0}, {"most": 1, "least": 2}])
def test_a_rule_on_runs_is_checked(options):
    with pytest.raises(InputError, match="Days in a row"):
        DaysInRow(**options)


def test_paired_duties_have_the_same_holders():
    rule = Together(name="weekend", groups=(("night0", "night1"),))
    facts = case([ADA, BOB], [night(0), night(1)])
    assert breaches(rule, facts, night0="ada", night1="ada") == []
    assert breaches(rule, facts) == []
    found = breaches(rule, facts, night0="ada", night1="bob")
    assert [(one.people, one.duties) for one in found] == [
        (("ada",), ("night0",)),
        (("bob",), ("night1",)),
    ]


def test_a_sequence_is_forbidden_or_wanted():
    nights, mornings = Match(lines=frozenset({"night"})), Match(lines=frozenset({"morning"}))
    duties = [night(0, line="night"), duty("next", DAY + 480, line="morning")]
    facts = case([ADA], duties)
    forbidden = Sequence(name="no_morning", first=nights, then=mornings)
    wanted = Sequence(name="morning", first=nights, then=mornings, wanted=True)
    both = {"night0": "ada", "next": "ada"}
    assert breaches(forbidden, facts, **both)[0].duties == ("night0", "next")
    assert breaches(forbidden, facts, night0="ada") == []
    assert breaches(wanted, facts, **both) == []
    assert breaches(wanted, facts, night0="ada")[0].limit == 1
    assert (
        breaches(Sequence(name="x", first=nights, then=mornings, days_apart=2), facts, **both) == []
    )
    with pytest.raises(InputError, match="days_apart"):
        Sequence(name="x", first=nights, then=mornings, days_apart=-1)
