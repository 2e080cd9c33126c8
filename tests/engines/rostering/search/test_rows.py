"""One person's row: tallies that bind, and rows let in or out of the mix."""

from dataclasses import replace

import numpy as np

from maillage.engines.rostering.search import HARD, OFF, Tallies
from maillage.engines.rostering.search.columns import Columns
from maillage.engines.rostering.search.descent import best_row
from maillage.engines.rostering.search.effort import Effort
from maillage.engines.rostering.search.pricing import lay_out
from tests.engines.rostering.search.tiny import free_grid


def tallied(weight, *, least, most, must_work=()):
    """Return the grid of one person, one line, with one hard tally."""
    days = len(weight)
    grid = free_grid(1, days, 1)
    bound = np.ones((1, 1), np.int64)
    tallies = Tallies(
        np.array(weight).reshape(1, days, 1),
        least * bound, most * bound, HARD * bound, HARD * bound,
    )  # fmt: skip
    must = np.isin(np.arange(days), must_work)[None, :]
    return replace(grid, tallies=tallies, must_work=must)


def row_of(grid, price):
    row = best_row(grid, lay_out(grid), 0, np.array(price)[:, None])
    return None if row is None else row.lines.tolist()


def test_a_tally_gone_beyond_keeps_the_duties_worth_most():
    assert row_of(tallied([1, 1, 1], least=0, most=1), [-2, -9, -3]) == [OFF, 0, OFF]


def test_a_tally_fallen_short_of_is_filled_up():
    assert row_of(tallied([1, 1, 1], least=2, most=3), [5, 9, 5]) == [0, OFF, 0]


def test_a_tally_holds_where_no_tax_tells_duties_apart():
    row = row_of(tallied([1, 1, 1], least=0, most=2, must_work=[0]), [-5, -5, -5])
    assert row[0] == 0
    assert row.count(0) <= 2


def test_a_tally_that_nobody_can_keep_leaves_no_row():
    assert row_of(tallied([1, 1], least=-9, most=-1), [-5, -5]) is None


def test_duties_that_must_be_held_beyond_a_tally_leave_no_row():
    assert row_of(tallied([1, 1], least=0, most=1, must_work=[0, 1]), [-5, -5]) is None


def test_narrowing_to_a_roster_and_back_leaves_the_mix_as_it_was():
    grid = free_grid(2, 3, 1)
    columns = Columns(grid, lay_out(grid), Effort(lambda work, best: False))
    columns.add_roster(np.array([[0, OFF, 0], [OFF, OFF, 0]], np.int16))
    columns.add_roster(np.array([[0, OFF, 0], [OFF, 0, OFF]], np.int16))
    before = columns.solve_master().cost
    columns.narrow(replace(grid, must_work=np.array([[False] * 3, [False, False, True]])))
    assert columns.solve_master().cost == before + 20
    columns.narrow(grid)
    assert columns.solve_master().cost == before
    columns.narrow(grid)
    assert columns.solve_master().cost == before


def test_a_longest_run_of_more_than_a_year_binds():
    grid = free_grid(1, 410, 1)
    grid = replace(grid, limits=replace(grid.limits, max_run=np.array([405])))
    assert row_of(grid, [-1] * 410).count(0) == 409
