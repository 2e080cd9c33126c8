"""One call to CP-SAT: the best values of some free pairs, all else kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from ortools.sat.python import cp_model

from maillage.engines.rostering.levels import Expressions, Level
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Pair, Roster


@dataclass(frozen=True, slots=True)
class Aim:
    """What one call minimises, and what it may not worsen.

    weights   of each level in what is minimised; the first level is the one that `bound` is for
              when it stands alone
    at_most   value that each of these levels may not pass
    so_far    share of the period that is filled (see `Expressions`); less than 1: what must be
              reached by the end waits
    burden    weight of giving duties to those who are ahead of their share (see `Expressions`)
    """

    weights: Mapping[Level, int]
    at_most: Mapping[Level, int]
    so_far: Fraction = Fraction(1)
    burden: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call found.

    roster      None when it found none
    bound       no free values do better on the aim; meaningless when `impossible`
    proven      `roster` is the best
    impossible  no values of the free pairs honour rules and aim
    work        deterministic units used
    """

    roster: Roster | None
    bound: int
    proven: bool
    impossible: bool
    work: float


def improve(
    problem: Problem,
    *,
    free: Iterable[Pair],
    kept: Roster,
    aim: Aim,
    seed: int,
    work: float,
    mending: bool = False,
    hinted: bool = True,
) -> Outcome:
    """Return the best roster that differs from `kept` on `free` pairs only.

    work     deterministic units that the call may use
    mending  what `kept` already breaks on its own is borne with
    hinted   start from `kept`; a roster with many empty duties holds the solver back
    """
    model = Model(
        problem.case,
        allowed=problem.allowed,
        free=free,
        kept=kept,
        open_end=aim.so_far < 1,
        mending=mending,
    )
    for rule in problem.rules:
        rule.constrain(model)
    expressions = Expressions(problem, model, so_far=aim.so_far)
    for level, most in aim.at_most.items():
        limit(model, expressions.of(level), most)
    weighted = [expressions.of(level) * weight for level, weight in aim.weights.items()]
    weighted.append(expressions.burden() * aim.burden)
    model.cp.minimize(cp_model.LinearExpr.sum(weighted))
    if hinted:
        model.hint(kept)
    return _solved(model, solver(seed=seed, work=work))


def limit(model: Model, expression: cp_model.LinearExprT, most: int) -> None:
    """Hold an expression to a value; a number is as it is."""
    if not isinstance(expression, int):
        model.cp.add(expression <= most)


def solver(*, seed: int, work: float) -> cp_model.CpSolver:
    """Return a solver on one core that gives the same answer for the same seed and work."""
    made = cp_model.CpSolver()
    made.parameters.random_seed = seed
    made.parameters.max_deterministic_time = work
    made.parameters.num_workers = 1
    return made


def _solved(model: Model, made: cp_model.CpSolver) -> Outcome:
    status = made.solve(model.cp)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Outcome(
        roster=model.roster(made) if found else None,
        bound=ceil(made.best_objective_bound - 1e-6),
        proven=status == cp_model.OPTIMAL,
        impossible=status == cp_model.INFEASIBLE,
        work=made.response_proto.deterministic_time,
    )


def all_pairs(problem: Problem, duties: Sequence[int] | None = None) -> list[Pair]:
    """Return the pairs of `duties` (all of them unless given) that rules on one pair allow."""
    rows = range(len(problem.case.duties)) if duties is None else duties
    return [(at, int(person)) for at in rows for person in problem.allowed[at].nonzero()[0]]
