"""Territories alike: the nearest ones, in a stable order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.studies.alike import _smallest, alike
from maillage.studies.figures import values_by_territory
from maillage.studies.indicators import indicator

DISTANCES = st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, np.inf]), min_size=1, max_size=30)


@given(DISTANCES, st.integers(1, 12))
def test_the_smallest_are_those_of_a_whole_sort(values, k):
    distance = np.array(values)
    expected = np.argsort(distance, kind="stable")[:k]
    assert _smallest(distance, k).tolist() == expected.tolist()


def test_a_territory_is_not_alike_to_itself(fictional_store):
    codes = fictional_store.membership("epci").codes.tolist()
    found = alike(fictional_store, "epci", fictional_store.rows("epci", codes[0]), code=codes[0])
    assert codes[0] not in [one.code for one in found]
    assert [one.distance for one in found] == sorted(one.distance for one in found)


def test_each_likeness_quotes_both_figures(fictional_store):
    codes = fictional_store.membership("epci").codes.tolist()
    rows = fictional_store.rows("epci", codes[0])
    nearest = alike(fictional_store, "epci", rows, code=codes[0], k=1)[0]
    for line in nearest.likenesses:
        values = values_by_territory(fictional_store, indicator(line.indicator_id), "epci")
        assert line.theirs == pytest.approx(values[codes.index(nearest.code)])
        assert line.mine == pytest.approx(values[0])


def test_a_choice_among_some_is_the_whole_order_less_the_others(fictional_store):
    members = fictional_store.membership("epci")
    code = str(members.codes[0])
    rows = fictional_store.rows("epci", code)
    every = alike(fictional_store, "epci", rows, code=code, k=len(members))
    kept = {one.code for one in every[1::2]}
    among = np.array([members.index(name) for name in sorted({*kept, code})])
    found = alike(fictional_store, "epci", rows, code=code, k=len(members), among=among)
    assert found == every[1::2]


def test_among_none_at_all_nobody_is_alike(fictional_store):
    rows = fictional_store.rows("nation", "FR")
    assert alike(fictional_store, "epci", rows, among=np.empty(0, dtype=np.int64)) == []
