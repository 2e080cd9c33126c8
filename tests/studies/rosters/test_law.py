"""The law as rules: each binds whom it names, and comes with its article."""

from datetime import time

import pytest

from maillage.core.errors import InputError
from maillage.engines.rostering.duties import Kind
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.roster import Roster
from maillage.studies.rosters.law import legal_text, rules_of_law
from tests.studies.rosters.territory import calendar, case, doctor, line

DAY = line("jour", kind=Kind.CONSULTATION, starts=time(8), ends=time(20))
HOME = line("maison", kind=Kind.ASTREINTE, starts=time(8), ends=time(20))


def broken(facts, here, duties, person="ada", **options):
    """Names of the rules of law that one person's duties break, with their articles."""
    roster = Roster.named(facts, {duty: [person] for duty in duties})
    rules = rules_of_law(here, **options)
    return {one.rule: one.article for rule in rules for one in rule.breaches(facts, roster)}


def test_a_consultation_the_evening_after_a_garde_is_lawful_and_one_after_lunch_is_not():
    here = calendar()
    late = line("soir", kind=Kind.CONSULTATION, starts=time(19), ends=time(20))
    noon = line("midi", kind=Kind.CONSULTATION, starts=time(18, 59), ends=time(20))
    facts = case(line(), late, noon)
    night = "urgences/pau/2026-12-21"
    assert broken(facts, here, [night, "soir/pau/2026-12-22"]) == {}
    found = broken(facts, here, [night, "midi/pau/2026-12-22"])
    assert set(found) == {"rest", "safety_rest"}
    assert found["rest"].endswith("R. 6152-27")
    assert "2003" in found["safety_rest"]


def test_an_astreinte_without_a_call_is_rest():
    facts = case(line(), HOME)
    held = ["urgences/pau/2026-12-21", "maison/pau/2026-12-22", "urgences/pau/2026-12-22"]
    assert broken(facts, calendar(), held) == {}


def test_the_self_employed_are_bound_by_no_working_time():
    facts = case(line(), DAY)
    held = [f"{name}/pau/2026-12-2{day}" for name in ("jour", "urgences") for day in (1, 2, 3)]
    assert broken(facts, calendar(), held, person="eve") == {}


def test_thirty_six_hours_on_end_break_the_stretch():
    facts = case(line(), DAY)
    held = ["urgences/pau/2026-12-21", "jour/pau/2026-12-21", "jour/pau/2026-12-22"]
    assert "stretch" in broken(facts, calendar(), held)


def week_of_nights(*days):
    return [f"urgences/pau/2026-12-{day}" for day in days]


def test_the_weekly_average_counts_the_hours_worked_by_day():
    here, facts = calendar(), case()
    nights = week_of_nights(21, 23, 25)
    free = 48 * 60 - 3 * 12 * 60
    assert broken(facts, here, nights, worked_min={"ada": free}) == {}
    found = broken(facts, here, nights, worked_min={"ada": free + 1})
    assert set(found) == {"weekly_average"}


def windows(status, first, last):
    for rule in rules_of_law(calendar(first, last), worked_min={"ada": 100}):
        if rule.name == "weekly_average" and status in rule.scope.statuses:
            return rule.windows
    return None


def test_hours_are_averaged_over_four_months_and_then_over_what_is_left():
    found = windows(Status.HOSPITAL, "2026-10-31", "2027-03-06")
    assert [window.days for window in found] == [(0, 120), (120, 127)]
    assert [window.most for window in found] == [2880 * 120 // 7, 2880]
    assert [window.carried["ada"] for window in found] == [95, 6]


def test_months_end_where_the_calendar_has_no_such_day():
    found = windows(Status.HOSPITAL, "2026-10-31", "2027-02-28")
    assert [window.days for window in found] == [(0, 120), (120, 121)]


def test_employees_are_held_to_any_twelve_weeks():
    found = windows(Status.PRIVATE, "2026-01-05", "2026-04-10")
    assert [window.days for window in found] == [(0, 84), (7, 91), (12, 96)]
    assert windows(Status.PRIVATE, "2026-01-05", "2026-01-18")[0].days == (0, 14)


def test_a_legal_text_is_read_for_the_page_that_shows_it():
    article, text = legal_text("roster_sent_before", Status.SELF_EMPLOYED)
    assert article.endswith("R. 6315-2")
    assert "quarante-cinq jours" in text


def test_a_text_that_does_not_exist_is_refused():
    with pytest.raises(InputError, match="No 'rest' is set by law for 'pool'"):
        legal_text("rest", Status.POOL)


def test_doctors_of_the_pool_are_bound_by_the_rules_of_the_territory_alone():
    facts = case(people=[doctor("ada", status=Status.POOL)])
    assert broken(facts, calendar(), week_of_nights(21, 22, 23, 24, 25, 26)) == {}
