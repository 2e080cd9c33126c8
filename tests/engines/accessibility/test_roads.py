"""Minutes by road, against Bellman and Ford's plain loops."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.engines.accessibility.roads import RoadGraph, Snapped, snap, trips_by_road
from maillage.engines.accessibility.speed_profile import CAR_OFF_PEAK, SpeedProfile
from tests.engines.accessibility.reference import shortest_minutes


def graph_of(n_nodes, stretches):
    tail, head, minutes = (np.array(column) for column in zip(*stretches, strict=True))
    return RoadGraph.from_stretches(
        lon=np.linspace(0, 0.01 * n_nodes, n_nodes),
        lat=np.full(n_nodes, 45.0),
        tail=tail,
        head=head,
        minutes=minutes.astype(float),
    )


def on_nodes(*nodes):
    return Snapped(np.array(nodes, dtype=np.int32), np.zeros(len(nodes)))


# A road ring of four nodes, one street one-way.
RING = graph_of(4, [(0, 1, 5), (1, 2, 5), (2, 1, 5), (2, 3, 5), (3, 0, 5), (0, 3, 50)])


def test_the_ring_is_worked_out_by_hand():
    trips = trips_by_road(RING, places=on_nodes(0, 2), sites=on_nodes(1, 3, 0), limit_min=15)
    assert trips.indptr.tolist() == [0, 3, 6]
    assert trips.destination.tolist() == [0, 1, 2, 0, 1, 2]
    assert trips.travel_time_min.tolist() == [5, 15, 0, 5, 5, 10]


def test_a_trip_longer_than_the_limit_is_not_there():
    trips = trips_by_road(RING, places=on_nodes(0), sites=on_nodes(3), limit_min=14.9)
    assert trips.indptr.tolist() == [0, 0]


def test_places_and_sites_off_the_road_have_no_trip():
    trips = trips_by_road(RING, places=on_nodes(-1, 0), sites=on_nodes(-1, 0), limit_min=30)
    assert trips.indptr.tolist() == [0, 0, 1]
    assert trips.destination.tolist() == [1]


def test_two_sites_may_share_a_node():
    trips = trips_by_road(RING, places=on_nodes(0), sites=on_nodes(1, 1), limit_min=30)
    assert trips.destination.tolist() == [0, 1]


STRETCHES = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 40)), min_size=1, max_size=60
)


@given(STRETCHES, st.integers(0, 60))
def test_times_are_those_of_the_plain_search(stretches, limit):
    graph = graph_of(12, stretches)
    everywhere = on_nodes(*range(12))
    trips = trips_by_road(graph, places=everywhere, sites=everywhere, limit_min=limit)
    for origin in range(12):
        rows = slice(trips.indptr[origin], trips.indptr[origin + 1])
        found = dict(
            zip(trips.destination[rows].tolist(), trips.travel_time_min[rows].tolist(), strict=True)
        )
        plain = shortest_minutes(12, stretches, origin)
        assert found == {node: time for node, time in enumerate(plain) if time <= limit}


def test_a_crowded_node_makes_the_queue_longer_and_changes_nothing():
    star = [(0, node, 1.0) for node in range(1, 6000)]
    graph = graph_of(6000, star)
    trips = trips_by_road(
        graph, places=on_nodes(0, 1, 0), sites=on_nodes(*range(6000)), limit_min=2
    )
    assert np.diff(trips.indptr).tolist() == [6000, 1, 6000]
    assert trips.travel_time_min[1:6000].tolist() == [1.0] * 5999


def test_closed_stretches_are_left_out():
    graph = graph_of(2, [(0, 1, math.inf), (1, 0, 1.0)])
    assert graph.head.tolist() == [0]
    assert graph.n_nodes == 2


def test_the_largest_part_leaves_dead_islands_out():
    graph = graph_of(5, [(0, 1, 1), (1, 2, 1), (2, 0, 1), (3, 4, 1), (0, 3, 1)])
    assert graph.largest_part().tolist() == [True, True, True, False, False]


def test_places_snap_to_the_nearest_allowed_node_and_the_distance_is_told():
    graph = graph_of(3, [(0, 1, 1), (1, 0, 1), (1, 2, 1)])
    lon, lat = graph.lon[[2, 0]] + [0.0, -1.0], np.array([45.0, 45.0])
    snapped = snap(graph, lon=lon, lat=lat, farthest_km=5)
    assert snapped.node.tolist() == [2, -1]
    assert snapped.distance_km[0] == pytest.approx(0, abs=1e-6)
    assert snapped.distance_km[1] == math.inf
    assert snapped.off_road.tolist() == [1]
    allowed = snap(graph, lon=lon, lat=lat, farthest_km=5, allowed=graph.largest_part())
    assert allowed.node.tolist() == [1, -1]


def test_a_graph_without_allowed_node_is_refused():
    with pytest.raises(InputError, match="no allowed node"):
        snap(RING, lon=np.zeros(1), lat=np.zeros(1), farthest_km=1, allowed=np.zeros(4, dtype=bool))


@pytest.mark.parametrize("limit", [-1.0, math.inf])
def test_the_limit_is_a_number_of_minutes(limit):
    with pytest.raises(InputError, match="limit_min"):
        trips_by_road(RING, places=on_nodes(0), sites=on_nodes(0), limit_min=limit)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lat": np.zeros(2)}, "lat has shape"),
        ({"minutes": np.array([-1.0], dtype=np.float32)}, "minutes holds -1"),
        ({"head": np.array([9], dtype=np.int32)}, "head runs"),
    ],
)
def test_graphs_that_make_no_sense_are_refused(changes, message):
    parts = {
        "indptr": np.array([0, 1]),
        "head": np.array([0], dtype=np.int32),
        "minutes": np.array([1.0], dtype=np.float32),
        "lon": np.zeros(1),
        "lat": np.zeros(1),
    }
    with pytest.raises(InputError, match=message):
        RoadGraph(**(parts | changes))


def test_speeds_follow_the_kind_of_road_and_the_signs():
    minutes = CAR_OFF_PEAK.minutes(
        length_km=np.array([115.0, 1.0, 1.0, 1.0]),
        kind=["motorway", "residential", "primary", "footway"],
        limit_kmh=np.array([np.nan, 2.0, 50.0, 50.0]),
    )
    assert minutes == pytest.approx([60, 12, 60 / 42.5, math.inf])


@pytest.mark.parametrize(
    ("speeds", "share", "slowest"),
    [({}, 1, 5), ({"road": 30}, 1.5, 5), ({"road": 30}, 1, 0), ({"road": 4}, 1, 5)],
)
def test_profiles_that_make_no_sense_are_refused(speeds, share, slowest):
    with pytest.raises(InputError, match="Profile test"):
        SpeedProfile("test", 1, speeds, share, slowest, "test")


@pytest.mark.slow
def test_five_thousand_communes_within_thirty_minutes_take_under_fifteen_cpu_seconds():
    bench = Path(__file__).parents[3] / "bench" / "accessibility.py"
    done = subprocess.run(
        [sys.executable, str(bench), "roads"], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["unit"] == "CPU s"
    assert told["figure"] < 15
