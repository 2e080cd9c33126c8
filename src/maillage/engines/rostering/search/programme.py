"""The compiled dynamic programme under `pricing`: labels by day, state, weekends and minutes.

All its numbers are whole. One file, as a kept compilation is thrown away only when its own file
changes. `_fill` and `_step_back` keep their loops whole and take tuples apart before them: inner
functions that took the tuples were measured ten times slower.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from maillage.engines.rostering.search.compiled import njit
from maillage.engines.rostering.search.grid import OFF, BoolArray, IntArray, Roster

Int32Array = NDArray[np.int32]

CLOSED = 1 << 30
"""Cost of what may not be: above any path, so far under the top of 32 bits that sums hold."""
LONGEST_PATH = 1 << 28
"""No path may cost more than this, up or down, in the scaled numbers."""
FAR = 1 << 40
"""Minutes that nobody works."""
DAY_OFF = 0
"""The bucket of a day off."""


class Steps(NamedTuple):
    """What one person may do from one day to the next.

    step          next state, -1 where forbidden, shape (n_states, 1 + n_kinds); column 0 is off
    at_work       is the state one of work, shape (n_states,)
    kind, units   column of `step`, and minutes in units, of each bucket, (n_days, n_buckets)
    cost          scaled, CLOSED where the bucket may not be held, same shape
    weekend_step  1 on the first day of a weekend, 2 on the second, 0 where none counts, (n_days,)
    """

    step: IntArray
    at_work: IntArray
    kind: IntArray
    units: IntArray
    cost: Int32Array
    weekend_step: IntArray


class Table(NamedTuple):
    """Where each label lies in one long array of costs.

    low, high  units of minutes worth keeping, shape (n_days + 1, n_states)
    layers     numbers of weekends kept apart: 0, 1, … up to the limit, shape (n_days + 1,)
    base       first position of a state, shape (n_days + 1, n_states)
    size       of the array
    """

    low: IntArray
    high: IntArray
    layers: IntArray
    base: IntArray
    size: int


Label = tuple[int, int, int]
"""State, weekends and units so far."""


@njit
def bucket_minima(
    price: IntArray, allowed: BoolArray, must_work: BoolArray, bucket: IntArray, n_buckets: int
) -> tuple[Int32Array, Roster]:
    """Return the cheapest allowed line of each bucket: its cost and itself, (n_days, n_buckets)."""
    n_days, n_lines = price.shape
    cost = np.full((n_days, n_buckets), CLOSED, np.int32)
    line = np.full((n_days, n_buckets), OFF, np.int16)
    for day in range(n_days):
        if not must_work[day]:
            cost[day, DAY_OFF] = 0
        for s in range(n_lines):
            b = bucket[day, s]
            if allowed[day, s] and price[day, s] < cost[day, b]:
                cost[day, b] = price[day, s]
                line[day, b] = s
    return cost, line


@njit
def _begun(weekend_step: int, was_at_work: int, bucket: int) -> int:
    """Return 1 where this duty is the first of its weekend, 0 elsewhere."""
    if bucket != DAY_OFF and (weekend_step == 1 or (weekend_step == 2 and was_at_work == 0)):
        return 1
    return 0


@njit
def _reached(steps: Steps, start: int) -> tuple[IntArray, IntArray]:
    """Return the fewest and most units with which each state is reached, (n_days + 1, n_states)."""
    step, _, kind, units, cost, _ = steps
    n_days, n_states = cost.shape[0], step.shape[0]
    low = np.full((n_days + 1, n_states), FAR, np.int64)
    high = np.full((n_days + 1, n_states), -FAR, np.int64)
    low[0, start] = 0
    high[0, start] = 0
    for day in range(n_days):
        for s in range(n_states):
            if high[day, s] < 0:
                continue
            for b in range(cost.shape[1]):
                target, extra = step[s, kind[day, b]], units[day, b]
                if target >= 0 and cost[day, b] < CLOSED:
                    low[day + 1, target] = min(low[day + 1, target], low[day, s] + extra)
                    high[day + 1, target] = max(high[day + 1, target], high[day, s] + extra)
    return low, high


@njit
def _to_go(
    steps: Steps, day: int, low_after: IntArray, high_after: IntArray
) -> tuple[IntArray, IntArray]:
    """Return the fewest and most units from a day to the end, (n_states,), given the day after."""
    step, _, kind, units, cost, _ = steps
    n_states = step.shape[0]
    low = np.full(n_states, FAR, np.int64)
    high = np.full(n_states, -FAR, np.int64)
    for s in range(n_states):
        for b in range(cost.shape[1]):
            target, extra = step[s, kind[day, b]], units[day, b]
            if target >= 0 and cost[day, b] < CLOSED:
                low[s] = min(low[s], low_after[target] + extra)
                high[s] = max(high[s], high_after[target] + extra)
    return low, high


@njit
def _bands(steps: Steps, start: int, least: int, most: int) -> tuple[IntArray, IntArray]:
    """Return the units, low and high, from which the end can be met, (n_days + 1, n_states)."""
    low, high = _reached(steps, start)
    n_days, n_states = low.shape[0] - 1, low.shape[1]
    low_to_go = np.zeros(n_states, np.int64)
    high_to_go = np.zeros(n_states, np.int64)
    for day in range(n_days, -1, -1):
        if day < n_days:
            low_to_go, high_to_go = _to_go(steps, day, low_to_go, high_to_go)
        for s in range(n_states):
            low[day, s] = max(low[day, s], least - high_to_go[s])
            high[day, s] = min(high[day, s], most - low_to_go[s])
    return low, high


@njit
def _lay_table(low: IntArray, high: IntArray, weekend_step: IntArray, most_weekends: int) -> Table:
    n_days, n_states = low.shape[0] - 1, low.shape[1]
    layers = np.ones(n_days + 1, np.int64)
    base = np.zeros((n_days + 1, n_states), np.int64)
    size, elapsed = 0, 0
    for day in range(n_days + 1):
        layers[day] = 1 + min(most_weekends, elapsed)
        if day < n_days and weekend_step[day] == 1:
            elapsed += 1
        for s in range(n_states):
            base[day, s] = size
            size += layers[day] * max(high[day, s] - low[day, s] + 1, 0)
    return Table(low, high, layers, base, size)


@njit
def _relax(values: Int32Array, a: int, t: int, n: int, cost: int) -> None:
    """Offer `n` labels in a row from `a` on, `cost` dearer, to those from `t` on."""
    source = values[a : a + n]
    target = values[t : t + n]
    extra = np.int32(cost)
    for i in range(n):
        value = np.int32(source[i] + extra)
        target[i] = value if value < target[i] else target[i]


@njit
def _fill(steps: Steps, table: Table, start: int) -> tuple[Int32Array, int]:
    """Return the least cost of each label, CLOSED where it is not reached, and the operations."""
    step, at_work, kind, units, cost, weekend_step = steps
    low, high, layers, base, size = table
    n_days, n_buckets = cost.shape
    values = np.full(size, CLOSED, np.int32)
    values[base[0, start]] = 0
    operations = n_days * step.shape[0] * 2 * n_buckets
    for day in range(n_days):
        for s in range(step.shape[0]):
            width = high[day, s] - low[day, s] + 1
            if width <= 0:
                continue
            for b in range(n_buckets):
                target, extra = step[s, kind[day, b]], units[day, b]
                if target < 0 or cost[day, b] >= CLOSED:
                    continue
                first = max(low[day, s], low[day + 1, target] - extra)
                last = min(high[day, s], high[day + 1, target] - extra)
                if last < first:
                    continue
                begun = _begun(weekend_step[day], at_work[s], b)
                width_after = high[day + 1, target] - low[day + 1, target] + 1
                a = base[day, s] + first - low[day, s]
                t = base[day + 1, target] + first + extra - low[day + 1, target]
                t += begun * width_after
                for w in range(min(layers[day], layers[day + 1] - begun)):
                    _relax(
                        values, a + w * width, t + w * width_after, last - first + 1, cost[day, b]
                    )
                operations += layers[day] * (last - first + 8)
    return values, operations


@njit
def _best_end(table: Table, values: Int32Array) -> tuple[int, Label]:
    """Return the least cost on the last day and its label; state -1 where there is none."""
    low, high, layers, base, _ = table
    n_days = low.shape[0] - 1
    best, label = CLOSED, (-1, 0, 0)
    for s in range(low.shape[1]):
        width = high[n_days, s] - low[n_days, s] + 1
        for i in range(layers[n_days] * max(width, 0)):
            if values[base[n_days, s] + i] < best:
                best = values[base[n_days, s] + i]
                label = (s, i // width, low[n_days, s] + i % width)
    return best, label


@njit
def _step_back(
    steps: Steps, table: Table, values: Int32Array, day: int, label: Label
) -> tuple[int, Label]:
    """Return the bucket held on `day`, and the label before, that lead to the label after it."""
    step, at_work, kind, units, cost, weekend_step = steps
    low, high, layers, base, _ = table
    state, weekends, after = label
    width = high[day + 1, state] - low[day + 1, state] + 1
    here = values[base[day + 1, state] + weekends * width + after - low[day + 1, state]]
    for s in range(step.shape[0]):
        width = high[day, s] - low[day, s] + 1
        for b in range(cost.shape[1]):
            if step[s, kind[day, b]] != state or cost[day, b] >= CLOSED:
                continue
            w = weekends - _begun(weekend_step[day], at_work[s], b)
            m = after - units[day, b]
            if w < 0 or w >= layers[day] or m < low[day, s] or m > high[day, s]:
                continue
            if values[base[day, s] + w * width + m - low[day, s]] + cost[day, b] == here:
                return b, (s, w, m)
    return DAY_OFF, label


@njit
def cheapest_path(
    steps: Steps, start: int, line: Roster, least: int, most: int, most_weekends: int
) -> tuple[Roster, int, int]:
    """Return the lines held on the cheapest path, (n_days,), its scaled cost, the operations.

    The cost is CLOSED where there is no path. `line` holds the line of each bucket, shape
    (n_days, n_buckets); `least` and `most` bound the units, `most_weekends` the weekends begun.
    """
    n_days = steps.cost.shape[0]
    lines = np.full(n_days, OFF, np.int16)
    low, high = _bands(steps, start, least, most)
    if high[0, start] < low[0, start]:
        return lines, CLOSED, n_days * steps.step.shape[0]
    table = _lay_table(low, high, steps.weekend_step, most_weekends)
    values, operations = _fill(steps, table, start)
    best, label = _best_end(table, values)
    if best >= LONGEST_PATH * 2:
        return lines, CLOSED, operations
    for day in range(n_days - 1, -1, -1):
        bucket, label = _step_back(steps, table, values, day, label)
        lines[day] = line[day, bucket]
    return lines, best, operations
