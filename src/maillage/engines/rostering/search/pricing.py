"""The cheapest row of one person under prices: an exact dynamic programme over the days.

Its labels are the state of the automaton, the minutes so far and the weekends so far. All is
counted in whole numbers, so that the bounds built on it are proofs, not estimates.
"""

from dataclasses import dataclass

import numpy as np

from maillage.engines.rostering.search.automaton import (
    Automaton,
    Habits,
    Kinds,
    build_automaton,
    kinds_of,
)  # fmt: skip
from maillage.engines.rostering.search.grid import BoolArray, DutyGrid, IntArray, Roster
from maillage.engines.rostering.search.programme import (
    CLOSED,
    DAY_OFF,
    Steps,
    bucket_minima,
    cheapest_path,
)  # fmt: skip

OPERATIONS_PER_SECOND = 1e9


@dataclass(frozen=True, slots=True)
class Layout:
    """What the programme needs of one grid, once and for all.

    unit_minutes  greatest common divisor of all minutes
    bucket        of each line on each day, shape (n_days, n_lines); lines of a bucket differ by
                  cost only; bucket 0 is a day off
    bucket_kind   1 + kind of each bucket, 0 for a day off and where there is none, shape
                  (n_days, n_buckets)
    bucket_units  minutes of each bucket in units, same shape
    weekend_step  1 on the first day of a weekend, 2 on the second, 0 elsewhere, shape (n_days,)
    automaton     of each person
    start         first state of each person in it
    """

    unit_minutes: int
    bucket: IntArray
    bucket_kind: IntArray
    bucket_units: IntArray
    weekend_step: IntArray
    automaton: tuple[Automaton, ...]
    start: tuple[int, ...]


def lay_out(grid: DutyGrid) -> Layout:
    """Prepare a grid for `cheapest_row`."""
    kinds = kinds_of(grid.wait_days)
    unit = max(int(np.gcd.reduce(grid.minutes, axis=None)), 1)
    bucket, kind, units = _buckets(grid.minutes // unit, kinds.of_line)
    automata = _automata(grid, kinds)
    start = tuple(automaton.start[person] for person, automaton in enumerate(automata))
    weekend_step = _weekend_steps(grid.weekend_of_day)
    return Layout(unit, bucket, kind, units, weekend_step, automata, start)


def _automata(grid: DutyGrid, kinds: Kinds) -> tuple[Automaton, ...]:
    limits = grid.limits
    habits = [
        Habits(int(limits.min_run[p]), int(limits.max_run[p]), int(limits.min_rest[p]))
        for p in range(grid.n_people)
    ]
    built = {
        habit: build_automaton(
            grid, kinds, habit, [p for p in range(grid.n_people) if habits[p] == habit]
        )
        for habit in dict.fromkeys(habits)
    }
    return tuple(built[habit] for habit in habits)


def _buckets(units: IntArray, kind_of_line: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    n_days, n_lines = units.shape
    bucket = np.zeros((n_days, n_lines), np.int64)
    found: list[list[tuple[int, int]]] = []
    for day in range(n_days):
        keys = list(zip((1 + kind_of_line).tolist(), units[day].tolist(), strict=True))
        distinct = [(DAY_OFF, 0), *dict.fromkeys(keys)]
        bucket[day] = [distinct.index(key) for key in keys]
        found.append(distinct)
    widest = max(len(distinct) for distinct in found)
    kind, minutes = np.zeros((2, n_days, widest), np.int64)
    for day, distinct in enumerate(found):
        kind[day, : len(distinct)] = [key[0] for key in distinct]
        minutes[day, : len(distinct)] = [key[1] for key in distinct]
    return bucket, kind, minutes


def _weekend_steps(weekend: IntArray) -> IntArray:
    second = np.zeros(weekend.size, bool)
    second[1:] = (weekend[1:] >= 0) & (weekend[1:] == weekend[:-1])
    return np.where(weekend < 0, 0, np.where(second, 2, 1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Row:
    """The cheapest row of a person: lines held (n_days,), scaled value, work in operations."""

    lines: Roster
    value: int
    operations: int


def cheapest_row(
    grid: DutyGrid,
    layout: Layout,
    person: int,
    *,
    price: IntArray,
    allowed: BoolArray,
    must_work: BoolArray,
) -> Row | None:
    """Return the row of least `price` that keeps all rules but tallies, or None if there is none.

    price                 scaled cost of each cell, shape (n_days, n_lines)
    allowed, must_work    of this person, shapes (n_days, n_lines) and (n_days,)
    """
    cost, line = bucket_minima(
        price, allowed, must_work, layout.bucket, layout.bucket_kind.shape[1]
    )
    automaton = layout.automaton[person]
    units, least, most = _counted_minutes(grid, layout, person)
    most_weekends = int(grid.limits.max_weekends[person])
    is_bound = most_weekends < int((layout.weekend_step == 1).sum())
    steps = Steps(
        automaton.step, automaton.at_work, layout.bucket_kind, units, cost,
        layout.weekend_step if is_bound else np.zeros_like(layout.weekend_step),
    )  # fmt: skip
    lines, value, operations = cheapest_path(
        steps, layout.start[person], line, least, most, most_weekends
    )
    return None if value == CLOSED else Row(lines, int(value), int(operations))


def _counted_minutes(grid: DutyGrid, layout: Layout, person: int) -> tuple[IntArray, int, int]:
    """Return the units of each bucket and their bounds; all 0 where minutes bind nothing."""
    units = layout.bucket_units
    least = -(-int(grid.limits.min_minutes[person]) // layout.unit_minutes)
    most = int(grid.limits.max_minutes[person]) // layout.unit_minutes
    if least <= 0 and most >= int(units.max(axis=1, initial=0).sum()):
        return np.zeros_like(units), 0, 0
    return units, least, most
