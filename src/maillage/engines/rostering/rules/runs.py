"""Days in a row."""

from collections.abc import Iterator
from dataclasses import dataclass

from maillage.core.errors import InputError
from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import ANY_DUTY, Match
from maillage.engines.rostering.model import Held, Model, Reason
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysInRow(Rule):
    """The most and the least days in a row on which a person holds a matching duty.

    A run that reaches the last day may go on after it: it is not held to the least. Days up to the
    eve of the period count.
    """

    name: str = "days_in_row"
    most: int | None = None
    least: int = 1
    match: Match = ANY_DUTY

    def __post_init__(self) -> None:
        if self.least < 1 or (self.most is not None and self.most < self.least):
            raise InputError(
                f"Days in a row: at least {self.least}, at most {self.most}; expected 1 or more, "
                "and the least not to pass the most."
            )

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the runs that are too long or too short."""
        return [
            self.breach(
                case,
                people=[person],
                duties=[at for at in roster.duties_of[person] if first <= case.day_of[at] < after],
                found=length,
                limit=limit,
                unit="days",
                days=(first, after),
            )
            for person in self.bound(case, range(roster.n_people))
            for first, after, length in self._runs(case, roster, person)
            for limit in self._passed(length, ends=after < case.period.n_days)
        ]

    def _runs(self, case: Case, roster: Roster, person: int) -> Iterator[tuple[int, int, int]]:
        """Yield each run: first day, day after the last, length with the days before the period."""
        counted = case.matching(self.match)
        worked = {case.day_of[at] for at in roster.duties_of[person] if at in counted}
        for first in sorted(worked):
            if first - 1 not in worked:
                after = first
                while after in worked:
                    after += 1
                before = case.people[person].days_in_a_row if first == 0 else 0
                yield first, after, before + after - first

    def _passed(self, length: int, *, ends: bool) -> Iterator[int]:
        if self.most is not None and length > self.most:
            yield self.most
        elif ends and length < self.least:
            yield self.least

    def constrain(self, model: Model) -> None:
        """Forbid runs one day too long, and ask runs that begin to last."""
        for person in self.bound(model.case, model.people):
            reason = self.reason(model.case, people=[person])
            worked = self._worked(model, person)
            before = model.case.people[person].days_in_a_row
            if self.most is not None:
                _forbid_long(model, worked, self.most, before, reason)
            if self.least > 1 and not model.open_end:
                _ask_to_last(model, worked, self.least, before, reason)

    def _worked(self, model: Model, person: int) -> list[Held]:
        """Return, for each day, what is 1 when the person works on it."""
        duties: list[list[int]] = [[] for _ in range(model.case.period.n_days)]
        counted = model.case.matching(self.match)
        for at in model.terms_of(person):
            if at in counted:
                duties[model.case.day_of[at]].append(at)
        return [model.any_of(person, of_day) for of_day in duties]


def _forbid_long(model: Model, worked: list[Held], most: int, before: int, reason: Reason) -> None:
    first = worked[: max(0, most - before) + 1]
    if before and len(first) > most - before:
        model.at_most(first, len(first) - 1, reason)
    for start in range(len(worked) - most):
        model.at_most(worked[start : start + most + 1], most, reason)


def _ask_to_last(model: Model, worked: list[Held], least: int, before: int, reason: Reason) -> None:
    for day, today in enumerate(worked):
        eve = worked[day - 1] if day else int(before > 0)
        due = max(1, least - (before if day == 0 else 0))
        begins = [today, eve] if day else [today]
        for later in worked[day + 1 : day + due]:
            # today and not the eve → later
            model.at_least([later, *begins], 0, reason, weights=[1, -1, 1][: len(begins) + 1])
