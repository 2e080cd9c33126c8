"""What is still open in a grid: narrowing it cell by cell, and cutting a part of it out."""

from dataclasses import dataclass, replace

import numpy as np

from maillage.engines.rostering.search.grid import (
    OFF,
    BoolArray,
    DutyGrid,
    Eve,
    IntArray,
    Limits,
    Roster,
    Tallies,
)  # fmt: skip
from maillage.engines.rostering.search.judging import line_counts
from maillage.engines.rostering.search.pricing import Layout


def options(grid: DutyGrid) -> BoolArray:
    """Return what each cell may be, shape (n_people, n_days, n_lines + 1); the last is off."""
    return np.concatenate([grid.allowed, ~grid.must_work[:, :, None]], axis=2)


def with_options(grid: DutyGrid, open_cells: BoolArray) -> DutyGrid:
    """Return the grid narrowed to these options."""
    return replace(
        grid, allowed=np.ascontiguousarray(open_cells[:, :, :-1]), must_work=~open_cells[:, :, -1]
    )


def as_options(grid: DutyGrid, roster: Roster) -> BoolArray:
    """Return the options that leave nothing but the roster."""
    choice = np.where(roster == OFF, grid.n_lines, roster)[:, :, None]
    return np.asarray(choice == np.arange(grid.n_lines + 1), bool)


def fits(grid: DutyGrid, owner: IntArray, rows: Roster) -> BoolArray:
    """Say which rows (n_rows, n_days), each of its owner, keep to the options of the grid."""
    days = np.arange(grid.n_days)
    return np.asarray(options(grid)[owner[:, None], days[None, :], rows].all(axis=1))


@dataclass(frozen=True, slots=True)
class Part:
    """Some people of a grid with the others' duties taken off the needs.

    grid, layout  of these people only
    people        their numbers in the whole grid
    """

    grid: DutyGrid
    layout: Layout
    people: IntArray


def cut_out(grid: DutyGrid, layout: Layout, roster: Roster, free: BoolArray) -> Part:
    """Return the part of a grid where `free` cells (n_people, n_days) open up around a roster.

    Cover of days on which nobody is free costs the same whatever is done: it is left out.
    """
    people = np.flatnonzero(free.any(axis=1))
    others = np.ones(grid.n_people, bool)
    others[people] = False
    held = np.where(others[:, None], roster, OFF)
    missing = grid.need - line_counts(grid, held)
    touched = np.asarray(free.any(axis=0))[:, None]
    open_cells = np.where(free[:, :, None], options(grid), as_options(grid, roster))[people]
    part = DutyGrid(
        minutes=grid.minutes,
        allowed=np.ascontiguousarray(open_cells[:, :, :-1]),
        must_work=~open_cells[:, :, -1],
        cost=grid.cost[people],
        need=np.maximum(missing, 0),
        under=np.where(touched, grid.under, 0),
        over=np.where(touched, grid.over, 0),
        wait_days=grid.wait_days,
        weekend_of_day=grid.weekend_of_day,
        limits=Limits(*(_of(grid.limits, name, people) for name in Limits.__slots__)),
        eve=Eve(*(_of(grid.eve, name, people) for name in Eve.__slots__)),
        tallies=Tallies(
            grid.tallies.weight,
            *(_of(grid.tallies, name, people) for name in ("least", "most", "under", "over")),
        ),
    )
    automata = tuple(layout.automaton[person] for person in people)
    starts = tuple(layout.start[person] for person in people)
    return Part(part, replace(layout, automaton=automata, start=starts), people)


def _of(table: Limits | Eve | Tallies, name: str, people: IntArray) -> IntArray:
    column: IntArray = getattr(table, name)[people]
    return column
