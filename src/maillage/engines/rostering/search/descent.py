"""One person after the other, the best row given the others: a roster to start from and to mend."""

from collections.abc import Iterable

import numpy as np

from maillage.engines.rostering.search.grid import HARD, OFF, BoolArray, DutyGrid, IntArray, Roster
from maillage.engines.rostering.search.judging import line_counts
from maillage.engines.rostering.search.prices import hard_price
from maillage.engines.rostering.search.pricing import Layout, Row, cheapest_row

ROUNDS_OF_TALLY_PRICES = 12
FIRST_STEP_PARTS, STEP_SHRINKS = 16, 0.75
ROUNDS_OF_CLOSING = 12
"""Rounds after those in which the duties that break a tally are closed instead of taxed."""


def best_row(grid: DutyGrid, layout: Layout, person: int, price: IntArray) -> Row | None:
    """Return a cheap row that keeps every hard rule, tallies too; None when none was found.

    `price` (n_days, n_lines) holds costs, not scaled. Tallies are priced, dearer and dearer while
    the row breaks them, then closed: where one binds, the row is good but not proven best.
    """
    tallies = grid.tallies
    allowed = grid.allowed[person]
    tax = np.zeros(tallies.weight.shape[0], np.int64)
    best: Row | None = None
    operations = 0
    for attempt in range(ROUNDS_OF_TALLY_PRICES + ROUNDS_OF_CLOSING):
        taxed = price + np.tensordot(tax, tallies.weight, axes=1) if tax.any() else price
        row = cheapest_row(
            grid, layout, person, price=taxed, allowed=allowed, must_work=grid.must_work[person]
        )
        if row is None:
            break
        operations += row.operations
        beyond, short = broken_tallies(grid, person, row.lines)
        if not (beyond.any() or short.any()):
            value = _value(price, row.lines)
            if best is None or value < best.value:
                best = Row(row.lines, value, operations)
            if not tax.any() or attempt >= ROUNDS_OF_TALLY_PRICES:
                break
        if attempt < ROUNDS_OF_TALLY_PRICES:
            step = max(int(hard_price(grid) / FIRST_STEP_PARTS * STEP_SHRINKS**attempt), 1)
            tax += step * (beyond.astype(np.int64) - short)
            tax -= np.minimum(step // 2, tax) * (~beyond & (tax > 0))
        elif best is not None:
            break
        else:
            allowed = _without_excess(grid, person, row.lines, price, allowed, beyond)
    return best and Row(best.lines, best.value, operations)


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


def _without_excess(
    grid: DutyGrid, person: int, lines: Roster, price: IntArray,
    allowed: BoolArray, beyond: BoolArray,
) -> BoolArray:  # fmt: skip
    """Close the duties of each tally gone beyond, but for the best ones held within it."""
    allowed = allowed.copy()
    for group in np.flatnonzero(beyond):
        weight = grid.tallies.weight[group]
        days = np.flatnonzero(lines != OFF)
        days = days[weight[days, lines[days]] > 0]
        days = days[np.argsort(price[days, lines[days]], kind="stable")]
        collected = np.cumsum(weight[days, lines[days]])
        kept = days[collected <= grid.tallies.most[person, group]]
        closed = weight > 0
        closed[kept, lines[kept]] = False
        allowed &= ~closed
    return allowed


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
        days = np.flatnonzero(roster[person] != OFF)
        counts[days, roster[person, days]] -= 1
        price = grid.cost[person] + np.where(counts < grid.need, -worth, grid.over)
        row = best_row(grid, layout, person, price)
        if row is not None:
            operations += row.operations
            old = int(price[days, roster[person, days]].sum())
            new_days = np.flatnonzero(row.lines != OFF)
            if person in missing or price[new_days, row.lines[new_days]].sum() < old:
                roster[person] = row.lines
                missing.discard(person)
        days = np.flatnonzero(roster[person] != OFF)
        counts[days, roster[person, days]] += 1
    return roster, operations
