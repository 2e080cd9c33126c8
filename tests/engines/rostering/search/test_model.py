"""What CP-SAT is told where cells are fixed, and what it hands back."""

from dataclasses import replace

import numpy as np
import pytest

from maillage.engines.rostering.search import HARD, Tallies
from maillage.engines.rostering.search.model import solve_model
from tests.engines.rostering.search.tiny import free_grid

ONE = np.ones(1, np.int64)


def fixed_grid(row, n_lines=1):
    """Return the grid of one person who works each day the line given."""
    grid = free_grid(1, len(row), n_lines)
    allowed = np.array(row)[None, :, None] == np.arange(n_lines)
    return replace(grid, allowed=allowed, must_work=np.ones((1, len(row)), bool))


def minutes_of(grid, *, least, most):
    limits = replace(grid.limits, min_minutes=least * ONE, max_minutes=most * ONE)
    return replace(grid, limits=limits)


@pytest.mark.parametrize(("least", "most"), [(960, 960), (1, 1000)])
def test_fixed_duties_within_the_minutes_are_a_roster(least, most):
    answer = solve_model(minutes_of(fixed_grid([0, 0]), least=least, most=most), seed=0, work=1)
    assert answer.roster.tolist() == [[0, 0]]


@pytest.mark.parametrize(("least", "most"), [(1440, 9999), (0, 480)])
def test_fixed_duties_outside_the_minutes_have_no_roster(least, most):
    answer = solve_model(minutes_of(fixed_grid([0, 0]), least=least, most=most), seed=0, work=1)
    assert answer.roster is None
    assert answer.bound == np.inf


def test_fixed_duties_too_close_have_no_roster():
    grid = replace(fixed_grid([1, 0], 2), wait_days=np.array([[1, 1], [2, 1]]))
    assert solve_model(grid, seed=0, work=1).bound == np.inf


def test_a_fixed_duty_closes_what_may_not_follow():
    grid = replace(free_grid(1, 2, 2), wait_days=np.array([[1, 1], [2, 1]]))
    allowed = grid.allowed.copy()
    allowed[0, 0, 0] = False
    grid = replace(
        grid, allowed=allowed, must_work=np.array([[True, False]]),
        cost=np.array([[[0, 0], [-9, 0]]]),
    )  # fmt: skip
    assert solve_model(grid, seed=0, work=1).roster.tolist() == [[1, 1]]


@pytest.mark.parametrize(("over", "cost"), [(HARD, np.inf), (0, 0), (3, 3)])
def test_fixed_duties_beyond_a_tally_cost_what_it_says(over, cost):
    bound = np.ones((1, 1), np.int64)
    tallies = Tallies(np.ones((1, 2, 1), np.int64), 0 * bound, bound, 0 * bound, over * bound)
    grid = replace(fixed_grid([0, 0]), tallies=tallies)
    assert solve_model(grid, seed=0, work=1).bound == cost


def test_a_start_is_a_hint_for_free_cells_only():
    grid = replace(free_grid(1, 2, 1), must_work=np.array([[True, False]]))
    start = np.array([[0, -1]], np.int16)
    assert solve_model(grid, seed=0, work=1, start=start).roster.tolist() == [[0, 0]]


def test_without_work_nothing_is_known():
    grid = free_grid(12, 28, 3)
    answer = solve_model(grid, seed=0, work=0)
    assert answer.roster is None
    assert answer.bound == -np.inf
