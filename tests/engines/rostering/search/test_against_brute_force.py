"""The search, its bounds and its models, against trying everything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engines.rostering.search import breaches, grid_cost, search
from maillage.engines.rostering.search.columns import Columns
from maillage.engines.rostering.search.effort import Effort
from maillage.engines.rostering.search.model import solve_model
from maillage.engines.rostering.search.prices import Prices, price_rows, scale_of
from maillage.engines.rostering.search.pricing import cheapest_row, lay_out
from tests.engines.rostering.search.tiny import every_roster, random_grid, sound_rows

seeds = st.integers(0, 1 << 20)
"""Drawn the same way each time, so that the same branches are gone through each time."""


def least_cost(grid):
    return min((grid_cost(grid, roster) for roster in every_roster(grid)), default=np.inf)


def never(work, best):
    return False


@settings(max_examples=60, derandomize=True)
@given(seeds)
def test_the_cheapest_row_is_the_cheapest_of_all_rows(seed):
    grid = random_grid(seed)
    price = np.random.default_rng(seed).integers(-9, 10, grid.need.shape)
    layout = lay_out(grid)
    for person in range(grid.n_people):
        row = cheapest_row(
            grid, layout, person, price=price,
            allowed=grid.allowed[person], must_work=grid.must_work[person],
        )  # fmt: skip
        days = np.arange(grid.n_days)
        values = [
            int(np.where(lines >= 0, price[days, lines], 0).sum())
            for lines in sound_rows(grid, person, but=("tally",))
        ]
        assert (row is None) == (not values)
        if row is not None:
            assert row.value == min(values)
            assert row.value == np.where(row.lines >= 0, price[days, row.lines], 0).sum()


@settings(max_examples=40, derandomize=True)
@given(seeds)
def test_no_prices_prove_more_than_the_best_roster_costs(seed):
    grid = random_grid(seed)
    chance = np.random.default_rng(seed)
    prices = Prices(
        chance.normal(0, 5, grid.need.shape),
        chance.normal(0, 5, grid.tallies.most.shape),
        chance.normal(0, 5, grid.tallies.most.shape),
    )
    bound = price_rows(grid, lay_out(grid), prices, scale=scale_of(grid)).bound
    assert bound <= least_cost(grid)


@settings(max_examples=30, derandomize=True)
@given(seeds)
def test_columns_prove_no_more_than_the_best_roster_costs(seed):
    grid = random_grid(seed)
    columns = Columns(grid, lay_out(grid), Effort(never))
    node = columns.converge(grid, rounds=50, enough=0)
    assert node.bound <= least_cost(grid) + 1e-9


@settings(max_examples=30, derandomize=True)
@given(seeds)
def test_the_model_finds_the_best_roster(seed):
    grid = random_grid(seed)
    answer = solve_model(grid, seed=0, work=10)
    best = least_cost(grid)
    assert answer.bound == best
    assert (answer.roster is None) == np.isinf(best)
    if answer.roster is not None:
        assert grid_cost(grid, answer.roster) == best
        assert not breaches(grid, answer.roster)


@settings(max_examples=30, derandomize=True)
@given(seeds)
def test_the_search_finds_the_best_roster_and_proves_it(seed):
    grid = random_grid(seed)
    result = search(grid, seed=0, stop=lambda work, _: work > 20)
    best = least_cost(grid)
    assert result.cost == best
    assert result.bound == best
    if result.roster is not None:
        assert not breaches(grid, result.roster)
        assert grid_cost(grid, result.roster) == best


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_and_work_give_the_same_roster(seed):
    grid = random_grid(seed)
    first, second = (search(grid, seed=5, stop=lambda work, _: work > 0.2) for _ in range(2))
    np.testing.assert_array_equal(first.roster, second.roster)
    assert first.work == second.work
