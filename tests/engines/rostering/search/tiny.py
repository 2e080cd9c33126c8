"""Grids small enough to try every roster."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from maillage.engines.rostering.search.grid import (
    HARD,
    NO_LIMIT,
    OFF,
    DutyGrid,
    Eve,
    Limits,
    Roster,
    Tallies,
)  # fmt: skip
from maillage.engines.rostering.search.judging import breaches


def free_grid(n_people: int, n_days: int, n_lines: int) -> DutyGrid:
    """Return a grid in which nothing binds: one needed on each line, 10 per missing or extra."""
    cells, days = (n_people, n_days, n_lines), (n_days, n_lines)
    return DutyGrid(
        minutes=np.full(days, 480, np.int64),
        allowed=np.ones(cells, bool),
        must_work=np.zeros(cells[:2], bool),
        cost=np.zeros(cells, np.int64),
        need=np.ones(days, np.int64),
        under=np.full(days, 10, np.int64),
        over=np.full(days, 10, np.int64),
        wait_days=np.ones((n_lines, n_lines), np.int64),
        weekend_of_day=np.full(n_days, -1, np.int64),
        limits=Limits.free(n_people),
        eve=Eve.rested(n_people),
        tallies=Tallies.none(n_people, n_days, n_lines),
    )


def random_grid(seed: int) -> DutyGrid:
    """Return a grid of at most 2 people, 5 days and 2 lines with rules of every family."""
    chance = np.random.default_rng(seed)
    people, days, lines = (int(chance.integers(1, most)) for most in (3, 6, 3))
    cells = (people, days, lines)
    at_work = chance.random(people) < 0.4
    waits = chance.integers(1, 4, (lines, lines))
    through = (waits[:, :, None] + waits[None, :, :]).min(axis=1)
    first_saturday = int(chance.integers(0, 3))
    weekend = np.full(days, -1, np.int64)
    weekend[first_saturday : first_saturday + 2] = 0
    weekend[first_saturday + 3 :] = 1 if days - first_saturday - 3 <= 2 else -1
    min_run, most_units = chance.integers(1, 3, people), chance.integers(1, 6, people)
    return DutyGrid(
        minutes=chance.integers(1, 3, (days, lines)) * 240,
        allowed=chance.random(cells) < 0.85,
        must_work=chance.random(cells[:2]) < 0.1,
        cost=chance.integers(-3, 4, cells),
        need=chance.integers(0, 3, (days, lines)),
        under=chance.integers(0, 8, (days, lines)),
        over=chance.integers(0, 4, (days, lines)),
        wait_days=np.minimum(waits, through),
        weekend_of_day=weekend,
        limits=Limits(
            chance.integers(0, 2, people) * 240,
            np.where(most_units > 4, NO_LIMIT, most_units * 480),
            min_run, np.where(chance.random(people) < 0.3, NO_LIMIT, min_run + 1),
            chance.integers(1, 4, people), chance.integers(0, 4, people),
        ),
        eve=Eve(
            np.where(at_work, chance.integers(1, 3, people), 0),
            np.where(at_work, 0, chance.integers(1, 4, people)),
            np.where(at_work, 0, chance.integers(-1, 1, people)),
        ),
        tallies=Tallies(
            chance.integers(0, 3, (2, days, lines)),
            chance.integers(0, 2, (people, 2)), chance.integers(2, 6, (people, 2)),
            chance.choice([HARD, 0, 2], (people, 2)), chance.choice([HARD, 0, 2], (people, 2)),
        ),
    )  # fmt: skip


def every_roster(grid: DutyGrid) -> Iterator[Roster]:
    """Yield each roster that breaks no rule."""
    rows = [sound_rows(grid, person) for person in range(grid.n_people)]
    for chosen in product(*rows):
        yield np.array(chosen, np.int16)


def sound_rows(grid: DutyGrid, person: int, *, but: tuple[str, ...] = ()) -> list[Roster]:
    """Return each row of a person that breaks no rule, those in `but` left aside."""
    found = []
    for row in product(range(OFF, grid.n_lines), repeat=grid.n_days):
        roster = np.full((grid.n_people, grid.n_days), OFF, np.int16)
        roster[person] = row
        broken = {b.rule for b in breaches(grid, roster) if b.person == person}
        if broken <= set(but):
            found.append(roster[person])
    return found
