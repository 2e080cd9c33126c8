"""What a grid refuses."""

from dataclasses import replace

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.engines.rostering.search import HARD, Eve, Limits, Tallies, breaches
from maillage.engines.rostering.search.prices import scale_of
from tests.engines.rostering.search.tiny import free_grid

ONE = np.ones(1, np.int64)


def test_an_array_of_the_wrong_shape_is_refused():
    with pytest.raises(InputError, match="need has shape"):
        replace(free_grid(1, 2, 1), need=np.ones((1, 1), np.int64))


def test_a_need_below_zero_is_refused():
    with pytest.raises(InputError, match="need holds -1"):
        replace(free_grid(1, 2, 1), need=np.full((2, 1), -1))


def test_a_wait_that_a_duty_between_would_shorten_is_refused():
    waits = np.array([[1, 5, 1], [1, 1, 1], [1, 1, 1]])
    with pytest.raises(InputError, match="wait_days"):
        replace(free_grid(1, 2, 3), wait_days=waits)


def test_a_weekend_of_three_days_is_refused():
    with pytest.raises(InputError, match="Weekend 0"):
        replace(free_grid(1, 3, 1), weekend_of_day=np.zeros(3, np.int64))


@pytest.mark.parametrize("name", ["minutes", "run"])
def test_a_least_above_its_most_is_refused(name):
    with pytest.raises(InputError, match=f"min_{name}"):
        replace(Limits.free(1), **{f"min_{name}": 9 * ONE, f"max_{name}": 2 * ONE})


def test_an_eve_both_at_work_and_off_is_refused():
    with pytest.raises(InputError, match="exactly one"):
        Eve(ONE, ONE, 0 * ONE)


def test_work_on_the_eve_needs_a_line():
    with pytest.raises(InputError, match="no last_line"):
        Eve(ONE, 0 * ONE, -ONE)


@pytest.mark.parametrize(
    ("weight", "least", "message"), [(-1, 0, "below 0"), (1, 9, "least above most")]
)
def test_tallies_that_cannot_be_are_refused(weight, least, message):
    bound = np.ones((1, 1), np.int64)
    with pytest.raises(InputError, match=message):
        Tallies(np.full((1, 1, 1), weight), least * bound, bound, bound, bound)


def test_a_tally_without_bounds_is_refused():
    none = np.zeros((1, 0), np.int64)
    with pytest.raises(InputError, match="weigh 1 groups"):
        Tallies(np.ones((1, 1, 1), np.int64), none, none, none, none)


def test_weights_too_large_for_exact_sums_are_refused():
    with pytest.raises(InputError, match="divide all weights"):
        scale_of(replace(free_grid(1, 2, 1), under=np.full((2, 1), 1 << 28)))


def test_one_duty_beyond_a_hard_tally_is_a_breach_and_one_less_is_not():
    grid = free_grid(1, 2, 1)
    bound = np.ones((1, 1), np.int64)
    tallies = Tallies(np.ones((1, 2, 1), np.int64), 0 * bound, bound, HARD * bound, HARD * bound)
    grid = replace(grid, tallies=tallies)
    assert [b.rule for b in breaches(grid, np.array([[0, 0]], np.int16))] == ["tally"]
    assert breaches(grid, np.array([[0, -1]], np.int16)) == []
