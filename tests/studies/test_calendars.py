"""Dates become days and minutes: clocks that change, holidays of each territory, bridges."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.studies.calendars import (
    Calendar,
    SchoolZone,
    bridges,
    public_holidays,
    school_holidays,
)


def calendar(first, last, department="64", zone=SchoolZone.NONE):
    return Calendar(date.fromisoformat(first), date.fromisoformat(last), department, zone)


def wall(text):
    return datetime.fromisoformat(text)


def minutes_of_night(eve, department="64"):
    """How long a garde from 20:00 to 08:00 lasts."""
    here = calendar(eve, "2026-12-31", department)
    start, end = wall(f"{eve}T20:00"), wall(f"{eve}T08:00").replace(day=int(eve[-2:]) + 1)
    return here.minute_of(end) - here.minute_of(start)


def test_a_garde_lasts_eleven_hours_one_night_in_march_and_thirteen_in_october():
    assert minutes_of_night("2026-03-27") == 12 * 60
    assert minutes_of_night("2026-03-28") == 11 * 60
    assert minutes_of_night("2026-10-24") == 13 * 60


def test_clocks_do_not_change_in_guadeloupe():
    assert minutes_of_night("2026-03-28", "971") == 12 * 60


def test_days_are_as_long_as_they_truly_are():
    starts = calendar("2026-03-28", "2026-03-30").period().day_starts
    assert [later - earlier for earlier, later in pairwise(starts)] == [
        1440,
        1380,
        1440,
    ]


def test_the_hour_that_comes_twice_is_told_apart():
    here = calendar("2026-10-25", "2026-10-25")
    first = here.minute_of(wall("2026-10-25T02:30"))
    again = here.minute_of(wall("2026-10-25T02:30").replace(fold=1))
    assert (first, again) == (150, 210)
    assert here.minute_of(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == 210


def test_a_minute_leads_back_to_its_moment():
    here = calendar("2026-03-28", "2026-03-30")
    for minute in (0, 1439, 1560, 1561, 3000):
        assert here.minute_of(here.moment_at(minute)) == minute
    assert here.moment_at(1440 + 180).strftime("%d %H:%M") == "29 04:00"


def test_a_period_does_not_end_before_it_begins():
    with pytest.raises(InputError, match="on or after the first") as caught:
        calendar("2026-03-28", "2026-03-27")
    assert caught.value.french.startswith("Le dernier jour")


@pytest.mark.parametrize(
    ("department", "day", "expected"),
    [
        ("67", "2026-12-26", True),
        ("57", "2026-04-03", True),
        ("68", "2026-04-03", True),
        ("64", "2026-12-26", False),
        ("974", "2026-12-20", True),
        ("971", "2026-05-27", True),
        ("971", "2026-07-21", False),
        ("972", "2026-03-12", False),
        ("975", "2026-05-08", True),
    ],
)
def test_each_territory_has_its_public_holidays(department, day, expected):
    day = date.fromisoformat(day)
    assert (day in public_holidays(day, day, department)) is expected


def test_public_holidays_run_over_the_year():
    found = public_holidays(date(2026, 12, 25), date(2027, 1, 1), "64")
    assert list(found.values()) == ["Noël", "Jour de l'an"]


def test_the_friday_after_ascension_is_a_bridge_and_so_is_a_monday_before_a_holiday():
    assert bridges([date(2026, 5, 14)]) == [date(2026, 5, 15)]
    assert bridges([date(2026, 7, 14)]) == [date(2026, 7, 13)]
    assert bridges([date(2026, 11, 11)]) == []
    assert bridges([date(2026, 12, 24), date(2026, 12, 25)]) == []


def test_a_weekend_takes_in_the_holidays_and_bridges_that_touch_it():
    period = calendar("2026-05-11", "2026-05-31").period()
    assert period.weekends == ((3, 4, 5, 6), (12, 13, 14), (19, 20))
    assert period.day_sets["bridge"] == {4}
    assert period.day_sets["eve_of_holiday"] == {2, 13}
    assert period.day_sets["saturday"] == {5, 12, 19}
    assert period.day_sets["sunday"] == {6, 13, 20}


def test_a_holiday_in_the_middle_of_a_week_is_no_weekend():
    period = calendar("2026-11-09", "2026-11-13").period()
    assert period.weekends == ()
    assert period.day_sets["holiday"] == {2}


def test_a_period_cut_inside_a_long_weekend_keeps_its_own_days():
    assert calendar("2026-05-15", "2026-05-18").period().weekends == ((0, 1, 2),)
    assert calendar("2026-05-14", "2026-05-15").period().weekends == ()


def test_school_holidays_differ_by_zone():
    first, last = date(2026, 2, 1), date(2026, 3, 15)
    starts = [school_holidays(first, last, zone)[0].day for zone in (SchoolZone.A, SchoolZone.B)]
    assert starts == [7, 14]
    assert school_holidays(first, last, SchoolZone.NONE) == []
    period = calendar("2026-02-01", "2026-02-10", zone=SchoolZone.A).period()
    assert period.day_sets["school_holiday"] == {6, 7, 8, 9}


def test_a_year_whose_school_calendar_is_not_known_is_not_made_up():
    with pytest.raises(NotEnoughDataError, match="2060") as caught:
        school_holidays(date(2060, 1, 1), date(2060, 2, 1), SchoolZone.A)
    assert "2060" in caught.value.french
