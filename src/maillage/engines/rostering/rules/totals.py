"""The most and the least of something over some days: duties, minutes, weekends, pay."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from maillage.core.errors import InputError
from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import ANY_DUTY, Duty, Match
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.pay import pay_cents
from maillage.engines.rostering.period import Days
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.rule import Rule

Unit = Literal["duties", "minutes", "points"]

_AMOUNT: Final[Mapping[Unit, Callable[[Duty], int]]] = {
    "duties": lambda duty: 1,
    "minutes": lambda duty: duty.counted_min,
    "points": lambda duty: duty.points,
}


@dataclass(frozen=True, slots=True)
class Window:
    """Some days and what one person may hold in them; a duty counts on the day it starts.

    days         first day, day after the last
    most, least  amounts; None: no limit. The 48 h of a reference period of 17 weeks: 48 × 60 × 17
    carried      what each person has already in the same window, by identifier: work before the
                 period, daytime service
    """

    days: Days
    most: int | None = None
    least: int | None = None
    carried: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first, after = self.days
        if not 0 <= first < after:
            raise InputError(f"A window runs over days {self.days}; expected a first and a later.")
        if self.most is not None and self.least is not None and self.least > self.most:
            raise InputError(
                f"Days {self.days}: at least {self.least} and at most {self.most}; expected the "
                "least not to pass the most."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Rule):
    """What each person holds over each window: gardes per week, month, 48 h weekly average…

    counts  what is added up; `match` says over which duties
    """

    counts: Unit = "duties"
    match: Match = ANY_DUTY
    windows: tuple[Window, ...]

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the people and windows with too much or too little."""
        found = []
        for person in self.bound(case, range(roster.n_people)):
            for window in self.windows:
                duties = self._within(case, window, roster.duties_of[person])
                held = sum(self._amounts(case, duties))
                total = self._carried(case, window, person) + held
                if (limit := _passed(window, held, total)) is not None:
                    found.append(
                        self.breach(
                            case,
                            people=[person],
                            duties=duties,
                            found=total,
                            limit=limit,
                            unit=self.counts,
                            days=window.days,
                        )
                    )
        return found

    def constrain(self, model: Model) -> None:
        """Hold each total to its window's limits."""
        for person in self.bound(model.case, model.people):
            reason = self.reason(model.case, people=[person])
            terms = model.terms_of(person)
            for window in self.windows:
                duties = self._within(model.case, window, [*terms])
                held = [terms[at] for at in duties]
                weights = self._amounts(model.case, duties)
                carried = self._carried(model.case, window, person)
                if window.most is not None:
                    model.at_most(held, window.most - carried, reason, weights=weights)
                if window.least is not None and not model.open_end:
                    model.at_least(held, window.least - carried, reason, weights=weights)

    def _within(self, case: Case, window: Window, duties: Sequence[int]) -> list[int]:
        first, after = window.days
        counted = case.matching(self.match)
        return [at for at in duties if first <= case.day_of[at] < after and at in counted]

    def _amounts(self, case: Case, duties: Sequence[int]) -> list[int]:
        return [_AMOUNT[self.counts](case.duties[at]) for at in duties]

    @staticmethod
    def _carried(case: Case, window: Window, person: int) -> int:
        return window.carried.get(case.people[person].person_id, 0)


def _passed(window: Window, held: int, total: int) -> int | None:
    """Return the limit that a total passes, or None; what was carried alone is no breach."""
    if window.most is not None and held and total > window.most:
        return window.most
    if window.least is not None and total < window.least:
        return window.least
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekends(Rule):
    """At most so many weekends, over some days, in which a person holds a duty.

    A weekend counts when it starts in the window.
    """

    name: str = "weekends"
    most: int
    days: Days
    match: Match = ANY_DUTY

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the people with too many weekends."""
        found = []
        for person in self.bound(case, range(roster.n_people)):
            held = set(roster.duties_of[person])
            worked = [weekend for weekend in self._weekends(case) if not held.isdisjoint(weekend)]
            if len(worked) > self.most:
                found.append(
                    self.breach(
                        case,
                        people=[person],
                        duties=sorted(held & frozenset().union(*worked)),
                        found=len(worked),
                        limit=self.most,
                        unit="weekends",
                        days=self.days,
                    )
                )
        return found

    def constrain(self, model: Model) -> None:
        """Count the weekends that each person works."""
        for person in self.bound(model.case, model.people):
            worked = [model.any_of(person, sorted(w)) for w in self._weekends(model.case)]
            model.at_most(worked, self.most, self.reason(model.case, people=[person]))

    def _weekends(self, case: Case) -> list[frozenset[int]]:
        """Return the matching duties of each weekend of the window."""
        return case.once(self, lambda: [*self._of(case)])

    def _of(self, case: Case) -> Iterator[frozenset[int]]:
        first, after = self.days
        for weekend in case.period.weekends:
            if first <= weekend[0] < after:
                counted = case.matching(self.match)
                yield frozenset(at for at in counted if case.day_of[at] in weekend)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Rule):
    """The pay of some duties does not pass a sum.

    harmonised  count the harmonised grid instead of each status's own
    """

    name: str = "budget"
    most_cents: int
    harmonised: bool = False
    match: Match = ANY_DUTY

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """Say by how much the budget is passed."""
        counted = case.matching(self.match)
        total = sum(
            pay_cents(case, (at, person), harmonised=self.harmonised)
            for at, person in roster.pairs
            if at in counted and self.scope.binds(case.people[person])
        )
        if total <= self.most_cents:
            return []
        return [self.breach(case, found=total, limit=self.most_cents, unit="cents")]

    def constrain(self, model: Model) -> None:
        """Hold the sum of pay to the budget."""
        case, counted = model.case, model.case.matching(self.match)
        pairs = [
            (at, person)
            for at in sorted(counted)
            for person in self.bound(case, model.holders_of(at))
        ]
        held = [model.held(at, person) for at, person in pairs]
        weights = [pay_cents(case, pair, harmonised=self.harmonised) for pair in pairs]
        model.at_most(held, self.most_cents, self.reason(case), weights=weights)
