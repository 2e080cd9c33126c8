"""Plain CP-SAT on an instance, as anyone would write it: the peer of the bench."""

import threading
import time
from itertools import pairwise

from ortools.sat.python import cp_model

from curtois_qu.reading import Instance

WORKERS = 2


def plain_cp_sat(instance: Instance, *, seconds: float) -> tuple[int | None, float]:
    """Return the best cost found, None when there is none, and the CPU seconds used.

    Stopped after `seconds` of CPU, model included, all threads counted.
    """
    begun = time.process_time()
    model, cost = _model(instance)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    over = threading.Event()
    watch = threading.Thread(target=_stop_at, args=(solver, begun + seconds, over))
    watch.start()
    status = solver.solve(model)
    over.set()
    watch.join()
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return (round(solver.value(cost)) if found else None), time.process_time() - begun


def _stop_at(solver: cp_model.CpSolver, end: float, over: threading.Event) -> None:
    """End the solver once the process has used its CPU seconds; nothing to end does no harm."""
    while not over.wait(0.1):
        if time.process_time() > end:
            solver.stop_search()


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
