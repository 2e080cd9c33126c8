"""Recurring lines become duties that are true to the calendar and to the clock."""

from datetime import time

import pytest

from maillage.core.errors import InputError
from maillage.studies.rosters.lines import duties_of
from tests.studies.rosters.territory import calendar, line


def days_of(*days, first="2026-12-21", last="2026-12-27"):
    found = duties_of([line(days=frozenset(days))], calendar(first, last))
    return [duty.duty_id[-5:] for duty in found]


def only(**options):
    first = options.pop("first", "2026-12-21")
    (duty,) = duties_of([line(**options)], calendar(first, first))
    return duty


def test_a_duty_is_named_after_its_line_its_site_and_its_day():
    assert only().duty_id == "urgences/pau/2026-12-21"


def test_a_line_runs_on_its_weekdays_but_not_on_a_public_holiday():
    assert days_of("thursday", "friday") == ["12-24"]


def test_a_line_of_holidays_runs_on_them_whatever_the_weekday():
    assert days_of("holiday") == ["12-25"]


def test_a_line_may_run_on_eves_and_bridges():
    assert days_of("eve_of_holiday") == ["12-24"]
    assert days_of("bridge", first="2026-07-13", last="2026-07-14") == ["07-13"]


def test_an_eve_is_known_on_the_last_day_of_a_period():
    assert days_of("eve_of_holiday", last="2026-12-24") == ["12-24"]


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-27", 12), ("2026-03-28", 11), ("2026-10-24", 13)]
)
def test_a_night_lasts_what_the_clock_makes_of_it(day, hours):
    duty = only(first=day)
    assert duty.end_min - duty.start_min == 60 * hours
    assert duty.start_min == 20 * 60


def test_a_line_that_ends_when_it_starts_lasts_a_day():
    duty = only(starts=time(8), ends=time(8))
    assert duty.duration_min == 1440
    assert "night" in duty.types


@pytest.mark.parametrize(
    ("starts", "ends", "is_night"),
    [
        (time(18), time(0), True),
        (time(18), time(23, 59), False),
        (time(3), time(12), True),
        (time(3, 1), time(12), False),
        (time(8), time(20), False),
    ],
)
def test_a_night_is_three_hours_of_night_work(starts, ends, is_night):
    assert ("night" in only(starts=starts, ends=ends).types) is is_night


def test_weekends_and_holidays_are_types_of_the_day_on_which_a_duty_starts():
    assert only(first="2026-12-25").types == {"night", "holiday"}
    assert only(first="2026-12-26").types == {"night", "weekend"}


@pytest.mark.parametrize("days", [frozenset(), frozenset({"someday"})])
def test_a_line_without_a_known_day_is_refused(days):
    with pytest.raises(InputError, match="runs on") as caught:
        line(days=days)
    assert "urgences" in caught.value.french
