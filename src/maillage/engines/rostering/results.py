"""What a search hands back: the roster, what it is worth level by level, and why."""

from dataclasses import dataclass
from enum import StrEnum

from maillage.engines.rostering.levels import Level, deviations
from maillage.engines.rostering.pay import pay_cents
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.wishes import unmet


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The best roster so far, its value on each level, and what no roster goes under there."""

    roster: Roster
    values: tuple[int, ...]
    bounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LevelResult:
    """What is known of a level.

    value  of the roster; no roster as good on the levels above has less than `bound`
    """

    level: Level
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Say whether the value cannot be bettered."""
        return self.value <= self.bound

    @property
    def gap(self) -> float:
        """Return how far the value may be from the best, as a share of it; 0 when proven."""
        return 0.0 if self.proven else (self.value - self.bound) / self.value


class Ending(StrEnum):
    """How a search ended."""

    PROVEN = "proven"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the value of a level.

    name  the duty, measure or wish it comes from
    """

    level: Level
    person_id: str
    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Result:
    """The best roster found; never one that breaks a rule.

    work  what it took, in the solver's deterministic units (about seconds of one slow core)
    seed  with the same problem, seed and work, the result is the same
    """

    roster: Roster
    levels: tuple[LevelResult, ...]
    ending: Ending
    work: float
    seed: int

    @property
    def values(self) -> tuple[int, ...]:
        """Return the value of each level."""
        return tuple(level.value for level in self.levels)


def breakdown(problem: Problem, result: Result) -> list[Part]:
    """List what each level is made of, by person and by duty, measure or wish; adds up to it."""
    return [part for level in result.levels for part in _parts(problem, level.level, result.roster)]


def _parts(problem: Problem, level: Level, roster: Roster) -> list[Part]:
    people, duties = problem.case.people, problem.case.duties
    if level is Level.COVERAGE:
        return [
            Part(level, "", duty.duty_id, duty.priority * (duty.places - len(holders)))
            for duty, holders in zip(duties, roster.holders, strict=True)
            if len(holders) < duty.places
        ]
    if level in (Level.MOST_UNFAIR, Level.SUM_UNFAIR):
        parts = [
            Part(level, people[target.person].person_id, measure.name, measure.weight * abs(by))
            for measure, target, by in deviations(problem, roster)
            if by
        ]
        worst = max(parts, key=lambda part: part.value, default=None)
        return parts if level is Level.SUM_UNFAIR else [one for one in (worst,) if one]
    if level is Level.WISHES:
        return [
            Part(level, one.wish.person_id, one.wish.wish_id, one.cost)
            for one in unmet(problem.case, problem.wishes, roster)
        ]
    if level is Level.COST:
        return [
            Part(level, people[who].person_id, duties[what].duty_id, cents)
            for what, who in sorted(roster.pairs)
            if (cents := pay_cents(problem.case, (what, who), harmonised=False))
        ]
    before = roster.pairs if problem.before is None else problem.before.pairs
    return [
        Part(level, people[who].person_id, duties[what].duty_id, 1)
        for what, who in sorted(roster.pairs ^ before)
    ]
