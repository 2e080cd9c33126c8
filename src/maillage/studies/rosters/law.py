"""The legal parameters of rosters as rules of the engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from maillage.core.errors import InputError
from maillage.engines.rostering.duties import Kind, Match
from maillage.engines.rostering.people import Status
from maillage.engines.rostering.rules.rest import Gap, Stretch
from maillage.engines.rostering.rules.rule import Rule, Scope
from maillage.engines.rostering.rules.totals import Total, Window
from maillage.sources.roster_rules import read_roster_rules
from maillage.studies.calendars import Calendar

ON_SITE: Final = Match(kinds=frozenset({Kind.GARDE, Kind.REGULATION, Kind.CONSULTATION}))
"""An astreinte without a call is rest: only presence is held to rest and stretches."""
_GARDES: Final = Match(kinds=frozenset({Kind.GARDE}))
_WEEK: Final = 7

Row = Mapping[str, Any]
_Maker = Callable[[Row, Sequence[Row], Calendar, Mapping[str, int]], Iterator[Rule]]


def rules_of_law(
    calendar: Calendar, *, worked_min: Mapping[str, int] | None = None
) -> tuple[Rule, ...]:
    """Return the rules that the law sets, each naming the statuses it binds and its article.

    worked_min  minutes worked by day in the period beside duties, by person: they count in the
                weekly average
    """
    rows = list(read_roster_rules().rows())
    return tuple(
        rule
        for row in rows
        for make in (_MAKERS.get(row["rule"]),)
        if make
        for rule in make(row, rows, calendar, worked_min or {})
    )


def legal_text(rule: str, status: Status) -> tuple[str, str]:
    """Return the article and the text that set a rule for a status.

    Raises InputError where the law sets none.
    """
    row = _row_for(rule, status.value, list(read_roster_rules().rows()))
    return row["article"], row["text"]


def _row_for(rule: str, status: str, rows: Sequence[Row]) -> Row:
    for row in rows:
        statuses = row["statuses"].split()
        if row["rule"] == rule and (not statuses or status in statuses):
            return row
    raise InputError(f"No {rule!r} is set by law for {status!r}; see sources/roster_rules.")


def _scope(row: Row) -> Scope:
    return Scope(statuses=frozenset(Status(name) for name in row["statuses"].split()))


def _rest(row: Row, *_: object) -> Iterator[Rule]:
    yield Gap(
        name="rest", article=row["article"], scope=_scope(row), least_min=row["value"],
        after=ON_SITE, before=ON_SITE, may_join=True,
    )  # fmt: skip


def _safety_rest(row: Row, *_: object) -> Iterator[Rule]:
    yield Gap(
        name="safety_rest", article=row["article"], scope=_scope(row), least_min=row["value"],
        after=_GARDES, before=ON_SITE,
    )  # fmt: skip


def _stretch(row: Row, rows: Sequence[Row], *_: object) -> Iterator[Rule]:
    over = _row_for("equal_rest_over", row["statuses"].split()[0], rows)
    yield Stretch(
        article=row["article"], scope=_scope(row), most_min=row["value"],
        equal_rest_over_min=over["value"], match=ON_SITE,
    )  # fmt: skip


def _weekly_average(
    row: Row, rows: Sequence[Row], calendar: Calendar, worked_min: Mapping[str, int]
) -> Iterator[Rule]:
    status = row["statuses"].split()[0]
    spans = [*_reference_spans(_row_for("reference_period", status, rows), calendar)]
    n_days = len(calendar.dates)
    windows = tuple(
        Window(
            (first, after),
            most=row["value"] * (after - first) // _WEEK,
            carried={
                who: -(-minutes * (after - first) // n_days) for who, minutes in worked_min.items()
            },
        )
        for first, after in spans
    )
    yield Total(
        name="weekly_average", article=row["article"], scope=_scope(row), counts="minutes",
        windows=windows,
    )  # fmt: skip


def _reference_spans(row: Row, calendar: Calendar) -> Iterator[tuple[int, int]]:
    """Yield the days over which hours are averaged: months one after the other, days sliding.

    The last months of a period may be fewer: the average then holds over those.
    """
    n_days = len(calendar.dates)
    if row["unit"] == "days":
        last_start = max(n_days - row["value"], 0)
        for first in sorted({*range(0, last_start, _WEEK), last_start}):
            yield first, min(first + row["value"], n_days)
        return
    first = 0
    while first < n_days:
        after = _months_later(calendar.dates[first], row["value"])
        last = min((after - calendar.first).days, n_days)
        yield first, last
        first = last


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(day.day, (following - first).days))


_MAKERS: Final[Mapping[str, _Maker]] = {
    "rest": _rest,
    "safety_rest": _safety_rest,
    "stretch": _stretch,
    "weekly_average": _weekly_average,
}
