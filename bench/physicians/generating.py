"""Rosters of duty doctors as territories know them, drawn from a seed: nobody and nowhere real.

Each site has a garde or an astreinte every night, every other one a consultation room at
weekends, one in four a regulation desk in the evening. Doctors belong to a site, accept some of
those near it, are away some weeks, carry a history, and wish for days off.
"""

from dataclasses import dataclass

import numpy as np

from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import Duty, Kind, Match
from maillage.engines.rostering.fairness import Measure
from maillage.engines.rostering.people import Person, Status
from maillage.engines.rostering.period import Period
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.rules.grouped import Together
from maillage.engines.rostering.rules.rest import Gap
from maillage.engines.rostering.rules.rule import Rule
from maillage.engines.rostering.rules.totals import Total, Weekends, Window
from maillage.engines.rostering.wishes import Wanted, Wish

DAY, HOUR = 1440, 60
GARDES = Match(kinds=frozenset({Kind.GARDE}))
STATUSES = (Status.HOSPITAL, Status.HOSPITAL, Status.PRIVATE, Status.SELF_EMPLOYED)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a case is."""

    doctors: int
    sites: int
    weeks: int


def physician_problem(size: Size, *, seed: int) -> Problem:
    """Return the case of a seed."""
    chance = np.random.default_rng(seed)
    n_days = 7 * size.weeks
    period = Period(
        tuple(DAY * day for day in range(n_days + 1)),
        weekends=tuple((day, day + 1) for day in range(5, n_days, 7)),
        day_sets={"holiday": _holidays(n_days)},
    )
    duties = [duty for site in range(size.sites) for duty in _of_site(site, period)]
    people = [_doctor(at, size, period, chance) for at in range(size.doctors)]
    travel = {
        (_site(one), _site(other)): 20 * min(abs(one - other), 5)
        for one in range(size.sites)
        for other in range(one)
    }
    case = Case(period, tuple(people), tuple(duties), travel)
    return Problem(case, _rules(case, size), _wishes(case, chance), _measures(case, chance))


def _site(at: int) -> str:
    return f"site{at:02}"


def _holidays(n_days: int) -> frozenset[int]:
    """A holiday every 33 days, none on a weekend."""
    return frozenset(day for day in range(10, n_days, 33) if day % 7 < 5)


def _of_site(at: int, period: Period) -> list[Duty]:
    """A night each day; a room on Saturdays, Sundays and holidays; a desk on some evenings."""
    site, on_site = _site(at), at % 3 != 2
    duties = []
    for day in range(period.n_days):
        off = day % 7 >= 5 or day in period.day_sets["holiday"]
        kind = Kind.GARDE if on_site else Kind.ASTREINTE
        duties.append(_duty(site, kind, "nuit", day, (20, 32), off, period))
        if off and at % 2 == 0:
            duties.append(_duty(site, Kind.CONSULTATION, "salle", day, (9, 17), off, period))
        if at % 4 == 0 and day % 7 in (4, 5, 6):
            duties.append(_duty(site, Kind.REGULATION, "regulation", day, (18, 24), off, period))
    return duties


_POINTS = {Kind.GARDE: 3, Kind.ASTREINTE: 2, Kind.CONSULTATION: 2, Kind.REGULATION: 1}


def _duty(
    site: str, kind: Kind, line: str, day: int, hours: tuple[int, int], off: bool, period: Period
) -> Duty:
    start, end = (DAY * day + HOUR * hour for hour in hours)
    night = hours[1] > 24
    types = {"night"} if night else set()
    types |= {"weekend"} if day % 7 >= 5 else set()
    types |= {"holiday"} if day in period.day_sets["holiday"] else set()
    return Duty(
        f"{site}/{line}/{day:03}", site, kind, start, end, line=line,
        types=frozenset(types), points=_POINTS[kind] + off,
        work_min=None if kind is not Kind.ASTREINTE else (end - start) // 4,
        pay_cents=dict.fromkeys(Status, 20000 + 6000 * off),
        harmonised_pay_cents=30_000,
        skills=frozenset({"emergency"} if kind is Kind.GARDE else ()),
    )  # fmt: skip


def _doctor(at: int, size: Size, period: Period, chance: np.random.Generator) -> Person:
    home = at % size.sites
    near = [(home + by) % size.sites for by in (1, -1, 2)]
    accepted = [site for site, share in zip(near, (0.8, 0.5, 0.3), strict=True)
                if chance.random() < share]  # fmt: skip
    away = sorted(chance.choice(size.weeks, size=max(1, size.weeks // 8), replace=False).tolist())
    return Person(
        f"dr{at:03}",
        STATUSES[at % len(STATUSES)],
        skills=frozenset({"emergency"} if chance.random() < 0.85 else ()),
        bound_sites=frozenset({_site(home)}),
        accepted_sites=frozenset(_site(site) for site in accepted),
        contract_pct=int(chance.choice([50, 80, 100], p=[0.2, 0.2, 0.6])),
        presence_days=period.n_days - 7 * len(away),
        absences=tuple((7 * week * DAY, 7 * (week + 1) * DAY) for week in away),
    )


def _rules(case: Case, size: Size) -> tuple[Rule, ...]:
    weeks = tuple(Window((day, day + 7), most=3) for day in range(0, 7 * size.weeks, 7))
    months = tuple(
        Window((day, min(day + 28, 7 * size.weeks)), most=8) for day in range(0, 7 * size.weeks, 28)
    )
    rooms = [duty for duty in case.duties if duty.line == "salle"]
    saturdays = {
        (duty.site, duty.start_min // DAY): duty.duty_id
        for duty in rooms
        if duty.start_min // DAY % 7 == 5
    }
    pairs = tuple(
        (saturdays[duty.site, duty.start_min // DAY - 1], duty.duty_id)
        for duty in rooms
        if (duty.site, duty.start_min // DAY - 1) in saturdays
    )
    return (
        Gap(name="rest", least_min=11 * HOUR),
        Gap(name="safety_rest", least_min=24 * HOUR, after=GARDES),
        Gap(name="gap_between_gardes", least_min=36 * HOUR, after=GARDES, before=GARDES),
        Total(name="per_week", windows=weeks),
        Total(name="per_month", windows=months),
        Weekends(most=size.weeks // 2, days=(0, 7 * size.weeks)),
        Together(name="weekend", groups=pairs),
    )


def _wishes(case: Case, chance: np.random.Generator) -> tuple[Wish, ...]:
    """Everyone asks to be free on one weekday, half on some weekends, some for other nights."""
    wishes = []
    for person in case.people:
        weekday = int(chance.integers(7))
        ids = tuple(d.duty_id for d, day in zip(case.duties, case.day_of, strict=True)
                    if day % 7 == weekday and person.may_work_at(d.site))  # fmt: skip
        strength = int(chance.integers(1, 4))
        wishes.append(
            Wish(f"{person.person_id}-day", person.person_id, Wanted.NONE, (ids,), strength)
        )
        if chance.random() < 0.5:
            weekend = case.period.weekends[int(chance.integers(len(case.period.weekends)))]
            free = tuple(d.duty_id for d, day in zip(case.duties, case.day_of, strict=True)
                         if day in weekend and person.may_work_at(d.site))  # fmt: skip
            wishes.append(
                Wish(f"{person.person_id}-weekend", person.person_id, Wanted.NONE, (free,), 5)
            )
        if chance.random() < 0.3:
            groups = tuple(
                tuple(d.duty_id for d, day in zip(case.duties, case.day_of, strict=True)
                      if day in weekend and person.may_work_at(d.site))
                for weekend in case.period.weekends
            )  # fmt: skip
            wishes.append(
                Wish(f"{person.person_id}-alternate", person.person_id, Wanted.ALTERNATE, groups, 2)
            )
    return tuple(wishes)


def _measures(case: Case, chance: np.random.Generator) -> tuple[Measure, ...]:
    def history(most: int) -> dict[str, int]:
        return {p.person_id: int(chance.integers(0, most + 1)) for p in case.people}

    return (
        Measure("points", points=True, history=history(12)),
        Measure("nights", match=Match(types=frozenset({"night"})), history=history(4)),
        Measure("weekends", match=Match(types=frozenset({"weekend"})), history=history(3)),
        Measure("holidays", match=Match(types=frozenset({"holiday"}))),
    )
