"""Dives and parts, on a grid too large to try everything."""

from dataclasses import replace

import numpy as np
import pytest

from maillage.engines.rostering.search import HARD, Tallies, breaches, grid_cost, search, searching
from tests.engines.rostering.search.tiny import free_grid


def fortnights(seed):
    """Return eight people over three weeks, with runs, rests, weekends and tallies that bind."""
    chance = np.random.default_rng(seed)
    people, days, lines = 8, 21, 2
    grid = free_grid(people, days, lines)
    everybody = np.ones(people, np.int64)
    number = np.arange(days)
    bound = np.ones((people, 1), np.int64)
    weight = np.zeros((1, days, lines), np.int64)
    weight[0, :, 1] = 1
    return replace(
        grid,
        cost=chance.integers(-2, 3, (people, days, lines)),
        allowed=chance.random((people, days, lines)) < 0.9,
        need=chance.integers(1, 4, (days, lines)),
        wait_days=np.array([[1, 1], [2, 1]]),
        weekend_of_day=np.where(number % 7 >= 5, number // 7, -1),
        limits=replace(
            grid.limits, min_run=2 * everybody, max_run=4 * everybody, min_rest=2 * everybody,
            max_weekends=2 * everybody, min_minutes=480 * 10 * everybody,
            max_minutes=480 * 13 * everybody,
        ),
        tallies=Tallies(weight, 0 * bound, 5 * bound, HARD * bound, HARD * bound),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_dives_and_parts_keep_every_rule_and_the_bound(seed, monkeypatch):
    monkeypatch.setattr(searching, "CELLS_OF_A_MODEL", 0)
    grid = fortnights(seed)
    descended = search(grid, seed=1, stop=lambda work, best: best.roster is not None)
    result = search(grid, seed=1, stop=lambda work, _: work > 6)
    assert not breaches(grid, result.roster)
    assert grid_cost(grid, result.roster) == result.cost
    assert result.bound <= result.cost < descended.cost


def test_a_starting_roster_is_kept_when_there_is_no_work_to_do():
    grid = fortnights(0)
    start = search(grid, seed=1, stop=lambda work, _: work > 2).roster
    again = search(grid, seed=1, stop=lambda work, _: True, start=start)
    assert again.cost == grid_cost(grid, start)
