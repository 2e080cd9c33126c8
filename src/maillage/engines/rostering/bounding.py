"""Bounds on coverage and fairness that hold for every roster, whatever its size.

`bound`: duties that look alike (same line, same amounts, same places) are put into one class; only
how many duties of a class each person holds is decided, not which. Every roster gives such numbers,
with the same coverage and deviations: the best numbers are at least as good as the best roster.

`alone`: what one person can be given, as if all others held nothing. Nobody does better in a
roster; the largest of these is a bound on the largest deviation, their sum one on the sum.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from ortools.sat.python import cp_model

from maillage.engines.rostering.fairness import TENTHS
from maillage.engines.rostering.improving import limit, solver
from maillage.engines.rostering.levels import Expressions, Level
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster

BOUNDED = (Level.COVERAGE, Level.MOST_UNFAIR, Level.SUM_UNFAIR)
"""Levels that can be bounded by classes."""
UNFAIR = (Level.MOST_UNFAIR, Level.SUM_UNFAIR)
"""Levels that can be bounded person by person."""


@dataclass(frozen=True, slots=True)
class Bound:
    """No roster that keeps to the caps has a lower value; `work` is what it took to prove."""

    value: int
    proven: bool
    work: float


def bound(
    problem: Problem, level: Level, *, at_most: Mapping[Level, int], seed: int, work: float
) -> Bound:
    """Return a bound on one level for rosters that pass no value of `at_most` (of such levels)."""
    counts = _Counts(problem)
    for capped in BOUNDED:
        if capped in at_most:
            counts.cp.add(counts.of(capped) <= at_most[capped])
    counts.cp.minimize(counts.of(level))
    made = solver(seed=seed, work=work)
    status = made.solve(counts.cp)
    proven = status == cp_model.OPTIMAL
    return Bound(
        max(0, ceil(made.best_objective_bound - 1e-6)),
        proven,
        made.response_proto.deterministic_time,
    )


_LEAST_WORK: Final = 0.02
"""Work of setting up one person's model."""
_WORK_OF_ONE: Final = 0.2


def alone(
    problem: Problem, level: Level, *, at_most: Mapping[Level, int], seed: int
) -> Iterator[Bound]:
    """Yield a bound on each person's own deviations: the largest (MOST_UNFAIR) or the sum.

    at_most  what MOST_UNFAIR may not pass, where given; other levels bind nobody alone
    """
    empty = Roster.of(problem.case, ())
    for person in range(len(problem.case.people)):
        free = [(int(duty), person) for duty in problem.allowed[:, person].nonzero()[0]]
        model = Model(problem.case, allowed=problem.allowed, free=free, kept=empty)
        for rule in problem.rules:
            rule.constrain(model)
        apart = Expressions(problem, model).deviations_of(person)
        for one in apart if Level.MOST_UNFAIR in at_most else ():
            limit(model, one, at_most[Level.MOST_UNFAIR])
        model.cp.minimize(_largest(model, apart) if level is Level.MOST_UNFAIR else sum(apart))
        made = solver(seed=seed, work=_WORK_OF_ONE)
        status = made.solve(model.cp)
        value = max(0, ceil(made.best_objective_bound - 1e-6))
        spent = made.response_proto.deterministic_time + _LEAST_WORK
        yield Bound(value, status == cp_model.OPTIMAL, spent)


def _largest(model: Model, apart: Sequence[cp_model.IntVar | int]) -> cp_model.IntVar:
    most = model.cp.new_int_var(0, 1 << 40, "")
    for one in apart:
        model.cp.add(most >= one)
    return most


class _Counts:
    """How many duties of each class each person holds."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.classes = _classes(problem)
        self.missing: list[cp_model.LinearExprT] = []
        self.counts: list[dict[int, cp_model.IntVar]] = []
        for duties in self.classes:
            self._count(duties)
        self._apart: list[cp_model.IntVar] | None = None

    def _count(self, duties: list[int]) -> None:
        case = self.problem.case
        most = self.problem.allowed[duties].sum(axis=0)
        held = {int(at): self.cp.new_int_var(0, int(most[at]), "") for at in most.nonzero()[0]}
        places = case.duties[duties[0]].places * len(duties)
        missing = self.cp.new_int_var(0, places, "")
        self.cp.add(cp_model.LinearExpr.sum([*held.values(), missing]) == places)
        self.counts.append(held)
        self.missing.append(missing * case.duties[duties[0]].priority)

    def of(self, level: Level) -> cp_model.LinearExprT:
        """Return the expression of a level."""
        if level is Level.COVERAGE:
            return cp_model.LinearExpr.sum(self.missing)
        if self._apart is None:
            self._apart = self._deviations()
        if level is Level.SUM_UNFAIR:
            return cp_model.LinearExpr.sum(self._apart)
        most = self.cp.new_int_var(0, 1 << 40, "")
        for apart in self._apart:
            self.cp.add(most >= apart)
        return most

    def _deviations(self) -> list[cp_model.IntVar]:
        case, apart = self.problem.case, []
        for measure, shared in zip(self.problem.measures, self.problem.targets, strict=True):
            amounts = [
                measure.weight * TENTHS * measure.amount(case, duties[0]) for duties in self.classes
            ]
            for target in shared:
                held = [
                    (counts.get(target.person), a)
                    for counts, a in zip(self.counts, amounts, strict=True)
                ]
                due = measure.weight * target.due
                carried = cp_model.LinearExpr.sum([one * a for one, a in held if one is not None])
                by = self.cp.new_int_var(0, 1 << 40, "")
                self.cp.add(by >= carried - due)
                self.cp.add(by >= due - carried)
                apart.append(by)
        return apart


def _classes(problem: Problem) -> list[list[int]]:
    """Put together the duties that count for the same in every measure, on the same line."""
    classes: dict[tuple[object, ...], list[int]] = {}
    for at, duty in enumerate(problem.case.duties):
        amounts = tuple(measure.amount(problem.case, at) for measure in problem.measures)
        like = (duty.site, duty.line, duty.kind, duty.skills, duty.places, duty.priority, amounts)
        classes.setdefault(like, []).append(at)
    return [*classes.values()]
