"""From dates to what the rostering engine knows: days by position, minutes truly elapsed.

Public holidays come from `holidays` (Alsace-Moselle, overseas), school holidays of zones A, B and C
from `vacances-scolaires-france`. Overseas academies set their own: none is assumed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.engines.rostering.period import Period

_ONE_DAY = timedelta(days=1)
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6
_ALSACE_MOSELLE = ("57", "67", "68")
_TIME_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
}
_SUBDIVISIONS = {"971": "971", "972": "972", "973": "973", "974": "974", "975": "PM", "976": "976"}


class SchoolZone(StrEnum):
    """Zone of school holidays; NONE for overseas departments and Corsica's own calendar."""

    A = "A"
    B = "B"
    C = "C"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar of a territory over a period.

    department_code  decides time zone and public holidays
    zone             of school holidays
    """

    first: date
    last: date
    department_code: str
    zone: SchoolZone = SchoolZone.NONE

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                f"The period runs from {self.first} to {self.last}; expected a last day on or "
                "after the first.",
                french="Le dernier jour de la période doit suivre le premier.",
            )

    @property
    def dates(self) -> list[date]:
        """Return each day of the period, in order."""
        return [self.first + day * _ONE_DAY for day in range((self.last - self.first).days + 1)]

    def minute_of(self, moment: datetime) -> int:
        """Return the minutes truly elapsed from the first midnight to a moment.

        A moment without a time zone is the territory's own wall clock; the hour that comes twice in
        October is the first of the two unless `moment.fold` says otherwise.
        """
        zone = time_zone(self.department_code)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        start = datetime.combine(self.first, time(), tzinfo=zone)
        # Both as instants: a difference inside one zone would be that of the wall clock.
        return round(local.timestamp() - start.timestamp()) // 60

    def moment_at(self, minute: int) -> datetime:
        """Return the moment, on the territory's wall clock, of an elapsed minute."""
        zone = time_zone(self.department_code)
        start = datetime.combine(self.first, time(), tzinfo=zone)
        return datetime.fromtimestamp(start.timestamp() + 60 * minute, tz=zone)

    def period(self) -> Period:
        """Return the period as the engine knows it.

        Its sets of days: "holiday", "eve_of_holiday", "saturday", "sunday", "bridge",
        "school_holiday". A weekend is a Saturday and its Sunday, with the holidays and bridges that
        touch them: four days off on end go together.
        """
        off = public_holidays(
            self.first - 4 * _ONE_DAY, self.last + 4 * _ONE_DAY, self.department_code
        )
        sets: dict[str, Collection[date]] = {
            "holiday": off,
            "eve_of_holiday": [day - _ONE_DAY for day in off],
            "saturday": [day for day in self.dates if day.weekday() == _SATURDAY],
            "sunday": [day for day in self.dates if day.weekday() == _SUNDAY],
            "bridge": bridges(off),
            "school_holiday": school_holidays(self.first, self.last, self.zone),
        }
        at = {day: position for position, day in enumerate(self.dates)}
        midnights = [datetime.combine(day, time()) for day in (*self.dates, self.last + _ONE_DAY)]
        return Period(
            day_starts=tuple(self.minute_of(midnight) for midnight in midnights),
            weekends=tuple(
                tuple(at[day] for day in run if day in at)
                for run in _long_weekends(self.dates, off)
            ),
            day_sets={
                name: frozenset(at[day] for day in days if day in at) for name, days in sets.items()
            },
        )


def time_zone(department_code: str) -> ZoneInfo:
    """Return the time zone of a department."""
    return ZoneInfo(_TIME_ZONES.get(department_code, "Europe/Paris"))


def public_holidays(first: date, last: date, department_code: str) -> dict[date, str]:
    """Return the public holidays of a department from `first` to `last`, with their French names.

    Good Friday and 26 December in Moselle, Bas-Rhin and Haut-Rhin (ordonnance du 16 août 1892);
    abolition of slavery overseas. Mi-Carême and Victor Schœlcher, customs of the Antilles that
    bind nobody, are left out.
    """
    place = "57" if department_code in _ALSACE_MOSELLE else _SUBDIVISIONS.get(department_code)
    found = _holidays_of(place, first.year, last.year)
    return {day: name for day, name in found if first <= day <= last}


_CUSTOMS = ("Mi-Carême", "Fête de Victor Schoelcher")


@cache
def _holidays_of(place: str | None, first: int, last: int) -> tuple[tuple[date, str], ...]:
    years = range(first, last + 1)
    found = holidays.country_holidays("FR", subdiv=place, years=years, language="fr")
    return tuple((day, name) for day, name in sorted(found.items()) if name not in _CUSTOMS)


def bridges(off: Iterable[date]) -> list[date]:
    """Return the working days between a public holiday and a weekend: Friday, or Monday."""
    days = set(off)
    after = [day + _ONE_DAY for day in days if day.weekday() == _FRIDAY - 1]
    before = [day - _ONE_DAY for day in days if day.weekday() == 1]
    return sorted(set(after + before) - days)


def _long_weekends(dates: Iterable[date], off: Iterable[date]) -> list[list[date]]:
    """Put each Saturday and Sunday together with the holidays and bridges that touch them."""
    days = sorted({*off, *bridges(off)} | {day for day in dates if day.weekday() >= _SATURDAY})
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == _ONE_DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    inside = set(dates)
    return [run for run in runs if any(day.weekday() >= _SATURDAY and day in inside for day in run)]


@cache
def _school_dates() -> SchoolHolidayDates:
    return SchoolHolidayDates()


def school_holidays(first: date, last: date, zone: SchoolZone) -> list[date]:
    """Return the days of school holidays of a zone; none for `SchoolZone.NONE`.

    Raises NotEnoughDataError for a year whose calendar is not known.
    """
    if zone is SchoolZone.NONE:
        return []
    found: list[date] = []
    for year in range(first.year, last.year + 1):
        try:
            found += _school_dates().holidays_for_year_and_zone(year, zone.value)
        except UnsupportedYearException as error:
            raise NotEnoughDataError(
                f"The school holidays of {year} are not known; choose no zone, or a newer version "
                "of vacances-scolaires-france.",
                french=f"Les vacances scolaires de {year} ne sont pas encore connues.",
            ) from error
    return sorted(day for day in found if first <= day <= last)
