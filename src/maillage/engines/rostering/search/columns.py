"""Column generation: prices, the rows they call for, the mix of rows, better prices.

First an ascent on the prices alone, cheap and rough; then the master, whose prices are drawn
towards the best ones known (Wentges 1997) so that they do not swing from one side to the other.
"""

from dataclasses import dataclass

import numpy as np

from maillage.engines.rostering.search.effort import Effort
from maillage.engines.rostering.search.freedom import fits
from maillage.engines.rostering.search.grid import DutyGrid, IntArray, Roster
from maillage.engines.rostering.search.judging import collected, line_counts
from maillage.engines.rostering.search.master import Master, Mix
from maillage.engines.rostering.search.prices import (
    FloatArray,
    Priced,
    Prices,
    price_rows,
    scale_of,
)  # fmt: skip
from maillage.engines.rostering.search.pricing import OPERATIONS_PER_SECOND, Layout

OPERATIONS_PER_CALL = 1e5
"""What a call costs whatever its size: arrays set up, results read."""
LAST_ROUNDS_KEPT = 20
INHERITED_PER_PERSON = 40
PULL = 0.7
"""Share of the way from the master's prices to the best known ones."""
FIRST_STEP, LAST_STEP = 0.1, 0.001
"""Steps of the ascent, in the median price of a missing person."""
NO_ROW_EVER = 1e-7


@dataclass(frozen=True, slots=True)
class Node:
    """Where column generation stands on a grid.

    mix    of known rows
    bound  proven for this grid
    """

    mix: Mix
    bound: float


class Columns:
    """The rows known so far of the people of a grid, and the best prices."""

    def __init__(self, grid: DutyGrid, layout: Layout, effort: Effort) -> None:
        self.grid, self.layout, self.effort = grid, layout, effort
        self.scale = scale_of(grid)
        self.master = Master(grid)
        self.centre: Prices | None = None

    def price(self, grid: DutyGrid, prices: Prices) -> Priced:
        """Roster each person alone."""
        priced = price_rows(grid, self.layout, prices, scale=self.scale)
        operations = priced.operations + OPERATIONS_PER_CALL * grid.n_people
        self.effort.spend(operations / OPERATIONS_PER_SECOND)
        return priced

    def add_roster(self, roster: Roster) -> None:
        """Make the rows of a roster known."""
        self.master.add(enumerate(roster))

    def inherit(self, whole: "Columns", people: IntArray) -> None:
        """Take over prices and fitting rows from the grid that this one is a part of."""
        if prices := whole.centre:
            self.centre = Prices(prices.cover, prices.most[people], prices.least[people])
        number = {int(person): own for own, person in enumerate(people)}
        known = [i for i, owner in enumerate(whole.master.owner) if owner in number]
        if not known:
            return
        owner = np.array([number[whole.master.owner[i]] for i in known])
        rows = np.array([whole.master.rosters[i] for i in known])
        fit = np.flatnonzero(fits(self.grid, owner, rows))
        latest_first = fit[::-1]
        kept: list[tuple[int, Roster]] = []
        for own in range(people.size):
            mine = latest_first[owner[latest_first] == own][:INHERITED_PER_PERSON]
            kept += [(own, rows[i]) for i in mine]
        self.master.add(kept)

    def ascend(self, steps: int) -> float:
        """Improve the prices from scratch, keep the last rows; return the best bound.

        Each price moves by its own average of how far the needs are missed (Kingma and Ba 2014),
        in steps that shrink.
        """
        ascent = _Ascent(self.grid)
        best = -np.inf
        for step in range(steps):
            prices = ascent.prices(self.grid)
            priced = self.price(self.grid, prices)
            if priced.bound > best:
                best, self.centre = priced.bound, prices
            if step >= steps - LAST_ROUNDS_KEPT:
                self._learn(priced)
            if np.isinf(priced.bound) or self.effort.is_over:
                break
            roster = np.array([row.lines for row in priced.rows if row is not None])
            ascent.move(self.grid, roster, share_done=step / steps)
        return best

    def _learn(self, priced: Priced) -> int:
        return self.master.add(
            (person, row.lines) for person, row in enumerate(priced.rows) if row is not None
        )

    def converge(self, node: DutyGrid, *, rounds: int, enough: float, cut: float = np.inf) -> Node:
        """Generate rows for a narrowed grid until bound and mix meet.

        enough  relative distance at which they have met
        cut     a bound above this ends it: nothing wanted is down there
        """
        bound = -np.inf
        for _ in range(rounds):
            mix = self.solve_master()
            pull = PULL
            while True:
                prices = mix.prices.between(self.centre or mix.prices, pull)
                priced = self.price(node, prices)
                if priced.bound > bound:
                    bound, self.centre = priced.bound, prices
                new = self._learn(priced)
                if new or pull == 0 or np.isinf(priced.bound):
                    break
                pull = 0.0 if pull < 0.3 else pull / 2
            met = mix.cost - bound <= enough * abs(bound)
            if not new or met or bound >= cut or self.effort.is_over:
                break
        return Node(mix, bound)

    def solve_master(self) -> Mix:
        """Solve the master, and count the work."""
        before = self.master.work
        mix = self.master.solve()
        self.effort.spend(self.master.work - before)
        return mix

    def narrow(self, node: DutyGrid) -> None:
        """Let only the rows that fit a narrowed grid take part."""
        fit = fits(node, np.array(self.master.owner), np.array(self.master.rosters))
        self.master.open_only(fit)

    def cell_shares(self, mix: Mix) -> FloatArray:
        """Return how much of each option each cell holds, shape (n_people, n_days, n_lines + 1)."""
        grid = self.grid
        shares = np.zeros((grid.n_people, grid.n_days, grid.n_lines + 1))
        days = np.arange(grid.n_days)
        for column in np.flatnonzero(mix.share > NO_ROW_EVER):
            lines = self.master.rosters[column]
            shares[self.master.owner[column], days, lines] += mix.share[column]
        return shares


class _Ascent:
    """Prices on their way up, each with the momentum and the size of its own slopes."""

    def __init__(self, grid: DutyGrid) -> None:
        bounds = np.zeros(grid.tallies.least.shape)
        self.at = [np.zeros(grid.need.shape), bounds, bounds]
        self.mean = [np.zeros_like(array) for array in self.at]
        self.square = [np.zeros_like(array) for array in self.at]
        paid = grid.under[grid.under > 0]
        self.unit = float(np.median(paid)) if paid.size else 1.0
        self.steps = 0

    def prices(self, grid: DutyGrid) -> Prices:
        """Return the prices, cut to what makes sense."""
        cover = np.clip(self.at[0], -grid.over, grid.under)
        self.at = [cover, np.maximum(self.at[1], 0), np.maximum(self.at[2], 0)]
        return Prices(*self.at)

    def move(self, grid: DutyGrid, roster: Roster, *, share_done: float) -> None:
        """Take one step up, by what the rows of the last prices miss and collect."""
        missing, totals = grid.need - line_counts(grid, roster), collected(grid, roster)
        slopes = [missing, totals - grid.tallies.most, grid.tallies.least - totals]
        length = self.unit * FIRST_STEP * (LAST_STEP / FIRST_STEP) ** share_done
        self.steps += 1
        for i, slope in enumerate(slopes):
            self.mean[i] = 0.9 * self.mean[i] + 0.1 * slope
            self.square[i] = 0.99 * self.square[i] + 0.01 * slope.astype(float) ** 2
            mean = self.mean[i] / (1 - 0.9**self.steps)
            size = np.sqrt(self.square[i] / (1 - 0.99**self.steps)) + 0.01
            self.at[i] = self.at[i] + length * mean / size
