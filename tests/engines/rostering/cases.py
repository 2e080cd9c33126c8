"""Small rosters written by hand, and every roster of a tiny case."""

from itertools import chain, combinations

import numpy as np
from ortools.sat.python import cp_model

from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import Duty, Kind
from maillage.engines.rostering.improving import all_pairs
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.people import Person, Status
from maillage.engines.rostering.period import Period
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.totals import Total, Window

DAY = 1440
HOUR = 60


def days(n, **options):
    return Period(tuple(DAY * day for day in range(n + 1)), **options)


def person(name, **options):
    given = {"status": Status.HOSPITAL, "accepted_sites": frozenset({"pau"})} | options
    return Person(name, **given)


def duty(name, start_min, minutes=12 * HOUR, **options):
    given = {"site": "pau", "kind": Kind.GARDE} | options
    return Duty(name, start_min=start_min, end_min=start_min + minutes, **given)


def night(day, name="", **options):
    """A night from 20:00 to 08:00."""
    return duty(name or f"night{day}", day * DAY + 20 * HOUR, **options)


def case(people, duties, *, n_days=4, **options):
    period = options.pop("period", None) or days(n_days)
    return Case(period, tuple(people), tuple(duties), **options)


def breaches(rule, facts, **holders):
    """What a rule says of the roster in which each duty has the holders named, as "a b"."""
    named = {name: people.split() for name, people in holders.items()}
    return rule.breaches(facts, Roster.named(facts, named))


def every_roster(problem):
    """Every set of the pairs that rules on one pair allow, that gives no duty too many people."""
    pairs = all_pairs(problem)
    sets = chain.from_iterable(combinations(pairs, size) for size in range(len(pairs) + 1))
    return [Roster.of(problem.case, some) for some in sets]


def lawful_rosters(problem):
    """Every roster that breaks no rule, one by one: the plain reference of the solver."""
    return [roster for roster in every_roster(problem) if not problem.breaches(roster)]


def solver_rosters(problem):
    """Every roster that the constraints let through."""
    return [roster for roster, _ in solver_values(problem, lambda model: 0)]


def solver_values(problem, expression):
    """Every roster that the constraints let through, with what an expression is worth in it."""
    empty = Roster.of(problem.case, ())
    model = Model(problem.case, allowed=problem.allowed, free=all_pairs(problem), kept=empty)
    for rule in problem.rules:
        rule.constrain(model)
    worth = expression(model)
    found = []

    class Keep(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self):
            found.append((model.roster(self), self.value(worth)))

    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    solver.solve(model.cp, Keep())
    return found


def assert_rules_and_constraints_agree(problem):
    """Fail unless the solver lets through the rosters that break no rule, and no other."""
    lawful = {roster.pairs for roster in lawful_rosters(problem)}
    found = {roster.pairs for roster in solver_rosters(problem)}
    assert found == lawful, (problem, found - lawful, lawful - found)


def problem_of(people, duties, *rules, n_days=4, **options):
    facts = {name: options.pop(name) for name in ("travel_min", "period") if name in options}
    return Problem(case(people, duties, n_days=n_days, **facts), tuple(rules), **options)


def hard_sum():
    """One person whose points must add up exactly to two sums: too hard for no work at all.

    The even nights do.
    """
    chance = np.random.default_rng(3)
    points = [int(one) for one in chance.integers(10**6, 10**7, size=40)]
    duties = [night(d, points=points[d]) for d in range(40)]
    sums = [(first, after, sum(points[first:after:2])) for first, after in ((0, 30), (10, 40))]
    rules = [
        Total(name=f"{first}", counts="points", windows=(Window((first, after), s, s),))
        for first, after, s in sums
    ]
    return problem_of([person("ada")], duties, *rules, n_days=40)
