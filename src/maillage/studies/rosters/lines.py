"""Recurring duty lines, and the duties that they make over a period."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from maillage.core.errors import InputError
from maillage.engines.rostering.duties import Duty, Kind
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.period import Period
from maillage.studies.calendars import Calendar

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_NAMES: Final = (*WEEKDAYS, "holiday", "eve_of_holiday", "bridge")
"""Days on which a line may run."""

_NIGHT: Final = (21 * 60, 30 * 60)
"""Night work, minutes from the midnight before: 21:00 to 06:00 (code du travail, L. 3122-2)."""
_LEAST_NIGHT_MIN: Final = 180
"""From three hours of it on, a duty is a night (L. 3122-5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """A duty that comes back.

    line, site      together they name it; two lines of a site differ in name
    starts, ends    on the wall clock; an end that is not after the start is on the next day
    days            of `DAY_NAMES`. A public holiday is no weekday: the line runs on it when it
                    names "holiday", or what else the day is (the eve of another one)
    other fields    as in `Duty`
    """

    line: str
    site: str
    kind: Kind
    starts: time
    ends: time
    days: frozenset[str]
    skills: frozenset[str] = frozenset()
    places: int = 1
    points: int = 0
    priority: int = 1
    work_min: int | None = None
    pay_cents: Mapping[Status, int] = field(default_factory=dict)
    harmonised_pay_cents: int = 0

    def __post_init__(self) -> None:
        unknown = sorted(self.days.difference(DAY_NAMES))
        if unknown or not self.days:
            raise InputError(
                f"{self.line} runs on {unknown or 'no day'}; expected some of {DAY_NAMES}.",
                french=f"Choisissez au moins un jour pour la ligne « {self.line} ».",
            )


def duties_of(lines: Iterable[DutyLine], calendar: Calendar) -> list[Duty]:
    """Return the duties of a period, in elapsed minutes; identified by line, site and day.

    Their types: "night" (three hours or more between 21:00 and 06:00), "weekend" (starts on a
    Saturday or a Sunday), "holiday" (starts on a public holiday).
    """
    period = calendar.period()
    return [
        _duty(line, day, calendar, _types(line, at, period))
        for line in lines
        for at, day in enumerate(calendar.dates)
        if line.days.intersection(_names(day, at, period))
    ]


def _names(day: date, at: int, period: Period) -> Iterator[str]:
    if at not in period.day_sets["holiday"]:
        yield WEEKDAYS[day.weekday()]
    yield from (name for name in DAY_NAMES[7:] if at in period.day_sets[name])


def _types(line: DutyLine, at: int, period: Period) -> frozenset[str]:
    types = {"night"} if _night_min(line) >= _LEAST_NIGHT_MIN else set()
    if at in period.day_sets["saturday"] | period.day_sets["sunday"]:
        types.add("weekend")
    if at in period.day_sets["holiday"]:
        types.add("holiday")
    return frozenset(types)


def _night_min(line: DutyLine) -> int:
    """Return the minutes of a duty that fall in the night before or the night after."""
    start, end = (60 * hour.hour + hour.minute for hour in (line.starts, line.ends))
    end += 1440 * (end <= start)
    first, last = _NIGHT
    nights = ((first - 1440, last - 1440), (first, last))
    return sum(max(0, min(end, to) - max(start, from_)) for from_, to in nights)


def _duty(line: DutyLine, day: date, calendar: Calendar, types: frozenset[str]) -> Duty:
    last = day + timedelta(days=line.ends <= line.starts)
    return Duty(
        duty_id=f"{line.line}/{line.site}/{day.isoformat()}",
        site=line.site,
        kind=line.kind,
        start_min=calendar.minute_of(datetime.combine(day, line.starts)),
        end_min=calendar.minute_of(datetime.combine(last, line.ends)),
        line=line.line,
        skills=line.skills,
        places=line.places,
        types=types,
        points=line.points,
        priority=line.priority,
        work_min=line.work_min,
        pay_cents=line.pay_cents,
        harmonised_pay_cents=line.harmonised_pay_cents,
    )
