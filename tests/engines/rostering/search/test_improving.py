"""Dives and parts, on grids too large to try everything."""

from dataclasses import replace

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.engines.rostering.search import (
    HARD,
    Tallies,
    breaches,
    grid_cost,
    neighbourhoods,
    search,
    searching,
)
from tests.engines.rostering.search.tiny import free_grid


def fortnight(seed):
    """Return five people over two weeks, with runs, rests, weekends and tallies that bind."""
    chance = np.random.default_rng(seed)
    people, days, lines = 5, 14, 2
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
        need=chance.integers(0, 3, (days, lines)),
        wait_days=np.array([[1, 1], [2, 1]]),
        weekend_of_day=np.where(number % 7 >= 5, number // 7, -1),
        limits=replace(
            grid.limits, min_run=2 * everybody, max_run=4 * everybody, min_rest=2 * everybody,
            max_weekends=1 * everybody, min_minutes=480 * 5 * everybody,
            max_minutes=480 * 8 * everybody,
        ),
        tallies=Tallies(weight, 0 * bound, 3 * bound, HARD * bound, HARD * bound),
    )  # fmt: skip


def until(work_limit):
    return lambda work, _: work > work_limit


@pytest.fixture
def small_parts(monkeypatch):
    """Keep CP-SAT off, and parts small enough to be parts."""
    monkeypatch.setattr(searching, "CELLS_OF_A_MODEL", 0)
    monkeypatch.setattr(neighbourhoods, "FIRST_CELLS", 30.0)
    monkeypatch.setattr(neighbourhoods, "FEWEST_CELLS", 20.0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.usefixtures("small_parts")
def test_dives_and_parts_keep_every_rule_and_the_bound(seed):
    grid = fortnight(seed)
    descended = search(grid, seed=1, stop=lambda work, best: best.roster is not None)
    result = search(grid, seed=1, stop=until(1))
    assert not breaches(grid, result.roster)
    assert grid_cost(grid, result.roster) == result.cost
    assert result.bound <= result.cost < descended.cost


@pytest.mark.usefixtures("small_parts")
def test_a_grid_too_large_for_columns_is_improved_part_by_part(monkeypatch):
    monkeypatch.setattr(searching, "FEWEST_STEPS", searching.ASCENT_STEPS + 1)
    monkeypatch.setattr(searching, "ROUNDS_OF_DESCENT", 1)
    grid = fortnight(0)
    descended = search(grid, seed=1, stop=lambda work, best: best.roster is not None)
    result = search(grid, seed=1, stop=until(0.3))
    assert result.cost < descended.cost
    assert result.bound == -np.inf
    assert not breaches(grid, result.roster)


@pytest.mark.usefixtures("small_parts")
def test_a_grid_too_large_for_one_master_still_has_a_bound(monkeypatch):
    monkeypatch.setattr(searching, "CELLS_OF_A_MASTER", 0)
    result = search(fortnight(0), seed=1, stop=until(0.3))
    assert -np.inf < result.bound <= result.cost


@pytest.mark.usefixtures("small_parts")
def test_what_a_dive_cut_short_has_settled_is_filled_up(monkeypatch):
    monkeypatch.setattr(searching, "WORK_OF_THE_DIVE", 0.0)
    grid = fortnight(0)
    result = search(grid, seed=1, stop=until(0.5))
    assert result.bound <= result.cost
    assert not breaches(grid, result.roster)


@pytest.mark.usefixtures("small_parts")
def test_parts_without_a_choice_are_passed_over(monkeypatch):
    monkeypatch.setattr(searching, "FEWEST_STEPS", searching.ASCENT_STEPS + 1)
    grid = fortnight(0)
    best = search(grid, seed=1, stop=until(0.5)).roster
    allowed = best[:, :, None] == np.arange(grid.n_lines)
    allowed[0] |= grid.allowed[0]
    must_work = best >= 0
    must_work[0] = False
    fixed = replace(grid, allowed=allowed, must_work=must_work)
    result = search(fixed, seed=1, stop=until(0.1), start=best)
    assert result.cost <= grid_cost(grid, best)
    np.testing.assert_array_equal(result.roster[1:], best[1:])


@pytest.mark.usefixtures("small_parts")
def test_a_dive_told_to_stop_fills_nothing_up(monkeypatch):
    told = False

    class Told(searching.Dive):
        def run(self):
            nonlocal told
            told = True
            return super().run()

    monkeypatch.setattr(searching, "Dive", Told)
    filled = []
    monkeypatch.setattr(searching, "descend", _watched(filled, searching.descend, lambda: told))
    result = search(fortnight(0), seed=1, stop=lambda work, _: told)
    assert told
    assert not filled
    assert result.bound <= result.cost


def _watched(calls, function, is_watched):
    def call(*args, **options):
        if is_watched():
            calls.append(function)
        return function(*args, **options)

    return call


@pytest.mark.usefixtures("small_parts")
def test_a_starting_roster_is_kept_when_there_is_no_work_to_do():
    grid = fortnight(0)
    start = search(grid, seed=1, stop=until(0.2)).roster
    again = search(grid, seed=1, stop=until(-1), start=start)
    assert again.cost == grid_cost(grid, start)


def test_a_starting_roster_that_breaks_a_rule_is_not_kept():
    grid = fortnight(0)
    everyday = np.zeros((grid.n_people, grid.n_days), np.int16)
    result = search(grid, seed=1, stop=until(-1), start=everyday)
    assert result.roster is None or not breaches(grid, result.roster)


def test_a_starting_roster_of_another_shape_is_refused():
    with pytest.raises(InputError, match="start has shape"):
        search(fortnight(0), seed=1, stop=until(0), start=np.zeros((5, 3), np.int16))
