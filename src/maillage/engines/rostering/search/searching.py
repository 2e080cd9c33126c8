"""The search: a roster at once, a bound by columns, then better rosters until told to stop."""

from dataclasses import dataclass

import numpy as np

from maillage.core.errors import InputError
from maillage.engines.rostering.search.columns import Columns, Node
from maillage.engines.rostering.search.descent import descend
from maillage.engines.rostering.search.diving import Dive
from maillage.engines.rostering.search.effort import Effort, Stop
from maillage.engines.rostering.search.freedom import Part, cut_out
from maillage.engines.rostering.search.grid import OFF, DutyGrid, Roster
from maillage.engines.rostering.search.judging import breaches, grid_cost
from maillage.engines.rostering.search.model import solve_model
from maillage.engines.rostering.search.neighbourhoods import Neighbourhoods
from maillage.engines.rostering.search.prices import Prices
from maillage.engines.rostering.search.pricing import OPERATIONS_PER_SECOND, Layout, lay_out

ROUNDS_OF_DESCENT = 10
ASCENT_STEPS, ASCENT_WORK, FEWEST_STEPS = 200, 20.0, 20
ROOT_ROUNDS, PART_ROUNDS = 500, 40
ENOUGH = 1e-4
WORK_OF_A_PART, WORK_OF_THE_DIVE = 2.0, 12.0
WORK_OF_THE_MODEL = 3.0
CELLS_OF_A_MASTER = 2000
"""Needs of which the master of the whole grid is still worth its time."""
LEAST_WORK = 1e-3
SLACK = 1e-3
"""How much dearer than the best, in share, the roster at hand may be: it drifts past walls."""
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
    no rule and nothing better is found. Raises InputError where `start` has another shape than
    (n_people, n_days), or where weights are too large for exact sums.
    """
    if start is not None and start.shape != (grid.n_people, grid.n_days):
        raise InputError(
            f"start has shape {start.shape}, expected {(grid.n_people, grid.n_days)}: one row per "
            "person, one column per day."
        )
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

    def __post_init__(self) -> None:
        self.neighbourhoods = Neighbourhoods(self.grid, self.chance)

    def everything(self) -> None:
        """Go through all steps until told to stop."""
        a_pass = self._descend(None)
        columns = Columns(self.grid, self.layout, self.effort)
        root = self._bound(columns, a_pass)
        self._try_whole_model()
        if root is not None and not self.effort.is_over:
            self._dive(columns, root)
        if self.effort.best.roster is None:
            return
        self.current = self.effort.best.roster
        while not self.effort.is_over:
            self._improve(columns)

    def keep(self, roster: Roster) -> None:
        """Keep a roster that breaks no rule, if it is the best so far."""
        cost = grid_cost(self.grid, roster)
        if cost < self.effort.best.cost and not breaches(self.grid, roster):
            self.effort.found(roster, cost)

    def _descend(self, prices: Prices | None, grid: DutyGrid | None = None) -> float:
        """Give everybody a row, one after the other, until that changes nothing.

        The first time round, lines still short of people are worth their price if there are
        prices: who is scarce then goes where it is hard. Return the work of a round.
        """
        missing = set(range(self.grid.n_people))
        roster = np.full((self.grid.n_people, self.grid.n_days), OFF, np.int16)
        worth = self.grid.under if prices is None else np.rint(prices.cover).astype(np.int64)
        last, work = np.inf, 0.0
        for _ in range(ROUNDS_OF_DESCENT):
            order = self.chance.permutation(self.grid.n_people).tolist()
            roster, operations = descend(
                grid or self.grid, self.layout, roster, order, missing, worth=worth
            )
            work = operations / OPERATIONS_PER_SECOND
            self.effort.spend(work)
            cost = grid_cost(self.grid, roster)
            if missing or cost >= last or self.effort.is_over:
                break
            last, worth = cost, self.grid.under
            self.keep(roster)
        return work

    def _bound(self, columns: Columns, a_pass: float) -> Node | None:
        """Prove a bound; return where columns stand, None where the grid is too large for them."""
        if self.effort.is_over:
            return None
        if (steps := int(min(ASCENT_STEPS, ASCENT_WORK / max(a_pass, 1e-6)))) < FEWEST_STEPS:
            return None
        self.effort.proved(columns.ascend(steps))
        if not self.effort.is_over:
            self._descend(columns.centre)
        if self.effort.is_over or self.grid.need.size > CELLS_OF_A_MASTER:
            return None
        if self.effort.best.roster is not None:
            columns.add_roster(self.effort.best.roster)
        root = columns.converge(self.grid, rounds=ROOT_ROUNDS, enough=ENOUGH)
        self.effort.proved(root.bound)
        return root

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

    def _dive(self, columns: Columns, root: Node) -> None:
        """Dive from the root; where that takes too long, fill up what it has settled."""
        dive = Dive(
            columns, self.grid, root, self.effort.best.cost,
            steps_back=False, cells_at_once=24, rounds=4, work=WORK_OF_THE_DIVE,
        )  # fmt: skip
        roster = dive.run()
        if roster is not None:
            self.keep(roster)
        elif not self.effort.is_over:
            self._descend(columns.centre, dive.node)

    def _improve(self, columns: Columns) -> None:
        """Open up a part of the current roster and look for a better one inside."""
        kind, free = self.neighbourhoods.draw(self.current)
        before = self.effort.work
        if not free.any():
            self.effort.spend(LEAST_WORK)
            self.neighbourhoods.learn(kind, was_settled=True, work=LEAST_WORK)
            return
        part = cut_out(self.grid, self.layout, self.current, free)
        slack = SLACK * abs(self.effort.best.cost)
        slack -= grid_cost(self.grid, self.current) - self.effort.best.cost
        found, was_settled = _solve_part(part, self.current, columns, self.effort, slack)
        other = _patched(self.current, part, found)
        if other is not None and not breaches(self.grid, other):
            self.current = other
            self.keep(other)
        self.neighbourhoods.learn(kind, was_settled=was_settled, work=self.effort.work - before)


def _patched(roster: Roster, part: Part, found: Roster | None) -> Roster | None:
    """Return the roster with other rows for the people of a part, None where none were found."""
    if found is None:
        return None
    patched = roster.copy()
    patched[part.people] = found
    return patched


def _solve_part(
    part: Part, roster: Roster, whole: Columns, effort: Effort, slack: float
) -> tuple[Roster | None, bool]:
    """Return another roster of the part's people, at most `slack` dearer, None where none came.

    The second value says whether the part is settled: better found, or proven that none is.
    """
    old = roster[part.people]
    cost = grid_cost(part.grid, old)
    columns = Columns(part.grid, part.layout, effort.share(WORK_OF_A_PART))
    columns.add_roster(old)
    columns.inherit(whole, part.people)
    node = columns.converge(part.grid, rounds=PART_ROUNDS, enough=ENOUGH, cut=cost - 0.999)
    if node.bound >= cost - 0.999:
        return None, True
    found = Dive(columns, part.grid, node, cost + max(slack, 0.0) + 0.5).run()
    return found, found is not None and grid_cost(part.grid, found) < cost
