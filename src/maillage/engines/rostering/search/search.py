"""The search: a roster at once, a bound by columns, then better rosters until told to stop."""

from dataclasses import dataclass

import numpy as np

from maillage.engines.rostering.search.columns import Columns, Node
from maillage.engines.rostering.search.descent import descend
from maillage.engines.rostering.search.diving import Dive
from maillage.engines.rostering.search.effort import Effort, Stop
from maillage.engines.rostering.search.freedom import Part, cut_out
from maillage.engines.rostering.search.grid import OFF, BoolArray, DutyGrid, Roster
from maillage.engines.rostering.search.judging import breaches, grid_cost
from maillage.engines.rostering.search.model import solve_model
from maillage.engines.rostering.search.neighbourhoods import Neighbourhoods
from maillage.engines.rostering.search.prices import Prices
from maillage.engines.rostering.search.pricing import OPERATIONS_PER_SECOND, Layout, lay_out

ROUNDS_OF_DESCENT = 10
ASCENT_STEPS, ASCENT_WORK = 200, 20.0
ROOT_ROUNDS, PART_ROUNDS = 500, 40
ENOUGH = 1e-4
WORK_OF_A_PART = 3.0
WORK_OF_THE_MODEL = 3.0
CELLS_OF_A_MODEL = 1500
"""Grids with no more options than this are handed to CP-SAT whole as well."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best roster found (None when none was), its cost, the proven bound, the work done."""

    roster: Roster | None
    cost: float
    bound: float
    work: float


def search(grid: DutyGrid, *, seed: int, stop: Stop, start: Roster | None = None) -> SearchResult:
    """Look for the cheapest roster that keeps every rule, until `stop` says so or it is proven.

    The same seed and the same limit of work give the same roster. `start` is kept if it breaks
    no rule and nothing better is found.
    """
    effort = Effort(stop)
    run = _Search(grid, lay_out(grid), effort, np.random.default_rng(seed))
    if start is not None:
        run.keep(start)
    run.everything()
    best = effort.best
    return SearchResult(best.roster, best.cost, best.bound, effort.work)


@dataclass
class _Search:
    grid: DutyGrid
    layout: Layout
    effort: Effort
    chance: np.random.Generator

    def everything(self) -> None:
        self._descend()
        if not self.effort.is_over:
            columns = Columns(self.grid, self.layout, self.effort)
            self._bound(columns)
            self._try_whole_model()
            self._dive(columns)
            while not self.effort.is_over and self.effort.best.roster is not None:
                self._improve(columns.centre)

    def keep(self, roster: Roster) -> bool:
        """Keep a roster that breaks no rule, if it is the best so far."""
        cost = grid_cost(self.grid, roster)
        if cost >= self.effort.best.cost or breaches(self.grid, roster):
            return False
        return self.effort.found(roster, cost)

    def _descend(self) -> None:
        """Give everybody a row, one after the other, until that changes nothing."""
        missing = set(range(self.grid.n_people))
        roster = np.full((self.grid.n_people, self.grid.n_days), OFF, np.int16)
        last = np.inf
        for _ in range(ROUNDS_OF_DESCENT):
            order = self.chance.permutation(self.grid.n_people).tolist()
            roster, operations = descend(self.grid, self.layout, roster, order, missing)
            self.effort.spend(operations / OPERATIONS_PER_SECOND)
            cost = grid_cost(self.grid, roster)
            if missing or cost >= last or self.effort.is_over:
                break
            last = cost
            self.keep(roster)

    def _bound(self, columns: Columns) -> None:
        if self.effort.best.roster is not None:
            columns.add_roster(self.effort.best.roster)
        before = self.effort.work
        self.effort.proved(columns.ascend(1))
        a_pass = max(self.effort.work - before, 1e-6)
        self.effort.proved(columns.ascend(int(min(ASCENT_STEPS, 1 + ASCENT_WORK / a_pass))))
        self.root = columns.converge(self.grid, rounds=ROOT_ROUNDS, enough=ENOUGH)
        self.effort.proved(self.root.bound)

    def _try_whole_model(self) -> None:
        if self.grid.allowed.sum() <= CELLS_OF_A_MODEL and not self.effort.is_over:
            answer = solve_model(
                self.grid, seed=int(self.chance.integers(1 << 31)), work=WORK_OF_THE_MODEL,
                start=self.effort.best.roster,
            )  # fmt: skip
            self.effort.proved(answer.bound)
            self.effort.spend(answer.work)
            if answer.roster is not None:
                self.keep(answer.roster)

    def _dive(self, columns: Columns) -> None:
        if self.effort.is_over:
            return
        roster = Dive(columns, self.grid, self.root, self.effort.best.cost).run()
        if roster is not None:
            self.keep(roster)

    def _improve(self, prices: Prices) -> None:
        """Open up a part of the best roster and look for a better one inside."""
        roster = self.effort.best.roster
        assert roster is not None
        if not hasattr(self, "neighbourhoods"):
            self.neighbourhoods = Neighbourhoods(self.grid, self.chance)
        kind, free = self.neighbourhoods.draw(roster)
        if not free.any():
            self.effort.spend(1e-3)
            return
        part = cut_out(self.grid, self.layout, roster, free)
        found, was_settled = _solve_part(part, roster, prices, self.effort)
        if found is not None:
            better = roster.copy()
            better[part.people] = found
            self.keep(better)
        self.neighbourhoods.learn(kind, was_settled=was_settled)


def _solve_part(
    part: Part, roster: Roster, prices: Prices, effort: Effort
) -> tuple[Roster | None, bool]:
    """Return a better roster of the part's people if found, and whether the part is settled."""
    old = roster[part.people]
    cost = grid_cost(part.grid, old)
    columns = Columns(part.grid, part.layout, effort.share(WORK_OF_A_PART))
    columns.add_roster(old)
    columns.centre = Prices(
        prices.cover, prices.most[part.people], prices.least[part.people]
    )
    node = columns.converge(part.grid, rounds=PART_ROUNDS, enough=ENOUGH, cut=cost - 0.999)
    if node.bound >= cost - 0.999:
        return None, True
    found = Dive(columns, part.grid, node, cost - 0.5).run()
    return found, found is not None
