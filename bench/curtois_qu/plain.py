"""Plain CP-SAT on an instance, as anyone would write it: the peer of the bench."""

import resource
from itertools import pairwise

from ortools.sat.python import cp_model

from curtois_qu.reading import Instance

WORKERS = 2


def plain_cp_sat(instance: Instance, *, seconds: float) -> int | None:
    """Return the best cost found in about `seconds` of CPU, None when there is none."""
    model, cost = _model(instance)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    guard = _CpuGuard(solver, seconds)
    solver.best_bound_callback = lambda _bound: guard.check()
    solver.parameters.max_time_in_seconds = seconds * 4
    solver.parameters.max_deterministic_time = seconds
    status = solver.solve(model, guard)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return round(solver.value(cost))
    return None


class _CpuGuard(cp_model.CpSolverSolutionCallback):
    def __init__(self, solver: cp_model.CpSolver, seconds: float) -> None:
        super().__init__()
        self.solver, self.end = solver, _cpu_s() + seconds

    def check(self) -> None:
        if _cpu_s() > self.end:
            self.solver.stop_search()

    def on_solution_callback(self) -> None:
        self.check()


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _model(instance: Instance):
    model = cp_model.CpModel()
    held = {
        (who, day, name): model.new_bool_var("")
        for who in instance.staff for day in range(instance.days) for name in instance.shifts
    }  # fmt: skip
    works = {}
    for who in instance.staff:
        row = []
        for day in range(instance.days):
            works[who, day] = model.new_bool_var("")
            model.add(sum(held[who, day, name] for name in instance.shifts) == works[who, day])
            row.append(works[who, day])
        _rules(model, instance, who, held, row)
    cost = sum(w * (1 - held[who, day, name]) for who, day, name, w in instance.wanted)
    cost += sum(w * held[who, day, name] for who, day, name, w in instance.unwanted)
    for day, name, need, under_weight, over_weight in instance.cover:
        under = model.new_int_var(0, need, "")
        over = model.new_int_var(0, len(instance.staff), "")
        there = sum(held[who, day, name] for who in instance.staff)
        model.add(there + under - over == need)
        cost += under_weight * under + over_weight * over
    model.minimize(cost)
    return model, cost


def _rules(model, instance, who, held, row) -> None:
    person = instance.staff[who]
    for day in instance.days_off.get(who, ()):
        model.add(row[day] == 0)
    for today, tomorrow in pairwise(range(instance.days)):
        for name, shift in instance.shifts.items():
            for other in shift.not_followed_by:
                model.add_bool_or(~held[who, today, name], ~held[who, tomorrow, other])
    for name, most in person.most_of.items():
        model.add(sum(held[who, day, name] for day in range(instance.days)) <= most)
    minutes = sum(
        shift.minutes * held[who, day, name]
        for day in range(instance.days) for name, shift in instance.shifts.items()
    )  # fmt: skip
    model.add_linear_constraint(minutes, person.least_minutes, person.most_minutes)
    weekends = [model.new_bool_var("") for _ in range(5, instance.days - 1, 7)]
    for weekend, saturday in zip(weekends, range(5, instance.days - 1, 7), strict=True):
        model.add_implication(row[saturday], weekend)
        model.add_implication(row[saturday + 1], weekend)
    model.add(sum(weekends) <= person.most_weekends)
    for first in range(instance.days - person.most_in_a_row):
        model.add_bool_or(~day for day in row[first : first + person.most_in_a_row + 1])
    for first in range(1, instance.days):
        for length in range(1, person.least_in_a_row):
            if first + length < instance.days:
                model.add_bool_or(row[first - 1], ~row[first], row[first + length])
        for length in range(1, person.least_days_off):
            if first + length < instance.days:
                model.add_bool_or(~row[first - 1], row[first], ~row[first + length])
