"""One person after the other, the best row given the others: a roster to start from and to mend."""

from collections.abc import Iterable

import numpy as np

from maillage.engines.rostering.search.grid import HARD, OFF, DutyGrid, IntArray, Roster
from maillage.engines.rostering.search.judging import line_counts
from maillage.engines.rostering.search.prices import hard_price
from maillage.engines.rostering.search.pricing import Layout, Row, cheapest_row

ROUNDS_OF_TALLY_PRICES = 12


def best_row(grid: DutyGrid, layout: Layout, person: int, price: IntArray) -> Row | None:
    """Return a cheap row that keeps every hard rule, tallies too; None when none was found.

    `price` (n_days, n_lines) holds costs, not scaled. Tallies are priced, dearer and dearer while
    the row breaks them: where one binds, the row is good but not proven best.
    """
    tallies = grid.tallies
    tax = np.zeros(tallies.weight.shape[0], np.int64)
    unit = max(hard_price(grid) // 64, 1)
    operations = 0
    for attempt in range(ROUNDS_OF_TALLY_PRICES):
        taxed = price + np.tensordot(tax, tallies.weight, axes=1) if tax.any() else price
        row = cheapest_row(
            grid, layout, person, price=taxed,
            allowed=grid.allowed[person], must_work=grid.must_work[person],
        )  # fmt: skip
        if row is None:
            return None
        operations += row.operations
        days = np.flatnonzero(row.lines != OFF)
        totals = tallies.weight[:, days, row.lines[days]].sum(axis=1)
        beyond = (totals > tallies.most[person]) & (tallies.over[person] == HARD)
        short = (totals < tallies.least[person]) & (tallies.under[person] == HARD)
        if not (beyond.any() or short.any()):
            return Row(row.lines, row.value, operations)
        tax += (beyond.astype(np.int64) - short) * unit * (1 + attempt)
    return None


def descend(
    grid: DutyGrid, layout: Layout, roster: Roster, order: Iterable[int], missing: set[int]
) -> tuple[Roster, int]:
    """Give each person in turn the best row given the others; return the roster, the operations.

    `missing` are the people without a row yet: they leave it as they get one.
    """
    roster = roster.copy()
    counts = line_counts(grid, roster)
    operations = 0
    for person in order:
        days = np.flatnonzero(roster[person] != OFF)
        counts[days, roster[person, days]] -= 1
        price = grid.cost[person] + np.where(counts < grid.need, -grid.under, grid.over)
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
