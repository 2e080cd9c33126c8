"""Roads of OpenStreetMap: a hand-written extract, its traps, and Monaco."""

import math

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.osm_roads import directions, is_closed, read_osm_roads, speed_limit

NODES = {1: (7.0, 43.0), 2: (7.0, 43.01), 3: (7.0, 43.02), 4: (7.01, 43.01), 5: (7.02, 43.01)}
WAYS = [
    ([1, 2, 3], {"highway": "primary", "maxspeed": "80"}),
    ([4, 2], {"highway": "residential", "oneway": "yes"}),
    ([4, 5], {"highway": "residential", "oneway": "-1"}),
    ([5, 3], {"highway": "service", "access": "private"}),
    ([5, 1], {"highway": "footway"}),
    ([3, 99], {"highway": "tertiary"}),
]


def extract(tmp_path, ways):
    nodes = "".join(f'<node id="{k}" lon="{x}" lat="{y}"/>' for k, (x, y) in NODES.items())
    body = "".join(
        f'<way id="{100 + rank}">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        + "</way>"
        for rank, (refs, tags) in enumerate(ways)
    )
    path = tmp_path / "small.osm"
    path.write_text(f'<osm version="0.6">{nodes}{body}</osm>', encoding="utf-8")
    return path


def test_a_small_extract_is_read_as_drawn(tmp_path):
    roads = read_osm_roads(extract(tmp_path, WAYS))
    where = [(round(x, 3), round(y, 3)) for x, y in zip(roads.lon, roads.lat, strict=True)]
    names = {node: rank for rank, node in enumerate(where)}
    stretches = {
        (where[tail], where[head])
        for tail, head in zip(roads.tail.tolist(), roads.head.tolist(), strict=True)
    }
    assert stretches == {
        (NODES[1], NODES[2]),
        (NODES[2], NODES[1]),
        (NODES[2], NODES[3]),
        (NODES[3], NODES[2]),
        (NODES[4], NODES[2]),
        (NODES[5], NODES[4]),
    }
    assert len(names) == 5
    assert roads.length_km[0] == pytest.approx(1.112, abs=0.001)
    assert sorted(set(roads.kind_names())) == ["primary", "residential"]
    assert np.nansum(roads.limit_kmh) == 4 * 80
    assert roads.notes == (
        "1 roads closed to cars were left out.",
        "1 stretches that leave the extract were left out.",
    )


def test_bends_are_not_nodes_and_their_length_counts(tmp_path):
    roads = read_osm_roads(extract(tmp_path, [([1, 4, 3], {"highway": "road"})]))
    assert roads.lon.size == 2
    assert roads.length_km.size == 2
    assert roads.length_km[0] > 2 * 1.112


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        ((None, None, None), False),
        (("private", None, None), True),
        (("no", "yes", None), False),
        ((None, "no", "yes"), False),
        (("yes", None, "no"), True),
        (("destination", None, None), False),
    ],
)
def test_the_most_precise_access_tag_wins(tags, closed):
    assert is_closed(*tags) is closed


@pytest.mark.parametrize(
    ("tags", "ways"),
    [
        ((None, "primary", None), (True, True)),
        (("yes", "primary", None), (True, False)),
        (("-1", "primary", None), (False, True)),
        ((None, "motorway", None), (True, False)),
        (("no", "motorway", None), (True, True)),
        ((None, "tertiary", "roundabout"), (True, False)),
    ],
)
def test_one_way_roads_are_one_way(tags, ways):
    assert directions(*tags) == ways


@pytest.mark.parametrize(
    ("text", "kmh"),
    [("50", 50), ("FR:urban", 50), ("30 mph", 48.28032), ("none", math.nan), (None, math.nan)],
)
def test_limits_are_figures_or_nothing(text, kmh):
    assert speed_limit(text) == pytest.approx(kmh, nan_ok=True)


def test_a_missing_file_a_broken_one_and_one_without_roads_are_told_apart(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_osm_roads(tmp_path / "none.osm.pbf")
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"<html>not a map</html>")
    with pytest.raises(InputError, match="cannot be read"):
        read_osm_roads(broken)
    with pytest.raises(InputError, match="no road open to cars"):
        read_osm_roads(extract(tmp_path, WAYS[4:5]))


@pytest.mark.data
def test_monaco_is_read_and_can_be_crossed_in_minutes(data_dir):
    from maillage.engines.accessibility.roads import RoadGraph, snap, trips_by_road
    from maillage.engines.accessibility.speed_profile import CAR_OFF_PEAK

    roads = read_osm_roads(data_dir / "travel" / "monaco-latest.osm.pbf")
    minutes = CAR_OFF_PEAK.minutes(
        length_km=roads.length_km, kind=roads.kind_names(), limit_kmh=roads.limit_kmh
    )
    graph = RoadGraph.from_stretches(
        lon=roads.lon, lat=roads.lat, tail=roads.tail, head=roads.head, minutes=minutes
    )
    joined = graph.largest_part()
    assert joined.mean() > 0.8
    # Fontvieille, Larvotto, and a point at sea that is too far from any road.
    places = snap(
        graph,
        lon=np.array([7.4165, 7.4330, 7.6]),
        lat=np.array([43.7290, 43.7480, 43.6]),
        farthest_km=0.5,
        allowed=joined,
    )
    assert places.off_road.tolist() == [2]
    trips = trips_by_road(graph, places=places, sites=places, limit_min=30)
    assert np.diff(trips.indptr).tolist() == [2, 2, 0]
    assert 3 < trips.travel_time_min[1] < 20  # 2.5 km apart, across a town
