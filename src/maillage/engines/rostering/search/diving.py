"""From a mix of rows to a roster: settle cells step by step, step back where the mix gets dear."""

from dataclasses import dataclass

import numpy as np

from maillage.engines.rostering.search.columns import Columns, Node
from maillage.engines.rostering.search.freedom import options, with_options
from maillage.engines.rostering.search.grid import OFF, BoolArray, DutyGrid, Roster
from maillage.engines.rostering.search.prices import FloatArray

WHOLE = 0.9999
LIKELY = 0.75
"""Several cells are settled at once only when the mix holds this much of each."""
ENOUGH = 3e-4
LEAST_PATIENCE, MOST_PATIENCE = 1e-3, 1e-2
"""A step that makes the mix dearer by more than this share is tried the other way round."""

Cell = tuple[int, int, int]


@dataclass
class Dive:
    """One dive: the grid narrowed so far, its mix, and the cost from which nothing is wanted.

    steps_back     try dear steps the other way round; slow, thorough
    cells_at_once  settled in one step, at most
    rounds         of column generation after each step, at most
    work           at most; `node` keeps what was settled by then
    """

    columns: Columns
    node: DutyGrid
    at: Node
    cut: float
    steps_back: bool = True
    cells_at_once: int = 8
    rounds: int = 8
    work: float = np.inf

    def __post_init__(self) -> None:
        self.reference = self.at.mix.cost
        least, most = LEAST_PATIENCE * abs(self.reference), MOST_PATIENCE * abs(self.reference)
        self.patience = float(np.clip((self.cut - self.reference) / 2, least, most)) + 0.5
        self.at_once = self.cells_at_once

    def run(self) -> Roster | None:
        """Go down; return a roster, None when nothing below the cut was found."""
        effort = self.columns.effort
        end = effort.work + self.work
        while not effort.is_over and effort.work < end and self.at.mix.cost < self.cut:
            shares = self.columns.cell_shares(self.at.mix)
            if np.abs(shares - np.rint(shares)).max() < 1 - WHOLE:
                return _as_roster(shares)
            sure, likely = _candidates(shares, options(self.node), self.at_once)
            self._step(sure, likely)
        return None

    def _step(self, sure: list[Cell], likely: list[Cell]) -> None:
        limit = self.reference + self.patience if self.steps_back else np.inf
        settled = self._settled(sure + likely)
        after = self._explore(settled, limit)
        if after.mix.cost <= limit or not likely:
            self.at_once = min(2 * self.at_once, self.cells_at_once)
            self._accept(settled, after)
        elif len(likely) > 1:
            self.at_once = 1
            self.columns.narrow(self.node)
        else:
            self._take_the_cheaper(settled, after, likely[0])

    def _take_the_cheaper(self, settled: DutyGrid, after: Node, cell: Cell) -> None:
        """Settle a cell or close it, whichever leaves the mix cheaper."""
        open_cells = options(self.node)
        open_cells[cell] = False
        avoided = with_options(self.node, open_cells)
        other = self._explore(avoided, np.inf)
        if other.mix.cost <= after.mix.cost:
            self._accept(avoided, other)
        else:
            self._accept(settled, self._explore(settled, np.inf))

    def _explore(self, node: DutyGrid, cut: float) -> Node:
        self.columns.narrow(node)
        return self.columns.converge(node, rounds=self.rounds, enough=ENOUGH, cut=cut)

    def _accept(self, node: DutyGrid, at: Node) -> None:
        self.node, self.at = node, at
        if at.mix.cost > self.reference + self.patience:
            self.reference = at.mix.cost

    def _settled(self, cells: list[Cell]) -> DutyGrid:
        open_cells = options(self.node)
        for person, day, option in cells:
            open_cells[person, day] = False
            open_cells[person, day, option] = True
        return with_options(self.node, open_cells)


def _candidates(
    shares: FloatArray, open_cells: BoolArray, at_once: int
) -> tuple[list[Cell], list[Cell]]:
    """Return the free cells that the mix settles, and those that it nearly settles, best first."""
    choice = shares.argmax(axis=2)
    share = np.where(open_cells.sum(axis=2) > 1, shares.max(axis=2), -1.0)
    order = np.argsort(-share, axis=None, kind="stable")
    n_sure = int((share >= WHOLE).sum())
    n_open = int((share >= 0).sum())
    n_likely = int(np.clip((share >= LIKELY).sum() - n_sure, 1, at_once))

    def cells(first: int, last: int) -> list[Cell]:
        person, day = np.divmod(order[first : min(last, n_open)], share.shape[1])
        return [(int(p), int(d), int(choice[p, d])) for p, d in zip(person, day, strict=True)]

    return cells(0, n_sure), cells(n_sure, n_sure + n_likely)


def _as_roster(shares: FloatArray) -> Roster:
    choice = shares.argmax(axis=2)
    return np.where(choice == shares.shape[2] - 1, OFF, choice).astype(np.int16)
