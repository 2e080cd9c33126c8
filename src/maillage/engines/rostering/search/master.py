"""The restricted master: which mix of known rows covers the needs best, as a linear programme.

Rows of people are columns of the programme; its duals are the prices under which better rows are
sought. HiGHS keeps its basis from one solve to the next, so each solve costs what has changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import highspy
import numpy as np

from maillage.engines.rostering.search.grid import HARD, OFF, BoolArray, DutyGrid, Roster
from maillage.engines.rostering.search.prices import FloatArray, Prices, hard_price

ITERATIONS_PER_SECOND = 4_000.0
DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4


@dataclass(frozen=True, slots=True)
class Mix:
    """A fractional roster.

    cost    of the mix, slack and missing rows included
    prices  duals
    share   of each known column, shape (n_columns,)
    """

    cost: float
    prices: Prices
    share: FloatArray


class Master:
    """Known rows of each person, and the programme over them."""

    def __init__(self, grid: DutyGrid) -> None:
        self.grid = grid
        self.owner: list[int] = []
        self.rosters: list[Roster] = []
        self.work = 0.0
        self._is_open: list[bool] = []
        self._known: set[tuple[int, bytes]] = set()
        self._day_line = np.argwhere((grid.under > 0) | (grid.over > 0))
        self._cover_row = np.full(grid.need.shape, -1, np.int64)
        self._cover_row[tuple(self._day_line.T)] = np.arange(len(self._day_line))
        self._tally_rows = self._bounded_tallies()
        self._strategy = PRIMAL_SIMPLEX
        self._start()

    def _bounded_tallies(self) -> dict[tuple[int, int], int]:
        """Number the tallies that some row could break, after cover and after people."""
        grid, tallies = self.grid, self.grid.tallies
        first = len(self._day_line) + grid.n_people
        possible = np.array(
            [
                (tallies.weight * grid.allowed[person]).max(axis=2, initial=0).sum(axis=1)
                for person in range(grid.n_people)
            ]
        ).reshape(tallies.least.shape)
        binding = ((possible > tallies.most) & (tallies.over != 0)) | (
            (tallies.least > 0) & (tallies.under != 0)
        )
        return {(int(p), int(g)): first + i for i, (p, g) in enumerate(np.argwhere(binding))}

    def _start(self) -> None:
        grid, tallies = self.grid, self.grid.tallies
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        self._solver.setOptionValue("solver", "simplex")
        self._solver.setOptionValue("presolve", "off")
        need = grid.need[tuple(self._day_line.T)].astype(float)
        lower = [*need, *np.ones(grid.n_people)]
        upper = list(lower)
        for person, group in self._tally_rows:
            lower.append(float(tallies.least[person, group]))
            upper.append(float(tallies.most[person, group]))
        n = len(lower)
        empty = np.zeros(0)
        self._solver.addRows(
            n, np.array(lower), np.array(upper), 0, np.zeros(n, np.int32),
            empty.astype(np.int32), empty,
        )  # fmt: skip
        self._add_slacks()

    def _add_slacks(self) -> None:
        grid, tallies, dear = self.grid, self.grid.tallies, hard_price(self.grid)
        cells = tuple(self._day_line.T)
        n_cover, n_people = len(self._day_line), grid.n_people
        cost = [*grid.under[cells], *grid.over[cells]]
        rows = [*range(n_cover), *range(n_cover)]
        signs = [1.0] * n_cover + [-1.0] * n_cover
        self._missing_row_cost = float(dear * (grid.n_days + 1))
        cost += [self._missing_row_cost] * n_people
        rows += range(n_cover, n_cover + n_people)
        signs += [1.0] * n_people
        for (person, group), row in self._tally_rows.items():
            for sign, price in ((1.0, tallies.under), (-1.0, tallies.over)):
                weight = price[person, group]
                cost.append(dear if weight == HARD else weight)
                rows.append(row)
                signs.append(sign)
        self.n_slacks = len(cost)
        self._solver.addCols(
            self.n_slacks, np.array(cost, float), np.zeros(self.n_slacks),
            np.full(self.n_slacks, np.inf), self.n_slacks, np.arange(self.n_slacks, dtype=np.int32),
            np.array(rows, np.int32), np.array(signs),
        )  # fmt: skip

    def add(self, rows: Iterable[tuple[int, Roster]]) -> int:
        """Add rows of people that are not known yet; return how many were new."""
        cost: list[int] = []
        starts: list[int] = []
        index: list[int] = []
        value: list[float] = []
        for person, lines in rows:
            key = (person, lines.tobytes())
            if key in self._known:
                continue
            self._known.add(key)
            starts.append(len(index))
            own_index, own_value, own_cost = self._entries(person, lines)
            index += own_index
            value += own_value
            cost.append(own_cost)
            self.owner.append(person)
            self.rosters.append(lines)
        n = len(cost)
        self._is_open += [True] * n
        if n:
            self._solver.addCols(
                n, np.array(cost, float), np.zeros(n), np.full(n, np.inf), len(index),
                np.array(starts, np.int32), np.array(index, np.int32), np.array(value, float),
            )  # fmt: skip
        return n

    def _entries(self, person: int, lines: Roster) -> tuple[list[int], list[float], int]:
        days = np.flatnonzero(lines != OFF)
        held = lines[days]
        cover = self._cover_row[days, held]
        index = cover[cover >= 0].tolist()
        value = [1.0] * len(index)
        index.append(len(self._day_line) + person)
        value.append(1.0)
        totals = self.grid.tallies.weight[:, days, held].sum(axis=1)
        for group in np.flatnonzero(totals):
            row = self._tally_rows.get((person, int(group)))
            if row is not None:
                index.append(row)
                value.append(float(totals[group]))
        return index, value, int(self.grid.cost[person, days, held].sum())

    def open_only(self, wanted: BoolArray) -> None:
        """Let only the wanted columns take part, of all those known, shape (n_columns,)."""
        was_open = np.array(self._is_open)
        columns = np.flatnonzero(was_open != wanted)
        if columns.size:
            self._strategy = DUAL_SIMPLEX
            upper = np.where(wanted[columns], np.inf, 0.0)
            self._solver.changeColsBounds(
                columns.size, (columns + self.n_slacks).astype(np.int32),
                np.zeros(columns.size), upper,
            )  # fmt: skip
            self._is_open = wanted.tolist()

    def solve(self) -> Mix:
        """Solve from the last basis: it fits primal after new columns, dual after closed ones."""
        self._solver.setOptionValue("simplex_strategy", self._strategy)
        self._strategy = PRIMAL_SIMPLEX
        self._solver.run()
        info = self._solver.getInfo()
        n_rows = self._solver.getNumRow()
        self.work += info.simplex_iteration_count * max(n_rows, 100) / 1000 / ITERATIONS_PER_SECOND
        solution = self._solver.getSolution()
        dual = np.array(solution.row_dual)
        n_cover = len(self._day_line)
        cover = np.zeros(self.grid.need.shape)
        cover[tuple(self._day_line.T)] = dual[:n_cover]
        most = np.zeros(self.grid.tallies.least.shape)
        least = np.zeros_like(most)
        for (person, group), row in self._tally_rows.items():
            most[person, group] = max(-dual[row], 0.0)
            least[person, group] = max(dual[row], 0.0)
        return Mix(
            float(info.objective_function_value),
            Prices(cover, most, least),
            np.array(solution.col_value)[self.n_slacks :],
        )
