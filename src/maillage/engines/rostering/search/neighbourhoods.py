"""Which part of a roster to open up: some people, some days, or some of both.

Parts are drawn around what is paid for cover. Each kind keeps its own size, which grows while
parts are settled for good and shrinks while they are too hard.
"""

from dataclasses import dataclass, field

import numpy as np

from maillage.engines.rostering.search.freedom import options
from maillage.engines.rostering.search.grid import BoolArray, DutyGrid, IntArray, Roster
from maillage.engines.rostering.search.judging import line_counts
from maillage.engines.rostering.search.prices import FloatArray

KINDS = 3
FIRST_CELLS, FEWEST_CELLS = 320.0, 240.0
GROWS, SHRINKS = 1.15, 0.98
SHARE_OF_PAID_DAYS = 0.75


@dataclass
class Neighbourhoods:
    """Draws parts of one grid."""

    grid: DutyGrid
    chance: np.random.Generator
    cells: list[float] = field(default_factory=lambda: [FIRST_CELLS] * KINDS)
    work: list[float] = field(default_factory=lambda: [0.0] * KINDS)

    def draw(self, roster: Roster) -> tuple[int, BoolArray]:
        """Return the kind of the part, and the free cells, shape (n_people, n_days)."""
        grid = self.grid
        kind = int(np.argmin(self.work))
        paid = _paid_by_day(grid, roster)
        people = {0: self.cells[0] / grid.n_days, 1: grid.n_people, 2: grid.n_people / 2}[kind]
        n_people = int(np.clip(round(people), min(2, grid.n_people), grid.n_people))
        days = grid.n_days if kind == 0 else self.cells[kind] / n_people
        n_days = int(np.clip(round(days), min(2, grid.n_days), grid.n_days))
        middle = self._day(paid)
        first = int(np.clip(middle - n_days // 2, 0, grid.n_days - n_days))
        free = np.zeros((grid.n_people, grid.n_days), bool)
        free[self._people(roster, middle, n_people), first : first + n_days] = True
        return kind, free & (options(grid).sum(axis=2) > 1)

    def learn(self, kind: int, *, was_settled: bool, work: float) -> None:
        """Draw larger parts of this kind, or smaller ones; give each kind as much work."""
        self.work[kind] += work
        factor = GROWS if was_settled else SHRINKS
        most = float(self.grid.n_people * self.grid.n_days)
        self.cells[kind] = float(np.clip(self.cells[kind] * factor, FEWEST_CELLS, most))

    def _day(self, paid: FloatArray) -> int:
        if paid.sum() > 0 and self.chance.random() < SHARE_OF_PAID_DAYS:
            return int(self.chance.choice(paid.size, p=paid / paid.sum()))
        return int(self.chance.integers(paid.size))

    def _people(self, roster: Roster, day: int, n_people: int) -> IntArray:
        """Draw people, half of them among those who could hold a line that lacks someone."""
        grid = self.grid
        short = grid.under[day] * (line_counts(grid, roster)[day] < grid.need[day]) > 0
        useful = grid.allowed[:, day][:, short].any(axis=1)
        weight = 1.0 + useful
        return self.chance.choice(
            grid.n_people, size=n_people, replace=False, p=weight / weight.sum()
        )


def _paid_by_day(grid: DutyGrid, roster: Roster) -> FloatArray:
    missing = grid.need - line_counts(grid, roster)
    paid = np.where(missing > 0, missing * grid.under, -missing * grid.over)
    return np.asarray(paid.sum(axis=1), float)
