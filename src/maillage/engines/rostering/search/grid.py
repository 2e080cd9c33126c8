"""The rostering problem as arrays: people × days × lines, with what each person may carry."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Roster = NDArray[np.int16]

OFF = -1
HARD = -1
NO_LIMIT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What each person may carry, arrays of shape (n_people,).

    min_minutes, max_minutes  over the whole period
    min_run, max_run          days worked in a row; a run that touches an end may be shorter
    min_rest                  days off in a row; rest that touches the end may be shorter
    max_weekends              weekends with at least one duty
    """

    min_minutes: IntArray
    max_minutes: IntArray
    min_run: IntArray
    max_run: IntArray
    min_rest: IntArray
    max_weekends: IntArray

    def __post_init__(self) -> None:
        for field in fields(self):
            _expect_shape(field.name, getattr(self, field.name), self.min_minutes.shape[:1])
        for name, least, most in (
            ("minutes", self.min_minutes, self.max_minutes),
            ("run", self.min_run, self.max_run),
        ):
            wrong = np.flatnonzero(least > most)
            if wrong.size:
                raise InputError(
                    f"Person {wrong[0]} has min_{name} {least[wrong[0]]} above max_{name} "
                    f"{most[wrong[0]]}: lower the one or raise the other."
                )

    @classmethod
    def free(cls, n_people: int) -> "Limits":
        """Return limits that bind nobody."""
        none, one = np.zeros(n_people, np.int64), np.ones(n_people, np.int64)
        most = np.full(n_people, NO_LIMIT, np.int64)
        return cls(none, most, one, most, one, most)


@dataclass(frozen=True, slots=True)
class Eve:
    """How each person comes to the first day, arrays of shape (n_people,).

    run_before   days worked in a row up to the eve; 0 when off on the eve or unknown
    rest_before  days off up to the eve; 0 when at work on the eve
    last_line    line held last, OFF when unknown
    """

    run_before: IntArray
    rest_before: IntArray
    last_line: IntArray

    def __post_init__(self) -> None:
        for field in fields(self):
            _expect_shape(field.name, getattr(self, field.name), self.run_before.shape[:1])
        wrong = np.flatnonzero((self.run_before > 0) == (self.rest_before > 0))
        if wrong.size:
            raise InputError(
                f"Person {wrong[0]} has run_before {self.run_before[wrong[0]]} and rest_before "
                f"{self.rest_before[wrong[0]]}: exactly one of them is above 0."
            )
        wrong = np.flatnonzero((self.run_before > 0) & (self.last_line == OFF))
        if wrong.size:
            raise InputError(
                f"Person {wrong[0]} works on the eve but has no last_line: give the line held."
            )

    @classmethod
    def rested(cls, n_people: int) -> "Eve":
        """Return people of whom nothing is known: rested, bound by nothing before."""
        return cls(
            np.zeros(n_people, np.int64),
            np.full(n_people, NO_LIMIT, np.int64),
            np.full(n_people, OFF, np.int64),
        )


@dataclass(frozen=True, slots=True)
class Tallies:
    """Bounds on what each person collects in each group of duties (nights, holidays, points…).

    weight        what a line adds on a day, shape (n_groups, n_days, n_lines), at least 0
    least, most   bounds, shape (n_people, n_groups)
    under, over   paid per unit outside the bounds, shape (n_people, n_groups); HARD forbids
    """

    weight: IntArray
    least: IntArray
    most: IntArray
    under: IntArray
    over: IntArray

    def __post_init__(self) -> None:
        for name in ("least", "most", "under", "over"):
            _expect_shape(name, getattr(self, name), self.least.shape)
        if self.least.shape[1] != self.weight.shape[0]:
            raise InputError(
                f"tallies weigh {self.weight.shape[0]} groups but bound {self.least.shape[1]}: "
                "one column of bounds per group."
            )
        if self.weight.size and self.weight.min() < 0:
            raise InputError("A tally weight is below 0: weights count duties, minutes or points.")
        if np.any(self.least > self.most):
            raise InputError("A tally has least above most: lower the one or raise the other.")

    @classmethod
    def none(cls, n_people: int, n_days: int, n_lines: int) -> "Tallies":
        """Return no group at all."""
        empty = np.zeros((n_people, 0), np.int64)
        return cls(np.zeros((0, n_days, n_lines), np.int64), empty, empty, empty, empty)


@dataclass(frozen=True, slots=True)
class DutyGrid:
    """Who may hold which line on which day, at what cost, and how many are needed.

    A line is one kind of shift at one site; a person holds at most one line a day.

    minutes         counted for a line on a day, shape (n_days, n_lines)
    allowed         may this person hold this line that day, shape (n_people, n_days, n_lines)
    must_work       may not be off that day, shape (n_people, n_days)
    cost            paid when held, same shape as `allowed`; may be negative
    need            people needed, shape (n_days, n_lines)
    under, over     paid per person missing or too many, same shape as `need`, at least 0
    wait_days       shape (n_lines, n_lines), at least 1: after line t the next duty may be u
                    from `wait_days[t, u]` days later on; 2 forbids u the day after t
    weekend_of_day  number of the weekend a day belongs to, -1 for none, shape (n_days,);
                    a weekend has one or two days, side by side
    """

    minutes: IntArray
    allowed: BoolArray
    must_work: BoolArray
    cost: IntArray
    need: IntArray
    under: IntArray
    over: IntArray
    wait_days: IntArray
    weekend_of_day: IntArray
    limits: Limits
    eve: Eve
    tallies: Tallies

    def __post_init__(self) -> None:
        self._check_shapes()
        for name, least in (("minutes", 0), ("need", 0), ("under", 0), ("over", 0)):
            _expect_at_least(name, getattr(self, name), least)
        _expect_at_least("wait_days", self.wait_days, 1)
        _check_waits(self.wait_days)
        _check_weekends(self.weekend_of_day)

    def _check_shapes(self) -> None:
        people, days, lines = self.allowed.shape
        expected = {
            "minutes": (days, lines), "must_work": (people, days), "cost": (people, days, lines),
            "need": (days, lines), "under": (days, lines), "over": (days, lines),
            "wait_days": (lines, lines), "weekend_of_day": (days,),
        }  # fmt: skip
        for name, shape in expected.items():
            _expect_shape(name, getattr(self, name), shape)
        _expect_shape("limits.min_minutes", self.limits.min_minutes, (people,))
        _expect_shape("eve.run_before", self.eve.run_before, (people,))
        groups = self.tallies.weight.shape[0]
        _expect_shape("tallies.weight", self.tallies.weight, (groups, days, lines))
        _expect_shape("tallies.least", self.tallies.least, (people, groups))

    @property
    def n_people(self) -> int:
        """Number of people."""
        return int(self.allowed.shape[0])

    @property
    def n_days(self) -> int:
        """Number of days."""
        return int(self.allowed.shape[1])

    @property
    def n_lines(self) -> int:
        """Number of lines."""
        return int(self.allowed.shape[2])


def _expect_shape(name: str, array: NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise InputError(
            f"{name} has shape {array.shape}, expected {shape}: see the docstring of its class."
        )


def _expect_at_least(name: str, array: IntArray, least: int) -> None:
    if array.size and array.min() < least:
        raise InputError(f"{name} holds {array.min()}, expected at least {least} everywhere.")


def _check_waits(wait: IntArray) -> None:
    """Waits bind consecutive duties; with the triangle they bind every two duties."""
    through = (wait[:, :, None] + wait[None, :, :]).min(axis=1) if wait.size else wait
    if np.any(wait > through):
        earlier, later = np.argwhere(wait > through)[0]
        raise InputError(
            f"wait_days[{earlier}, {later}] is {wait[earlier, later]}, but a duty between takes "
            f"{through[earlier, later]}: lower it or raise the waits of the line between."
        )


def _check_weekends(weekend: IntArray) -> None:
    for number in np.unique(weekend[weekend >= 0]):
        days = np.flatnonzero(weekend == number)
        if days.size > 2 or days[-1] - days[0] >= 2:
            raise InputError(
                f"Weekend {number} holds the days {days.tolist()}: one or two days side by side."
            )
