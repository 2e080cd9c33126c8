"""The walk over one problem: laid out once, then pressed level by level, round after round."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.engines.rostering.fairness import TENTHS
from maillage.engines.rostering.improving import all_pairs
from maillage.engines.rostering.levels import Expressions, Level
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.walk import exchange
from maillage.engines.rostering.walk.exchange import EMPTY, Facts, State
from maillage.engines.rostering.walk.rows import IntArray, Lists, rows_of

FloatArray = NDArray[np.float64]

SUMS: Final = (Level.WISHES, Level.COST, Level.CHANGES)
"""Levels that add up variables."""

TRIES_PER_WORK: Final = 400_000
"""Tries counted as one unit of work."""

_POSITIONS: Final = {
    Level.COVERAGE: exchange.COVERAGE,
    Level.MOST_UNFAIR: exchange.MOST_UNFAIR,
    Level.SUM_UNFAIR: exchange.SUM_UNFAIR,
}
_UNITS: Final = {
    Level.COVERAGE: 0.1,
    Level.MOST_UNFAIR: 10.0,
    Level.SUM_UNFAIR: 10.0,
    Level.WISHES: 1.0,
    Level.COST: 1_000.0,
    Level.CHANGES: 1.0,
}
"""What one exchange changes at a time, about; an empty place is always worth more than that."""
_PRESSURES: Final = (5, 20, 50)
"""How many units of the next level one unit of a level is worth, round after round."""
_HEAT: Final = 3.0
_COLD: Final = 0.2
_TRIES_PER_SLOT: Final = 2_000
_SLICES: Final = 20
_TRIES_PER_SLICE: Final = 50_000
"""A fraction of a second, so that a person who says stop is heard."""


class Walk:
    """A problem laid out for exchanges; `blocks` are duties that go together, by position."""

    def __init__(self, problem: Problem, levels: Sequence[Level], *, seed: int) -> None:
        self.problem, self.levels, self.seed = problem, tuple(levels), seed
        self.sums = [level for level in SUMS if level in self.levels]
        self.blocks = _blocks(problem)
        self.slots = [
            at
            for at, block in enumerate(self.blocks)
            for _ in range(problem.case.duties[block[0]].places)
        ]
        self.offsets: list[int] = []
        self.facts = self._facts()
        self.state = self._nobody()

    def _facts(self) -> Facts:
        problem, case = self.problem, self.problem.case
        pairs = all_pairs(problem)
        empty = Roster.of(case, ())
        model = Model(case, allowed=problem.allowed, free=pairs, kept=empty)
        for rule in problem.rules:
            rule.constrain(model)
        price = self._prices(model)
        rows = rows_of(model.cp)
        variable = np.full(problem.allowed.shape, -1, np.int64)
        for pair, one in model.variables.items():
            variable[pair] = one.index
        people = [np.flatnonzero(problem.allowed[block].all(axis=0)) for block in self.blocks]
        duties, persons = Lists.of(self.blocks), Lists.of(people)
        amount, due, shares = self._measures()
        return Facts(
            rows.low, rows.high, rows.rows.first, rows.rows.items, rows.coefs,
            rows.gates.first, rows.gates.items, rows.gate_var, rows.gate_need,
            price, np.array(self.slots, np.int64), duties.first, duties.items,
            persons.first, persons.items, variable, amount, due, shares,
            np.array([sum(case.duties[at].priority for at in b) for b in self.blocks], np.int64),
        )  # fmt: skip

    def _prices(self, model: Model) -> IntArray:
        """Return what each variable adds to each sum; variables may be added to the model."""
        expressions, read = Expressions(self.problem, model), []
        for level in self.sums:
            model.cp.minimize(expressions.of(level))
            objective = model.cp.proto.objective
            read.append((list(objective.vars), list(objective.coeffs)))
            self.offsets.append(int(objective.offset))
        price = np.zeros((len(self.sums), len(model.cp.proto.variables)), np.int64)
        for row, (variables, coefs) in zip(price, read, strict=True):
            row[variables] = coefs
        return price

    def _measures(self) -> tuple[IntArray, IntArray, IntArray]:
        problem, case = self.problem, self.problem.case
        amount = np.zeros((len(self.blocks), len(problem.measures)), np.int64)
        due = np.zeros((len(case.people), len(problem.measures)), np.int64)
        shares = np.zeros_like(due)
        for m, (measure, targets) in enumerate(zip(problem.measures, problem.targets, strict=True)):
            step = measure.weight * TENTHS
            amount[:, m] = [step * sum(measure.amount(case, at) for at in b) for b in self.blocks]
            for target in targets:
                due[target.person, m] = measure.weight * target.due
                shares[target.person, m] = 1
        return amount, due, shares

    def _nobody(self) -> State:
        """Return the state in which every slot is empty."""
        facts, n_people = self.facts, len(self.problem.case.people)
        n_slots, n_gates = len(self.slots), facts.gate_var.size
        worth = np.zeros(exchange.FIRST_SUM + len(self.sums), np.int64)
        worth[exchange.BROKEN] = ((facts.low > 0) | (facts.high < 0)).sum()
        worth[exchange.COVERAGE] = facts.priority[facts.slot_block].sum()
        worth[exchange.SUM_UNFAIR] = (np.abs(facts.due) * facts.shares).sum()
        worth[exchange.FIRST_SUM :] = self.offsets
        return State(
            np.zeros(facts.low.size, np.int64), np.zeros(n_gates, np.int64),
            np.zeros(facts.price.shape[1], np.int64), np.zeros(facts.due.shape, np.int64),
            np.full(n_slots, EMPTY, np.int64), np.full((n_people, n_slots), EMPTY, np.int64),
            np.zeros(n_people, np.int64), np.zeros(n_slots, np.int64), worth,
            np.zeros(1, np.int64), np.zeros((2, n_gates + 1), np.int64),
        )  # fmt: skip

    def begin(self, roster: Roster) -> bool:
        """Set out from a roster; say whether it can be walked from: it breaks no row."""
        self.state = self._nobody()
        exchange.start(self.facts, self.state, self._holders(roster))
        return not self.state.worth[exchange.BROKEN] and self.roster() == roster

    def round(self, number: int, *, goal: int, length: int) -> Iterator[int]:
        """Wander while it gets colder; yield the tries made after each slice.

        Rounds weigh levels against one another by turns: more evenly, then more and more in order.

        goal    deviation that none should pass
        length  of the round: the longer, the hotter it begins
        """
        pressure = _PRESSURES[number % len(_PRESSURES)]
        weight, hot = self._weights(pressure), _HEAT * pressure * length
        chance = np.random.default_rng((self.seed, number))
        exchange.set_cap(self.facts, self.state, goal)
        n_tries = length * _TRIES_PER_SLOT * len(self.slots)
        n_slices = max(_SLICES, n_tries // _TRIES_PER_SLICE)
        tries = max(n_tries // n_slices, 1)
        for at in range(n_slices):
            warm, cool = (hot * (_COLD / hot) ** (step / n_slices) for step in (at, at + 1))
            exchange.wander(self.facts, self.state, weight, chance, warm, cool, tries)
            yield tries

    def _weights(self, pressure: int) -> FloatArray:
        """Return the weight of each sum of `State.worth`: `pressure` of the next level make one."""
        weight = np.zeros(exchange.FIRST_SUM + len(self.sums))
        for below, level in enumerate(reversed(self.levels)):
            weight[self._position(level)] = pressure**below / _UNITS[level]
        return weight

    def _position(self, level: Level) -> int:
        if level in self.sums:
            return exchange.FIRST_SUM + self.sums.index(level)
        return _POSITIONS[level]

    @property
    def values(self) -> tuple[int, ...]:
        """Return what the roster where the walk stands is worth on each level."""
        most = exchange.most_unfair(self.facts, self.state)
        return tuple(
            most if level is Level.MOST_UNFAIR else int(self.state.worth[self._position(level)])
            for level in self.levels
        )

    def _holders(self, roster: Roster) -> IntArray:
        holders = np.full(len(self.slots), EMPTY, np.int64)
        slot = 0
        for block in self.blocks:
            places = self.problem.case.duties[block[0]].places
            held = roster.holders[block[0]][:places]
            holders[slot : slot + len(held)] = held
            slot += places
        return holders

    def roster(self) -> Roster:
        """Return where the walk stands."""
        return Roster.of(
            self.problem.case,
            (
                (duty, int(person))
                for block, person in zip(self.slots, self.state.holder, strict=True)
                if person != EMPTY
                for duty in self.blocks[block]
            ),
        )


def _blocks(problem: Problem) -> list[list[int]]:
    """Return the duties that go together, in order of their first; others are alone."""
    blocks, seen = [], set[int]()
    for at in range(len(problem.case.duties)):
        if at not in seen:
            block = sorted(problem.with_groups([at]))
            seen.update(block)
            blocks.append(block)
    return blocks
