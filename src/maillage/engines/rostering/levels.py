"""What is minimised, level after level: the value of a roster, and the same in a model."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final

from ortools.sat.python import cp_model

from maillage.engines.rostering.fairness import TENTHS, Measure, Target, carried_tenths
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.pay import pay_cents, total_pay_cents
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.wishes import Cost, unmet, unmet_costs


class Level(StrEnum):
    """Something to make small; unit of its value.

    COVERAGE       places left empty × priority of the duty
    MOST_UNFAIR    largest deviation from a target, tenths × weight of the measure
    SUM_UNFAIR     sum of deviations, same unit
    WISHES         strength of the wishes unmet
    COST           pay, cents
    CHANGES        pairs that differ from the roster before
    """

    COVERAGE = "coverage"
    MOST_UNFAIR = "most_unfair"
    SUM_UNFAIR = "sum_unfair"
    WISHES = "wishes"
    COST = "cost"
    CHANGES = "changes"


FAIR_FIRST: Final = (Level.COVERAGE, Level.MOST_UNFAIR, Level.SUM_UNFAIR, Level.WISHES)
"""The order asked for by doctors: held, then fair, then as wished."""


def deviations(problem: Problem, roster: Roster) -> list[tuple[Measure, Target, int]]:
    """List each measure and target with how far the roster is from it, signed, in tenths."""
    return [
        (measure, target, carried_tenths(problem.case, measure, roster, target.person) - target.due)
        for measure, shared in zip(problem.measures, problem.targets, strict=True)
        for target in shared
    ]


def value(problem: Problem, level: Level, roster: Roster) -> int:
    """Return what a roster is worth on a level: the less the better."""
    case = problem.case
    if level is Level.COVERAGE:
        return sum(
            duty.priority * max(0, duty.places - len(holders))
            for duty, holders in zip(case.duties, roster.holders, strict=True)
        )
    if level in (Level.MOST_UNFAIR, Level.SUM_UNFAIR):
        apart = [measure.weight * abs(by) for measure, _, by in deviations(problem, roster)]
        return max(apart, default=0) if level is Level.MOST_UNFAIR else sum(apart)
    if level is Level.WISHES:
        return sum(one.cost for one in unmet(case, problem.wishes, roster))
    if level is Level.COST:
        return total_pay_cents(case, roster)
    return 0 if problem.before is None else len(roster.pairs ^ problem.before.pairs)


def values(problem: Problem, levels: Sequence[Level], roster: Roster) -> tuple[int, ...]:
    """Return what a roster is worth on each level."""
    return tuple(value(problem, level, roster) for level in levels)


class Expressions:
    """The levels of a problem in one model; what two of them share is built once.

    so_far  the share of the period that is filled: targets are cut to it while a roster grows
    """

    def __init__(self, problem: Problem, model: Model, *, so_far: Fraction = Fraction(1)) -> None:
        self.problem, self.model, self.so_far = problem, model, so_far
        self._apart: list[cp_model.IntVar | int] | None = None

    def of(self, level: Level) -> cp_model.LinearExprT:
        """Return the expression of a level: at least `value`, and that when it is minimised."""
        if level is Level.COVERAGE:
            return self._coverage()
        if level is Level.MOST_UNFAIR:
            return self._most_unfair()
        if level is Level.SUM_UNFAIR:
            return cp_model.LinearExpr.sum(self._deviations())
        if level is Level.WISHES:
            wishes = self.problem.wishes
            return _total([cost for wish in wishes for cost in unmet_costs(self.model, wish)])
        return _total(self._pay() if level is Level.COST else self._changes())

    def _coverage(self) -> cp_model.LinearExprT:
        costs: list[Cost] = []
        for at, duty in enumerate(self.problem.case.duties):
            held = [*self.model.holders_of(at).values()]
            costs.append((1, duty.priority * duty.places))
            costs += [(one, -duty.priority) for one in held]
        return _total(costs)

    def _most_unfair(self) -> cp_model.IntVar:
        most = self.model.cp.new_int_var(0, _LARGE, "")
        for apart in self._deviations():
            self.model.cp.add(most >= apart)
        return most

    def _deviations(self) -> list[cp_model.IntVar | int]:
        """Return the weighted deviation of each target, at least what it is and no more needed."""
        if self._apart is None:
            people = range(len(self.problem.case.people))
            self._apart = [one for person in people for one in self.deviations_of(person)]
        return self._apart

    def deviations_of(self, person: int) -> list[cp_model.IntVar | int]:
        """Return the weighted deviations of one person."""
        return [
            self._deviation(measure, target)
            for measure, shared in zip(self.problem.measures, self.problem.targets, strict=True)
            for target in shared
            if target.person == person
        ]

    def _deviation(self, measure: Measure, target: Target) -> cp_model.IntVar | int:
        case, terms = self.problem.case, self.model.terms_of(target.person)
        weights = [measure.weight * TENTHS * measure.amount(case, at) for at in terms]
        due = measure.weight * round(target.due * self.so_far)
        costs = [(held, weight) for held, weight in zip(terms.values(), weights, strict=True)]
        above = _total(costs) - due
        if isinstance(above, int):
            return abs(above)
        apart = self.model.cp.new_int_var(0, sum(weights) + abs(due), "")
        self.model.cp.add(apart >= above)
        self.model.cp.add(apart >= -above)
        return apart

    def burden(self) -> cp_model.LinearExprT:
        """Return Σ held × amount × how far above their target so far the person is already.

        The slope of the squares of deviations: it gives each duty to those who are owed one, at
        the price of an assignment. Good enough to begin with, and only for that.
        """
        costs: list[Cost] = []
        for measure, target, by in deviations(self.problem, self.model.kept):
            ahead = by + target.due - round(target.due * self.so_far)
            for at, held in self.model.terms_of(target.person).items():
                weight = measure.weight * measure.amount(self.problem.case, at) * ahead
                costs.append((held, weight))
        return _total(costs)

    def _pay(self) -> list[Cost]:
        case = self.problem.case
        return [
            (held, pay_cents(case, (at, person), harmonised=False))
            for at in range(len(case.duties))
            for person, held in self.model.holders_of(at).items()
        ]

    def _changes(self) -> list[Cost]:
        before = self.problem.before
        if before is None:
            return []
        costs: list[Cost] = [(1, 1) for _ in before.pairs]
        for at in range(before.n_duties):
            for person, held in self.model.holders_of(at).items():
                costs.append((held, -1 if (at, person) in before.pairs else 1))
        return costs


_LARGE: Final = 1 << 40


def _total(costs: Sequence[Cost]) -> cp_model.LinearExprT:
    """Return Σ weight × held: a number when nothing is free."""
    fixed = sum(held * weight for held, weight in costs if isinstance(held, int))
    free = [(held, weight) for held, weight in costs if not isinstance(held, int) and weight]
    if not free:
        return fixed
    held_ones, weights = zip(*free, strict=True)
    return cp_model.LinearExpr.weighted_sum(held_ones, weights) + fixed
