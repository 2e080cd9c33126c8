"""Prices on cover and tallies, and the bound that they prove.

Cover and tallies tie people together or to sums; put a price on each and every person can be
rostered alone. Whatever the prices, what those rosters cost, corrected, is no more than any
roster costs (Lagrange). Prices are whole numbers of `1 / scale`, so the bound holds exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError
from maillage.engines.rostering.search.grid import HARD, DutyGrid, IntArray
from maillage.engines.rostering.search.pricing import Layout, Row, cheapest_row
from maillage.engines.rostering.search.programme import LONGEST_PATH

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in costs.

    cover  paid to whoever holds a line, shape (n_days, n_lines)
    most   asked per unit collected, at least 0, shape (n_people, n_groups)
    least  paid per unit collected, at least 0, same shape
    """

    cover: FloatArray
    most: FloatArray
    least: FloatArray

    def between(self, other: "Prices", share: float) -> "Prices":
        """Return the prices at `share` of the way to the other ones."""
        return Prices(
            self.cover + share * (other.cover - self.cover),
            self.most + share * (other.most - self.most),
            self.least + share * (other.least - self.least),
        )


def hard_price(grid: DutyGrid) -> int:
    """Return a price above which nobody would break a hard tally, for most purposes."""
    widest = max(int(grid.under.max(initial=0)), int(np.abs(grid.cost).max(initial=0)), 1)
    return 4 * widest


def scale_of(grid: DutyGrid) -> int:
    """Return by how much costs are multiplied to count prices in whole numbers.

    Raises InputError where weights are too large for exact sums.
    """
    dearest = np.abs(grid.cost).max(axis=(0, 2), initial=0)
    dearest = dearest + np.maximum(grid.under, grid.over).max(axis=1, initial=0)
    dearest = dearest + hard_price(grid) * grid.tallies.weight.max(axis=(0, 2), initial=0)
    path = max(int(dearest.sum()), 1)
    if path > LONGEST_PATH:
        raise InputError(
            f"One person's row may cost {path}, at most {LONGEST_PATH}: divide all weights."
        )
    return int(min(1 << 12, 1 << int(np.log2(LONGEST_PATH / path))))


@dataclass(frozen=True, slots=True)
class Priced:
    """The cheapest row of each person under some prices, None where a person has no row.

    bound  no roster costs less; inf when somebody has no row at all
    """

    rows: list[Row | None]
    bound: float
    operations: int


def price_rows(grid: DutyGrid, layout: Layout, prices: Prices, *, scale: int) -> Priced:
    """Roster each person alone under the prices."""
    cover, most, least = _whole(grid, prices, scale)
    rows = []
    for person in range(grid.n_people):
        tax = most[person] - least[person]
        price = grid.cost[person] * scale - cover
        if tax.any():
            price = price + np.tensordot(tax, grid.tallies.weight, axes=1)
        rows.append(
            cheapest_row(
                grid, layout, person, price=price,
                allowed=grid.allowed[person], must_work=grid.must_work[person],
            )
        )  # fmt: skip
    total = (cover * grid.need).sum()
    total += (least * grid.tallies.least).sum() - (most * grid.tallies.most).sum()
    operations = sum(row.operations for row in rows if row)
    if any(row is None for row in rows):
        return Priced(rows, np.inf, operations)
    total += sum(row.value for row in rows if row)
    return Priced(rows, float(total) / scale, operations)


def _whole(grid: DutyGrid, prices: Prices, scale: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return the prices as whole numbers within the bounds that make them a proof."""
    tallies, dear = grid.tallies, hard_price(grid)
    ceiling = [np.where(soft == HARD, dear, soft) for soft in (tallies.over, tallies.under)]
    cover = np.clip(np.rint(prices.cover * scale), -grid.over * scale, grid.under * scale)
    most = np.clip(np.rint(prices.most * scale), 0, ceiling[0] * scale)
    least = np.clip(np.rint(prices.least * scale), 0, ceiling[1] * scale)
    return cover.astype(np.int64), most.astype(np.int64), least.astype(np.int64)
