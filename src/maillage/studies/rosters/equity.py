"""What each person carries beside what would be fair: the figures shown to everyone concerned."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from maillage.engines.rostering.case import Case
from maillage.engines.rostering.fairness import Account, accounts, gini, spread
from maillage.engines.rostering.pay import pay_cents
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster


@dataclass(frozen=True, slots=True)
class Board:
    """One measure shared between people.

    accounts  of each person who shares it, amounts in tenths
    gini      of what they carry, history included: 0 all the same, towards 1 one has it all
    spread    the most carried less the least, in tenths
    """

    measure: str
    accounts: tuple[Account, ...]
    gini: float
    spread: int


def boards(problem: Problem, roster: Roster) -> tuple[Board, ...]:
    """Return the board of each measure of a problem."""
    found = []
    for measure in problem.measures:
        of_measure = accounts(problem.case, measure, roster, allowed=problem.allowed)
        carried = [one.history + one.carried for one in of_measure]
        found.append(Board(measure.name, tuple(of_measure), gini(carried), spread(carried)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PersonTotals:
    """What one person holds in a period.

    by_type               duties of each type: "night", "weekend", "holiday"…
    minutes               counted as work
    pay_cents             by the grid of their status; `harmonised_pay_cents` by the common one
    """

    person_id: str
    duties: int
    by_type: Mapping[str, int]
    points: int
    minutes: int
    pay_cents: int
    harmonised_pay_cents: int


def totals(case: Case, roster: Roster) -> tuple[PersonTotals, ...]:
    """Return what each person holds, in order of identifier."""
    return tuple(_totals(case, roster, at) for at in range(len(case.people)))


def _totals(case: Case, roster: Roster, person: int) -> PersonTotals:
    held = roster.duties_of[person]
    duties = [case.duties[at] for at in held]
    return PersonTotals(
        person_id=case.people[person].person_id,
        duties=len(duties),
        by_type=Counter(sorted(name for duty in duties for name in duty.types)),
        points=sum(duty.points for duty in duties),
        minutes=sum(duty.counted_min for duty in duties),
        pay_cents=sum(pay_cents(case, (at, person), harmonised=False) for at in held),
        harmonised_pay_cents=sum(pay_cents(case, (at, person), harmonised=True) for at in held),
    )
