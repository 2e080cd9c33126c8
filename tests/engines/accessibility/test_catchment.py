"""Catchments: what they refuse, and that the prepared one says the same."""

import numpy as np
import pytest
from hypothesis import given

from maillage.core.errors import InputError
from maillage.engines.accessibility.catchment import (
    Catchment,
    PreparedCatchment,
    prepare,
    transpose,
)
from maillage.engines.accessibility.decay import DREES_2022_2023
from tests.engines.accessibility.catchments import catchments, valley


def pairs_with(**changes):
    given_pairs = {
        "demand": [10.0, 20.0],
        "supply": [1.0],
        "origin": np.array([0, 1]),
        "destination": np.array([0, 0]),
        "travel_time_min": np.array([1.0, 2.0]),
    }
    return Catchment.from_pairs(**(given_pairs | changes))


def test_trips_in_any_order_make_the_same_catchment():
    turned = pairs_with(origin=np.array([1, 0]), travel_time_min=np.array([2.0, 1.0]))
    assert turned.indptr.tolist() == [0, 1, 2]
    assert turned.travel_time_min.tolist() == [1.0, 2.0]


def test_a_matrix_is_a_table_with_every_trip():
    full = Catchment.from_matrix(
        demand=[1.0, 1.0], supply=[1.0, 1.0], travel_time_min=np.array([[0.0, 5.0], [7.0, np.inf]])
    )
    assert full.travel_time_min.tolist() == [0, 5, 7, np.inf]
    assert full.destination.tolist() == [0, 1, 0, 1]


def test_whole_minutes_are_taken_as_numbers():
    assert pairs_with(travel_time_min=np.array([1, 2])).travel_time_min.dtype == np.float64


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"demand": [10.0, -1.0]}, "demand holds -1.0 at position 1"),
        ({"demand": [[10.0]]}, "demand has shape"),
        ({"supply": [np.nan]}, "supply holds nan"),
        ({"supply": [np.inf]}, "supply holds inf"),
        ({"origin": np.array([0, 2])}, "origin runs from 0 to 2, expected 0 to 1"),
        ({"origin": np.array([0])}, "origin has shape"),
        ({"destination": np.array([0, -1])}, "destination runs from -1"),
        ({"destination": np.array([0.0, 0.0])}, "whole numbers"),
        ({"travel_time_min": np.array([1.0, np.nan])}, "holds nan at position 1"),
        ({"travel_time_min": np.array([-1.0, 1.0])}, "holds -1.0 at position 0"),
        ({"travel_time_min": np.array([1.0])}, "travel_time_min has shape"),
    ],
)
def test_a_catchment_says_what_is_wrong_with_it(changes, message):
    with pytest.raises(InputError, match=message):
        pairs_with(**changes)


def test_row_starts_must_cut_the_trips():
    with pytest.raises(InputError, match="rising sequence"):
        Catchment(
            demand=np.ones(2),
            supply=np.ones(1),
            indptr=np.array([0, 2, 1]),
            destination=np.zeros(1, dtype=np.int32),
            travel_time_min=np.ones(1),
        )


def test_preparing_drops_what_weighs_nothing_and_keeps_both_directions():
    prepared = prepare(valley(), DREES_2022_2023)
    assert prepared.indptr.tolist() == [0, 1, 3, 3]
    assert prepared.weight == pytest.approx([1, 2 / 3, 1 / 3])
    places, weights, minutes = prepared.served_by(0)
    assert places.tolist() == [0, 1]
    assert weights == pytest.approx([1, 2 / 3])
    assert minutes.tolist() == [5, 12]
    assert prepared.without_site().tolist() == [False, False, True]
    assert prepared.reach_min == 20
    assert (prepared.n_places, prepared.n_sites) == (3, 2)


@given(catchments())
def test_a_prepared_catchment_holds_the_same_matrix_twice(catchment):
    prepared = prepare(catchment, DREES_2022_2023)
    assert np.array_equal(prepared.by_place.toarray(), prepared.by_site.toarray().T)


@given(catchments())
def test_turning_the_table_in_plain_python_gives_the_same(catchment):
    table = (catchment.indptr, catchment.destination, catchment.supply.size)
    for compiled, plain in zip(transpose(*table), transpose.py_func(*table), strict=True):
        assert np.array_equal(compiled, plain)


def test_a_stored_catchment_of_the_wrong_shape_is_refused():
    prepared = prepare(valley(), DREES_2022_2023)
    with pytest.raises(InputError, match="site_weight has shape"):
        PreparedCatchment(
            indptr=prepared.indptr,
            destination=prepared.destination,
            weight=prepared.weight,
            site_indptr=prepared.site_indptr,
            origin=prepared.origin,
            site_weight=prepared.site_weight[:1],
            site_time_min=prepared.site_time_min,
            reach_min=20,
        )


def test_a_prepared_catchment_only_reads_its_arrays():
    prepared = prepare(valley(), DREES_2022_2023)
    for array in (prepared.weight, prepared.destination, prepared.site_weight, prepared.origin):
        array.flags.writeable = False
    again = PreparedCatchment(
        indptr=prepared.indptr,
        destination=prepared.destination,
        weight=prepared.weight,
        site_indptr=prepared.site_indptr,
        origin=prepared.origin,
        site_weight=prepared.site_weight,
        site_time_min=prepared.site_time_min,
        reach_min=20,
    )
    assert again.demand_reaching(np.ones(3)) == pytest.approx([5 / 3, 1 / 3])
