"""The compiled part of the walk: try an exchange, keep it or undo it, many times a second.

One file, as a kept compilation is thrown away only when its own file changes. All sums are whole.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from maillage.engines.rostering.search.compiled import njit

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

EMPTY = -1
"""Holder of a slot that nobody holds."""

BROKEN, COVERAGE, MOST_UNFAIR, SUM_UNFAIR, FIRST_SUM = 0, 1, 2, 3, 4
"""Places in `State.worth`: rows broken, priority of empty slots, what passes the cap, deviations,
then the sums priced by variable."""


NOTHING = -1
"""No slot."""
LEAVES, TO_A_THIRD = 0.7, 0.3
"""How often a taker leaves a slot for the one taken; how often it goes to a third person."""

Exchange = tuple[int, int, int, int]
"""Slot, who takes it, slot left for it, who takes that one."""


class Facts(NamedTuple):
    """What does not change.

    low, high, first_row, row, coef, first_gate, gate, gate_var, gate_need  see `rows.Rows`
    price        of each variable in each sum, shape (n_sums, n_vars)
    slot_block   block of each slot: duties that go together, one place of them
    first_duty, duty          duties of each block
    first_person, person      people who may hold each block
    variable     of each pair, -1 where refused, shape (n_duties, n_people)
    amount       of each block in each measure, weighted tenths, shape (n_blocks, n_measures)
    due          of each person, same unit, shape (n_people, n_measures)
    shares       1 where a person shares a measure, same shape
    priority     of each block
    """

    low: IntArray
    high: IntArray
    first_row: IntArray
    row: IntArray
    coef: IntArray
    first_gate: IntArray
    gate: IntArray
    gate_var: IntArray
    gate_need: IntArray
    price: IntArray
    slot_block: IntArray
    first_duty: IntArray
    duty: IntArray
    first_person: IntArray
    person: IntArray
    variable: IntArray
    amount: IntArray
    due: IntArray
    shares: IntArray
    priority: IntArray


class State(NamedTuple):
    """What changes.

    sums       of each row; `inputs` of each gate that are on; `held` 1 for each variable that is on
    carried    of each person in each measure, shape (n_people, n_measures)
    holder     of each slot
    mine       slots of each person, the first `n_mine`, shape (n_people, n_slots of the fullest)
    place      of each slot in its holder's list
    worth      see above; `cap` (1,) beyond which deviations count in MOST_UNFAIR
    waiting    room to flip gates that flip gates, shape (2, n_gates + 1)
    """

    sums: IntArray
    inputs: IntArray
    held: IntArray
    carried: IntArray
    holder: IntArray
    mine: IntArray
    n_mine: IntArray
    place: IntArray
    worth: IntArray
    cap: IntArray
    waiting: IntArray


@njit
def _flip(facts: Facts, state: State, variable: int, by: int) -> None:
    """Turn a variable on (1) or off (-1), and what follows from it."""
    waiting = state.waiting
    waiting[0, 0], waiting[1, 0] = variable, by
    n_waiting = 1
    while n_waiting:
        n_waiting -= 1
        v, step = waiting[0, n_waiting], waiting[1, n_waiting]
        state.held[v] += step
        for k in range(facts.price.shape[0]):
            state.worth[FIRST_SUM + k] += step * facts.price[k, v]
        for i in range(facts.first_row[v], facts.first_row[v + 1]):
            r = facts.row[i]
            before = state.sums[r]
            after = before + step * facts.coef[i]
            state.sums[r] = after
            low, high = facts.low[r], facts.high[r]
            was_broken, is_broken = before < low or before > high, after < low or after > high
            if was_broken != is_broken:
                state.worth[BROKEN] += 1 if is_broken else -1
        for i in range(facts.first_gate[v], facts.first_gate[v + 1]):
            g = facts.gate[i]
            was_on = state.inputs[g] >= facts.gate_need[g]
            state.inputs[g] += step
            is_on = state.inputs[g] >= facts.gate_need[g]
            if was_on != is_on:
                waiting[0, n_waiting] = facts.gate_var[g]
                waiting[1, n_waiting] = 1 if is_on else -1
                n_waiting += 1


@njit
def _carry(facts: Facts, state: State, block: int, person: int, by: int) -> None:
    """Count a block among what a person carries (1), or no longer (-1)."""
    cap = state.cap[0]
    for m in range(facts.amount.shape[1]):
        amount = facts.amount[block, m]
        if amount == 0 or facts.shares[person, m] == 0:
            continue
        before = abs(state.carried[person, m] - facts.due[person, m])
        state.carried[person, m] += by * amount
        after = abs(state.carried[person, m] - facts.due[person, m])
        state.worth[SUM_UNFAIR] += after - before
        state.worth[MOST_UNFAIR] += max(after - cap, 0) - max(before - cap, 0)


@njit
def _put(facts: Facts, state: State, slot: int, person: int, by: int) -> None:
    """Give a slot to a person (1), or take it from them (-1); nothing for EMPTY."""
    block = facts.slot_block[slot]
    if person == EMPTY:
        state.worth[COVERAGE] += by * facts.priority[block]
        return
    for i in range(facts.first_duty[block], facts.first_duty[block + 1]):
        _flip(facts, state, facts.variable[facts.duty[i], person], by)
    _carry(facts, state, block, person, by)


@njit
def _pass(facts: Facts, state: State, slot: int, person: int) -> None:
    """Make someone else the holder of a slot."""
    before = state.holder[slot]
    _put(facts, state, slot, before, -1)
    _put(facts, state, slot, person, 1)
    state.holder[slot] = person
    if before != EMPTY:
        last = state.mine[before, state.n_mine[before] - 1]
        state.mine[before, state.place[slot]] = last
        state.place[last] = state.place[slot]
        state.n_mine[before] -= 1
    if person != EMPTY:
        state.mine[person, state.n_mine[person]] = slot
        state.place[slot] = state.n_mine[person]
        state.n_mine[person] += 1


@njit
def _energy(state: State, weight: FloatArray) -> float:
    total = 0.0
    for k in range(1, state.worth.size):
        total += weight[k] * state.worth[k]
    return total


@njit
def _may_hold(facts: Facts, state: State, slot: int, person: int) -> bool:
    """Say whether nothing about one pair forbids it, nor another place of the same duties."""
    block = facts.slot_block[slot]
    for i in range(facts.first_duty[block], facts.first_duty[block + 1]):
        v = facts.variable[facts.duty[i], person]
        if v < 0 or state.held[v]:
            return False
    return True


@njit
def _near(state: State, person: int, slot: int) -> int:
    """Return the slot of a person nearest to one in time, of those that they hold."""
    best, found = 1 << 60, NOTHING
    for i in range(state.n_mine[person]):
        apart = abs(int(state.mine[person, i]) - slot)
        if apart < best:
            best, found = apart, int(state.mine[person, i])
    return found


@njit
def start(facts: Facts, state: State, holders: IntArray) -> None:
    """Set the state to a roster, from one where all slots are empty."""
    for slot in range(holders.size):
        if holders[slot] != EMPTY:
            _pass(facts, state, slot, holders[slot])


@njit
def set_cap(facts: Facts, state: State, cap: int) -> None:
    """Count anew what passes a cap."""
    state.cap[0] = cap
    state.worth[MOST_UNFAIR] = 0
    for p in range(facts.due.shape[0]):
        for m in range(facts.due.shape[1]):
            if facts.shares[p, m]:
                apart = abs(state.carried[p, m] - facts.due[p, m])
                state.worth[MOST_UNFAIR] += max(apart - cap, 0)


@njit
def most_unfair(facts: Facts, state: State) -> int:
    """Return the largest deviation."""
    most = 0
    for p in range(facts.due.shape[0]):
        for m in range(facts.due.shape[1]):
            if facts.shares[p, m]:
                most = max(most, abs(state.carried[p, m] - facts.due[p, m]))
    return most


@njit
def _someone(facts: Facts, slot: int, chance: np.random.Generator) -> int:
    """Draw one of those who may hold a slot; EMPTY when nobody may."""
    block = facts.slot_block[slot]
    first, after = facts.first_person[block], facts.first_person[block + 1]
    return int(facts.person[chance.integers(first, after)]) if after > first else EMPTY


@njit
def _drawn(facts: Facts, state: State, chance: np.random.Generator) -> Exchange:
    """Draw an exchange: someone takes a slot, and may leave one of theirs for it.

    What they leave goes to whoever held the slot, most often, or to someone else.
    """
    slot = int(chance.integers(0, facts.slot_block.size))
    taker, before = _someone(facts, slot, chance), int(state.holder[slot])
    if taker in (EMPTY, before) or not _may_hold(facts, state, slot, taker):
        return NOTHING, EMPTY, NOTHING, EMPTY
    kind = chance.random()
    if kind > LEAVES or state.n_mine[taker] == 0:
        return slot, taker, NOTHING, EMPTY
    if kind < LEAVES / 2:
        left = _near(state, taker, slot)
    else:
        left = int(state.mine[taker, chance.integers(0, state.n_mine[taker])])
    goes_to = before
    if before == EMPTY or chance.random() < TO_A_THIRD:
        goes_to = _someone(facts, left, chance)
    if goes_to == taker or (goes_to != EMPTY and not _may_hold(facts, state, left, goes_to)):
        return NOTHING, EMPTY, NOTHING, EMPTY
    return slot, taker, left, goes_to


@njit
def wander(
    facts: Facts,
    state: State,
    weight: FloatArray,
    chance: np.random.Generator,
    hot: float,
    cold: float,
    n_tries: int,
) -> None:
    """Try exchanges; keep those that break no row and help, or cost little while it is hot.

    Kept with probability exp(-cost / heat), heat falling from `hot` to `cold` (Kirkpatrick 1983).
    """
    at = _energy(state, weight)
    cooling = (cold / hot) ** (1.0 / n_tries)
    heat = hot
    for _ in range(n_tries):
        heat *= cooling
        slot, taker, left, goes_to = _drawn(facts, state, chance)
        if slot == NOTHING:
            continue
        before = int(state.holder[slot])
        _pass(facts, state, slot, taker)
        if left != NOTHING:
            _pass(facts, state, left, goes_to)
        worse = _energy(state, weight) - at
        if state.worth[BROKEN] == 0 and (worse <= 0 or chance.random() < np.exp(-worse / heat)):
            at += worse
            continue
        if left != NOTHING:
            _pass(facts, state, left, taker)
        _pass(facts, state, slot, before)
