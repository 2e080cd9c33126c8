"""Two sites over Christmas 2026, three doctors."""

from datetime import date, time

from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import Kind
from maillage.engines.rostering.people import Person, Status
from maillage.studies.calendars import Calendar
from maillage.studies.rosters.lines import WEEKDAYS, DutyLine, duties_of
from maillage.studies.rosters.words import Names, duty_name

EVERY_DAY = frozenset({*WEEKDAYS, "holiday"})
SITES = {"pau": "CH de Pau", "oloron": "CH d'Oloron"}
PEOPLE = {"ada": "Dr Ada", "bob": "Dr Bob", "eve": "Dr Eve"}


def calendar(first="2026-12-21", last="2026-12-27", department="64"):
    return Calendar(date.fromisoformat(first), date.fromisoformat(last), department)


def line(name="urgences", **options):
    given = {
        "line": name, "site": "pau", "kind": Kind.GARDE, "starts": time(20), "ends": time(8),
        "days": EVERY_DAY,
    }  # fmt: skip
    return DutyLine(**(given | options))


def doctor(name, **options):
    given = {"status": Status.HOSPITAL, "bound_sites": frozenset({"pau"})} | options
    return Person(name, **given)


def case(*lines, people=None, here=None):
    here = here or calendar()
    people = people or [doctor("ada"), doctor("bob"), doctor("eve", status=Status.SELF_EMPLOYED)]
    return Case(here.period(), tuple(people), tuple(duties_of(lines or [line()], here)))


def names(facts, here=None, articles=()):
    here = here or calendar()
    duties = {
        duty.duty_id: duty_name(duty, here, site_name=SITES[duty.site]) for duty in facts.duties
    }
    return Names(PEOPLE, duties, here.first, dict(articles))
