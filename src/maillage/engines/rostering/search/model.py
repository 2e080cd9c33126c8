"""The grid as a CP-SAT model: exact on small grids, and on the free part of large ones."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from maillage.engines.rostering.search.grid import HARD, OFF, DutyGrid, IntArray, Roster

Term = cp_model.IntVar | cp_model.LinearExpr | int


@dataclass(frozen=True, slots=True)
class Answer:
    """What CP-SAT found.

    roster  the best one, None when there is none or none was found
    bound   no roster costs less; inf when there is none
    work    deterministic time of CP-SAT, close to seconds
    """

    roster: Roster | None
    bound: float
    work: float


def solve_model(grid: DutyGrid, *, seed: int, work: float, start: Roster | None = None) -> Answer:
    """Solve the whole grid as one model, within `work` of CP-SAT's deterministic time."""
    build = _Model(grid)
    build.everything()
    if start is not None:
        build.hint(start)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % (1 << 31)
    solver.parameters.max_deterministic_time = work
    solver.parameters.symmetry_level = 0
    status = solver.solve(build.model)
    spent = float(solver.response_proto.deterministic_time)
    if status == cp_model.INFEASIBLE:
        return Answer(None, np.inf, spent)
    if status == cp_model.UNKNOWN:
        return Answer(None, -np.inf, spent)
    bound = float(np.ceil(solver.best_objective_bound - 1e-6))  # costs are whole
    return Answer(build.roster(solver), bound, spent)


class _Model:
    """Variables for what is free, plain numbers for what is fixed."""

    def __init__(self, grid: DutyGrid) -> None:
        self.grid = grid
        self.model = cp_model.CpModel()
        self.held: list[list[dict[int, Term]]] = []
        self.works: list[list[Term]] = []
        self.objective: list[Term] = []

    def everything(self) -> None:
        """Add all variables, rules and costs."""
        for person in range(self.grid.n_people):
            self._cells(person)
            self._runs(person)
            self._rests(person)
            self._waits(person)
            self._minutes(person)
            self._weekends(person)
            self._tallies(person)
        self._cover()
        self.model.minimize(sum(self.objective))

    def _cells(self, person: int) -> None:
        grid = self.grid
        rows: list[dict[int, Term]] = []
        works: list[Term] = []
        for day in range(grid.n_days):
            lines = np.flatnonzero(grid.allowed[person, day]).tolist()
            if len(lines) == 1 and grid.must_work[person, day]:
                rows.append({lines[0]: 1})
                works.append(1)
                self.objective.append(int(grid.cost[person, day, lines[0]]))
                continue
            held: dict[int, Term] = {line: self.model.new_bool_var("") for line in lines}
            self.objective += [
                int(grid.cost[person, day, line]) * held[line]
                for line in lines
                if grid.cost[person, day, line]
            ]
            rows.append(held)
            works.append(self._worked(held, must=bool(grid.must_work[person, day])))
        self.held.append(rows)
        self.works.append(works)

    def _worked(self, held: dict[int, Term], *, must: bool) -> Term:
        if must:
            self.model.add_exactly_one(held.values())  # type: ignore[arg-type]
            return 1
        if not held:
            return 0
        if len(held) == 1:
            return next(iter(held.values()))
        works = self.model.new_bool_var("")
        self.model.add_exactly_one([*held.values(), ~works])  # type: ignore[list-item]
        return works

    def _clause(self, negative: Iterable[Term], positive: Iterable[Term] = ()) -> None:
        """Forbid that all of `negative` hold and none of `positive`."""
        literals = []
        for term in negative:
            if isinstance(term, int):
                if not term:
                    return
            else:
                literals.append(~term)  # type: ignore[operator]
        for term in positive:
            if isinstance(term, int):
                if term:
                    return
            else:
                literals.append(term)
        self.model.add_bool_or(literals)

    def _runs(self, person: int) -> None:
        works = self.works[person]
        least, most = (
            int(self.grid.limits.min_run[person]), int(self.grid.limits.max_run[person]),
        )  # fmt: skip
        before = int(self.grid.eve.run_before[person])
        if before:
            for day in range(min(max(most - before, 0) + 1, len(works))):
                if before + day >= most:
                    self._clause(works[: day + 1])
            for day in range(min(least - before, len(works))):
                self._clause([], [works[day]])
        for first in range(len(works) - most):
            self._clause(works[first : first + most + 1])
        for first in range(1, len(works)):
            for length in range(1, least):
                if first + length < len(works):
                    self._clause([works[first]], [works[first - 1], works[first + length]])

    def _rests(self, person: int) -> None:
        works, least = self.works[person], int(self.grid.limits.min_rest[person])
        eve = self.grid.eve
        if not eve.run_before[person]:
            for day in range(min(least - int(eve.rest_before[person]), len(works))):
                self._clause([works[day]])
        extended: list[Term] = [int(bool(eve.run_before[person])), *works]
        for first in range(1, len(extended)):
            for length in range(1, least):
                if first + length < len(extended):
                    self._clause([extended[first - 1], extended[first + length]], [extended[first]])

    def _waits(self, person: int) -> None:
        grid, rows = self.grid, self.held[person]
        last = int(grid.eve.last_line[person])
        if last != OFF:
            since = 1 if grid.eve.run_before[person] else 1 + int(grid.eve.rest_before[person])
            for day in range(min(int(grid.wait_days[last].max()) - since, grid.n_days)):
                for line, term in rows[day].items():
                    if grid.wait_days[last, line] > since + day:
                        self._clause([term])
        for day, row in enumerate(rows):
            for gap in range(1, min(int(grid.wait_days.max(initial=1)), grid.n_days - day)):
                self._wait(row, rows[day + gap], gap)

    def _wait(self, row: dict[int, Term], later: dict[int, Term], gap: int) -> None:
        by_forbidden: dict[tuple[int, ...], list[Term]] = {}
        for line, term in row.items():
            forbidden = tuple(u for u in later if self.grid.wait_days[line, u] > gap)
            if forbidden:
                by_forbidden.setdefault(forbidden, []).append(term)
        for forbidden, terms in by_forbidden.items():
            both = terms + [later[u] for u in forbidden]
            if sum(term for term in both if isinstance(term, int)) > 1:
                self.model.add_bool_or([])
            else:
                self.model.add(sum(both) <= 1)

    def _weighted(self, person: int, weight: IntArray) -> Term:
        return sum(
            int(weight[day, line]) * term
            for day, row in enumerate(self.held[person])
            for line, term in row.items()
            if weight[day, line]
        )

    def _minutes(self, person: int) -> None:
        grid = self.grid
        unit = max(int(np.gcd.reduce(grid.minutes, axis=None)), 1)
        least = -(-int(grid.limits.min_minutes[person]) // unit)
        most = int(grid.limits.max_minutes[person]) // unit
        if least > 0 or most < int((grid.minutes // unit).max(axis=1, initial=0).sum()):
            self._within(self._weighted(person, grid.minutes // unit), least, most)

    def _within(self, total: Term, least: int, most: int) -> None:
        if isinstance(total, int):
            if not least <= total <= most:
                self.model.add_bool_or([])
        else:
            self.model.add_linear_constraint(total, least, most)

    def _weekends(self, person: int) -> None:
        grid, used = self.grid, []
        most = int(grid.limits.max_weekends[person])
        numbers = np.unique(grid.weekend_of_day[grid.weekend_of_day >= 0])
        if most >= numbers.size:
            return
        for number in numbers:
            days = np.flatnonzero(grid.weekend_of_day == number)
            weekend = self.model.new_bool_var("")
            for day in days:
                self._clause([self.works[person][day]], [weekend])
            used.append(weekend)
        self.model.add(sum(used) <= most)

    def _tallies(self, person: int) -> None:
        tallies = self.grid.tallies
        for group in range(tallies.weight.shape[0]):
            weight = tallies.weight[group]
            possible = int((weight * self.grid.allowed[person]).max(axis=1, initial=0).sum())
            least, most = int(tallies.least[person, group]), int(tallies.most[person, group])
            if least <= 0 and possible <= most:
                continue
            total = self._weighted(person, weight)
            below = self._slack(int(tallies.under[person, group]), max(least, 0))
            above = self._slack(int(tallies.over[person, group]), possible)
            low = least if tallies.under[person, group] else 0
            high = most if tallies.over[person, group] else possible
            self.model.add(total + below >= low)
            self.model.add(total - above <= high)

    def _slack(self, weight: int, most: int) -> Term:
        if weight == HARD or weight == 0:
            return 0
        slack = self.model.new_int_var(0, most, "")
        self.objective.append(weight * slack)
        return slack

    def _cover(self) -> None:
        grid = self.grid
        for day, line in np.argwhere((grid.under > 0) | (grid.over > 0)).tolist():
            terms = [row[day][line] for row in self.held if line in row[day]]
            need, sure = int(grid.need[day, line]), sum(t for t in terms if isinstance(t, int))
            under = self.model.new_int_var(0, need, "")
            over = self.model.new_int_var(0, max(len(terms) - need, 0), "")
            free = [term for term in terms if not isinstance(term, int)]
            self.model.add(sum(free) + under - over == need - sure)
            self.objective += [
                int(grid.under[day, line]) * under, int(grid.over[day, line]) * over,
            ]  # fmt: skip

    def hint(self, roster: Roster) -> None:
        """Start from this roster."""
        for person, rows in enumerate(self.held):
            for day, row in enumerate(rows):
                for line, term in row.items():
                    if isinstance(term, cp_model.IntVar):
                        self.model.add_hint(term, int(roster[person, day] == line))

    def roster(self, solver: cp_model.CpSolver) -> Roster:
        """Read the roster found."""
        found = np.full((self.grid.n_people, self.grid.n_days), OFF, np.int16)
        for person, rows in enumerate(self.held):
            for day, row in enumerate(rows):
                for line, term in row.items():
                    if solver.value(term):
                        found[person, day] = line
        return found
