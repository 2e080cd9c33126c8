"""What a roster costs and what it breaches, as the rules are written: no solver in here."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from maillage.engines.rostering.search.grid import HARD, OFF, DutyGrid, IntArray, Roster


@dataclass(frozen=True, slots=True)
class GridBreach:
    """One rule that one person's roster does not keep; `day` is -1 for rules on the period."""

    rule: str
    person: int
    day: int


def grid_cost(grid: DutyGrid, roster: Roster) -> int:
    """Return what the roster costs: duties held, cover, and tallies outside soft bounds."""
    person, day = np.nonzero(roster >= 0)
    held = grid.cost[person, day, roster[person, day]].sum()
    missing = grid.need - line_counts(grid, roster)
    cover = np.where(missing > 0, missing * grid.under, -missing * grid.over).sum()
    below, above = _outside_bounds(grid, roster)
    soft_under, soft_over = np.maximum(grid.tallies.under, 0), np.maximum(grid.tallies.over, 0)
    return int(held + cover + (below * soft_under).sum() + (above * soft_over).sum())


def line_counts(grid: DutyGrid, roster: Roster) -> IntArray:
    """Return how many people hold each line each day, shape (n_days, n_lines)."""
    counts = np.zeros((grid.n_days, grid.n_lines), np.int64)
    _, day = np.nonzero(roster >= 0)
    np.add.at(counts, (day, roster[roster >= 0]), 1)
    return counts


def collected(grid: DutyGrid, roster: Roster) -> IntArray:
    """Return what each person collects in each tally, shape (n_people, n_groups)."""
    totals = np.zeros(grid.tallies.least.shape, np.int64)
    person, day = np.nonzero(roster >= 0)
    np.add.at(totals, person, grid.tallies.weight[:, day, roster[person, day]].T)
    return totals


def _outside_bounds(grid: DutyGrid, roster: Roster) -> tuple[IntArray, IntArray]:
    totals = collected(grid, roster)
    return (
        np.maximum(grid.tallies.least - totals, 0),
        np.maximum(totals - grid.tallies.most, 0),
    )


def breaches(grid: DutyGrid, roster: Roster) -> list[GridBreach]:
    """List each hard rule that the roster does not keep, person by person."""
    below, above = _outside_bounds(grid, roster)
    hard = (below * (grid.tallies.under == HARD) + above * (grid.tallies.over == HARD)) > 0
    found = [GridBreach("tally", int(person), -1) for person, _ in np.argwhere(hard)]
    for person in range(grid.n_people):
        found += (
            GridBreach(rule, person, day) for rule, day in _person_breaches(grid, person, roster)
        )
    return found


def _person_breaches(grid: DutyGrid, person: int, roster: Roster) -> Iterator[tuple[str, int]]:
    row = roster[person]
    worked = np.flatnonzero(row >= 0)
    yield from (("allowed", int(day)) for day in worked if not grid.allowed[person, day, row[day]])
    yield from (
        ("must_work", int(day)) for day in np.flatnonzero(grid.must_work[person] & (row == OFF))
    )
    minutes = grid.minutes[worked, row[worked]].sum()
    if not grid.limits.min_minutes[person] <= minutes <= grid.limits.max_minutes[person]:
        yield "minutes", -1
    weekends = grid.weekend_of_day[worked]
    if np.unique(weekends[weekends >= 0]).size > grid.limits.max_weekends[person]:
        yield "weekends", -1
    yield from _wait_breaches(grid, person, row)
    yield from _run_breaches(grid, person, row)


def _wait_breaches(grid: DutyGrid, person: int, row: Roster) -> Iterator[tuple[str, int]]:
    last_line = int(grid.eve.last_line[person])
    last_day = -1 - (0 if grid.eve.run_before[person] else int(grid.eve.rest_before[person]))
    for day in np.flatnonzero(row >= 0):
        line = int(row[day])
        if last_line != OFF and day - last_day < grid.wait_days[last_line, line]:
            yield "wait", int(day)
        last_line, last_day = line, int(day)


def _run_breaches(grid: DutyGrid, person: int, row: Roster) -> Iterator[tuple[str, int]]:
    least, most = int(grid.limits.min_run[person]), int(grid.limits.max_run[person])
    run, rest = int(grid.eve.run_before[person]), int(grid.eve.rest_before[person])
    free_start = run == 0
    for day, line in enumerate(row):
        if line == OFF:
            if run and run < least and not (free_start and run == day):
                yield "min_run", day - 1
            run, rest = 0, rest + 1
            continue
        if run == 0 and rest < grid.limits.min_rest[person]:
            yield "min_rest", day
        run, rest = run + 1, 0
        if run > most:
            yield "max_run", day
