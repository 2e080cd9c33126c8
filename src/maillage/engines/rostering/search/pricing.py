"""The cheapest row of one person under prices: an exact dynamic programme over the days.

Its labels are the state of the automaton, the minutes so far and the weekends so far. All is
counted in whole numbers, so that the bounds built on it are proofs, not estimates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.engines.rostering.search.automaton import Automaton, Habits, build_automaton, kinds_of
from maillage.engines.rostering.search.compiled import njit
from maillage.engines.rostering.search.grid import BoolArray, DutyGrid, IntArray, Roster

Int32Array = NDArray[np.int32]

CLOSED = 1 << 30
"""Cost of what may not be: above any path, so far under the top of 32 bits that sums hold."""
LONGEST_PATH = 1 << 28
"""No path may cost more than this, up or down, in the scaled numbers."""
OPERATIONS_PER_SECOND = 1e9


@dataclass(frozen=True, slots=True)
class Layout:
    """What the programme needs of one grid, once and for all.

    unit_minutes  greatest common divisor of all minutes
    bucket        of each line on each day, shape (n_days, n_lines); lines of a bucket differ by
                  cost only
    bucket_kind   1 + kind of each bucket, 0 where there is none, shape (n_days, n_buckets)
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
    automata = _automata(grid)
    start = tuple(automaton.start[person] for person, automaton in enumerate(automata))
    weekend_step = _weekend_steps(grid.weekend_of_day)
    return Layout(unit, bucket, kind, units, weekend_step, automata, start)


def _automata(grid: DutyGrid) -> tuple[Automaton, ...]:
    kinds = kinds_of(grid.wait_days)
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
        distinct = list(dict.fromkeys(keys))
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
    weekend_price: int = 0,
    count_weekends: bool = True,
) -> Row | None:
    """Return the row of least `price` that keeps all rules but tallies, or None if there is none.

    price                 scaled cost of each cell, shape (n_days, n_lines)
    allowed, must_work    of this person, shapes (n_days, n_lines) and (n_days,)
    weekend_price         scaled, paid for each weekend with a duty
    count_weekends        False leaves out `max_weekends`
    """
    cost, line = _bucket_costs(layout, price, allowed)
    automaton = layout.automaton[person]
    counted = layout.bucket_units
    least = -(-int(grid.limits.min_minutes[person]) // layout.unit_minutes)
    most = int(grid.limits.max_minutes[person]) // layout.unit_minutes
    if least <= 0 and most >= int(counted.max(axis=1, initial=0).sum()):
        counted, least, most = np.zeros_like(counted), 0, 0
    n_weekends = int((layout.weekend_step == 1).sum())
    most_weekends = int(grid.limits.max_weekends[person])
    if not count_weekends or most_weekends >= n_weekends:
        most_weekends = -1
    lines, value, operations = _cheapest(
        automaton.step, automaton.at_work, layout.start[person], cost, line,
        layout.bucket_kind, counted, must_work, layout.weekend_step,
        least, most, most_weekends, weekend_price,
    )  # fmt: skip
    if value >= LONGEST_PATH * 2:
        return None
    return Row(lines, int(value), int(operations))


def _bucket_costs(
    layout: Layout, price: IntArray, allowed: BoolArray
) -> tuple[Int32Array, NDArray[np.int16]]:
    n_days, n_buckets = layout.bucket_kind.shape
    return _bucket_minima(price, allowed, layout.bucket, n_days, n_buckets)


@njit
def _bucket_minima(
    price: IntArray, allowed: BoolArray, bucket: IntArray, n_days: int, n_buckets: int
) -> tuple[Int32Array, Roster]:
    cost = np.full((n_days, n_buckets), CLOSED, np.int32)
    line = np.full((n_days, n_buckets), -1, np.int16)
    for day in range(n_days):
        for s in range(price.shape[1]):
            if allowed[day, s]:
                b = bucket[day, s]
                if price[day, s] < cost[day, b]:
                    cost[day, b] = price[day, s]
                    line[day, b] = s
    return cost, line


@njit
def _bands(
    step: IntArray, start: int, cost: Int32Array, kind: IntArray, units: IntArray,
    must_work: BoolArray, least: int, most: int,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """Bounds (low, high) of the minutes at each day and state from which the end can be met."""
    n_days, n_buckets = cost.shape
    n_states = step.shape[0]
    far = 1 << 40
    low = np.full((n_days + 1, n_states), far, np.int64)
    high = np.full((n_days + 1, n_states), -far, np.int64)
    low[0, start] = 0
    high[0, start] = 0
    for day in range(n_days):
        for s in range(n_states):
            if high[day, s] < 0:
                continue
            for b in range(-1, n_buckets):
                if b < 0:
                    target, extra = (-1 if must_work[day] else step[s, 0]), 0
                elif cost[day, b] >= CLOSED:
                    continue
                else:
                    target, extra = step[s, kind[day, b]], units[day, b]
                if target >= 0:
                    low[day + 1, target] = min(low[day + 1, target], low[day, s] + extra)
                    high[day + 1, target] = max(high[day + 1, target], high[day, s] + extra)
    to_go_low = np.zeros(n_states, np.int64)
    to_go_high = np.zeros(n_states, np.int64)
    for day in range(n_days, -1, -1):
        if day < n_days:
            before_low = np.full(n_states, far, np.int64)
            before_high = np.full(n_states, -far, np.int64)
            for s in range(n_states):
                for b in range(-1, n_buckets):
                    if b < 0:
                        target, extra = (-1 if must_work[day] else step[s, 0]), 0
                    elif cost[day, b] >= CLOSED:
                        continue
                    else:
                        target, extra = step[s, kind[day, b]], units[day, b]
                    if target >= 0:
                        before_low[s] = min(before_low[s], to_go_low[target] + extra)
                        before_high[s] = max(before_high[s], to_go_high[target] + extra)
            to_go_low, to_go_high = before_low, before_high
        for s in range(n_states):
            low[day, s] = max(low[day, s], least - to_go_high[s])
            high[day, s] = min(high[day, s], most - to_go_low[s])
    return low, high


@njit
def _relax(values: Int32Array, a: int, t: int, n: int, cost: int) -> None:
    source = values[a : a + n]
    target = values[t : t + n]
    extra = np.int32(cost)
    for i in range(n):
        value = np.int32(source[i] + extra)
        target[i] = value if value < target[i] else target[i]


@njit
def _cheapest(
    step: IntArray, at_work: IntArray, start: int, cost: Int32Array, line: Roster,
    kind: IntArray, units: IntArray, must_work: BoolArray, weekend_step: IntArray,
    least: int, most: int, most_weekends: int, weekend_price: int,
) -> tuple[Roster, int, int]:  # fmt: skip
    n_days, n_buckets = cost.shape
    n_states = step.shape[0]
    low, high = _bands(step, start, cost, kind, units, must_work, least, most)
    layers = np.ones(n_days + 1, np.int64)
    base = np.zeros((n_days + 1, n_states), np.int64)
    size = 0
    elapsed = 0
    for day in range(n_days + 1):
        if most_weekends >= 0:
            layers[day] = 1 + min(most_weekends, elapsed)
        if day < n_days and weekend_step[day] == 1:
            elapsed += 1
        for s in range(n_states):
            base[day, s] = size
            if high[day, s] >= low[day, s]:
                size += layers[day] * (high[day, s] - low[day, s] + 1)
    values = np.full(size, CLOSED, np.int32)
    lines = np.full(n_days, -1, np.int16)
    if high[0, start] < low[0, start]:
        return lines, CLOSED, n_days * n_states
    values[base[0, start]] = 0
    operations = n_days * n_states * 2 * (1 + n_buckets)
    for day in range(n_days):
        for s in range(n_states):
            width = high[day, s] - low[day, s] + 1
            if width <= 0:
                continue
            for b in range(-1, n_buckets):
                if b < 0:
                    if must_work[day]:
                        continue
                    target, extra, price = step[s, 0], 0, 0
                elif cost[day, b] >= CLOSED:
                    continue
                else:
                    target, extra, price = step[s, kind[day, b]], units[day, b], cost[day, b]
                if target < 0:
                    continue
                begins = 0
                if b >= 0 and (
                    weekend_step[day] == 1 or (weekend_step[day] == 2 and at_work[s] == 0)
                ):
                    begins = 1
                    price += weekend_price
                if most_weekends < 0:
                    begins = 0
                first = max(low[day, s], low[day + 1, target] - extra)
                last = min(high[day, s], high[day + 1, target] - extra)
                if last < first:
                    continue
                target_width = high[day + 1, target] - low[day + 1, target] + 1
                for w in range(layers[day]):
                    if w + begins >= layers[day + 1]:
                        break
                    a = base[day, s] + w * width + first - low[day, s]
                    t = (
                        base[day + 1, target] + (w + begins) * target_width
                        + first + extra - low[day + 1, target]
                    )  # fmt: skip
                    _relax(values, a, t, last - first + 1, price)
                operations += layers[day] * (last - first + 8)
    best, at_state, at_w, at_m = CLOSED, -1, 0, 0
    for s in range(n_states):
        width = high[n_days, s] - low[n_days, s] + 1
        for i in range(layers[n_days] * max(width, 0)):
            if values[base[n_days, s] + i] < best:
                best = values[base[n_days, s] + i]
                at_state, at_w, at_m = s, i // width, low[n_days, s] + i % width
    if at_state < 0 or best >= LONGEST_PATH * 2:
        return lines, CLOSED, operations
    for day in range(n_days - 1, -1, -1):
        width = high[day + 1, at_state] - low[day + 1, at_state] + 1
        here = values[base[day + 1, at_state] + at_w * width + at_m - low[day + 1, at_state]]
        found = False
        for s in range(n_states):
            if found:
                break
            if high[day, s] < low[day, s]:
                continue
            for b in range(-1, n_buckets):
                if b < 0:
                    if must_work[day]:
                        continue
                    target, extra, price = step[s, 0], 0, 0
                elif cost[day, b] >= CLOSED:
                    continue
                else:
                    target, extra, price = step[s, kind[day, b]], units[day, b], cost[day, b]
                if target != at_state:
                    continue
                begins = 0
                if b >= 0 and (
                    weekend_step[day] == 1 or (weekend_step[day] == 2 and at_work[s] == 0)
                ):
                    begins = 1
                    price += weekend_price
                if most_weekends < 0:
                    begins = 0
                w, m = at_w - begins, at_m - extra
                if w < 0 or w >= layers[day] or m < low[day, s] or m > high[day, s]:
                    continue
                index = base[day, s] + w * (high[day, s] - low[day, s] + 1) + m - low[day, s]
                if values[index] + price == here:
                    if b >= 0:
                        lines[day] = line[day, b]
                    at_state, at_w, at_m = s, w, m
                    found = True
                    break
    return lines, best, operations
