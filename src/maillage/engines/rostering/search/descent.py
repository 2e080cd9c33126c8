"""One person after the other, the best row given the others: a roster to start from and to mend."""

from collections.abc import Iterable

import numpy as np

from maillage.engines.rostering.search.grid import HARD, OFF, BoolArray, DutyGrid, IntArray, Roster
from maillage.engines.rostering.search.judging import line_counts
from maillage.engines.rostering.search.prices import hard_price
from maillage.engines.rostering.search.pricing import Layout, Row, cheapest_row

ROUNDS_OF_TALLY_PRICES = 12
FIRST_STEP_PARTS, STEP_SHRINKS = 16, 0.75


def best_row(grid: DutyGrid, layout: Layout, person: int, price: IntArray) -> Row | None:
    """Return a cheap row that keeps every hard rule, tallies too; None when none was found.

    `price` (n_days, n_lines) holds costs, not scaled. Tallies are taxed, dearer and dearer while
    the row breaks them, then closed: where one binds, the row is good but not proven best.
    """
    rows = _TaxedRows(grid, layout, person, price)
    rows.draw()
    if rows.is_broken:
        for attempt in range(ROUNDS_OF_TALLY_PRICES):
            rows.tax(hard_price(grid) / FIRST_STEP_PARTS * STEP_SHRINKS**attempt)
            rows.draw()
    for _ in range(rows.taxes.size):  # a tally once closed is not gone beyond again
        if rows.best is not None or not rows.beyond.any():
            break
        rows.close()
        rows.draw()
    return rows.best and Row(rows.best.lines, rows.best.value, rows.operations)


class _TaxedRows:
    """Rows of one person while tallies get dearer, the best that breaks none kept.

    lines          of the row at hand, shape (n_days,)
    beyond, short  which hard tallies it breaks, shape (n_groups,)
    """

    def __init__(self, grid: DutyGrid, layout: Layout, person: int, price: IntArray) -> None:
        self.grid, self.layout, self.person, self.price = grid, layout, person, price
        self.allowed = grid.allowed[person]
        self.taxes = np.zeros(grid.tallies.weight.shape[0], np.int64)
        self.lines = np.full(grid.n_days, OFF, np.int16)
        self.beyond = self.short = np.zeros(self.taxes.shape, bool)
        self.best: Row | None = None
        self.operations = 0

    @property
    def is_broken(self) -> bool:
        """Does the row at hand break a tally?"""
        return bool(self.beyond.any() or self.short.any())

    def draw(self) -> None:
        """Take the cheapest row under the taxes; keep it if it is sound and the best."""
        taxes, weight = self.taxes, self.grid.tallies.weight
        row = cheapest_row(
            self.grid, self.layout, self.person,
            price=self.price + np.tensordot(taxes, weight, axes=1) if taxes.any() else self.price,
            allowed=self.allowed, must_work=self.grid.must_work[self.person],
        )  # fmt: skip
        if row is None:
            self.beyond = self.short = np.zeros(taxes.shape, bool)
            return
        self.lines, self.operations = row.lines, self.operations + row.operations
        self.beyond, self.short = broken_tallies(self.grid, self.person, row.lines)
        value = _value(self.price, row.lines)
        if not self.is_broken and (self.best is None or value < self.best.value):
            self.best = Row(row.lines, value, 0)

    def tax(self, by: float) -> None:
        """Tax what is gone beyond, untax what falls short, ease half as fast what is kept."""
        step = max(int(by), 1)
        self.taxes = self.taxes + step * (self.beyond.astype(np.int64) - self.short)
        eased = ~self.beyond & (self.taxes > 0)
        self.taxes = self.taxes - np.minimum(step // 2, self.taxes) * eased

    def close(self) -> None:
        """Close the duties of each tally gone beyond, but for the best ones held within it."""
        tallies, lines = self.grid.tallies, self.lines
        self.allowed = self.allowed.copy()
        for group in np.flatnonzero(self.beyond):
            weight = tallies.weight[group]
            days = np.flatnonzero(lines != OFF)
            days = days[weight[days, lines[days]] > 0]
            days = days[np.argsort(self.price[days, lines[days]], kind="stable")]
            kept = days[np.cumsum(weight[days, lines[days]]) <= tallies.most[self.person, group]]
            closed = weight > 0
            closed[kept, lines[kept]] = False
            self.allowed &= ~closed


def _value(price: IntArray, lines: Roster) -> int:
    days = np.flatnonzero(lines != OFF)
    return int(price[days, lines[days]].sum())


def broken_tallies(grid: DutyGrid, person: int, lines: Roster) -> tuple[BoolArray, BoolArray]:
    """Return which hard tallies a row (n_days,) goes beyond, and of which it falls short."""
    tallies = grid.tallies
    days = np.flatnonzero(lines != OFF)
    totals = tallies.weight[:, days, lines[days]].sum(axis=1)
    beyond = (totals > tallies.most[person]) & (tallies.over[person] == HARD)
    short = (totals < tallies.least[person]) & (tallies.under[person] == HARD)
    return beyond, short


def descend(
    grid: DutyGrid,
    layout: Layout,
    roster: Roster,
    order: Iterable[int],
    missing: set[int],
    *,
    worth: IntArray,
) -> tuple[Roster, int]:
    """Give each person in turn the best row given the others; return the roster, the operations.

    `missing` are the people without a row yet: they leave it as they get one. `worth`
    (n_days, n_lines) is what one more is worth where people are missing.
    """
    roster = roster.copy()
    counts = line_counts(grid, roster)
    operations = 0
    for person in order:
        _count(counts, roster[person], -1)
        price = grid.cost[person] + np.where(counts < grid.need, -worth, grid.over)
        row = best_row(grid, layout, person, price)
        if row is not None:
            operations += row.operations
            if person in missing or row.value < _value(price, roster[person]):
                roster[person] = row.lines
                missing.discard(person)
        _count(counts, roster[person], 1)
    return roster, operations


def _count(counts: IntArray, lines: Roster, sign: int) -> None:
    days = np.flatnonzero(lines != OFF)
    counts[days, lines[days]] += sign
