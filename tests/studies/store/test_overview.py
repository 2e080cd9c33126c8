import gzip
import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError
from maillage.studies.store.overview import GRID, map_order, pack_overview, unpack_overview

squares = st.tuples(
    st.floats(-60, 60), st.floats(-60, 60), st.floats(0.001, 3.0), st.floats(0.001, 3.0)
).map(lambda box: shapely.box(box[0], box[1], box[0] + box[2], box[1] + box[3]))


@given(st.lists(squares, min_size=1, max_size=8))
def test_every_corner_comes_back_within_one_cell(boxes):
    rings = unpack_overview(pack_overview(np.array(boxes, dtype=object)))
    assert len(rings) == len(boxes)
    for box, ring in zip(boxes, rings, strict=True):
        west, south, east, _north = box.bounds
        assert min(x for x, _ in ring) == pytest.approx((west + 180) / 360 * GRID, abs=1.0)
        assert max(x for x, _ in ring) == pytest.approx((east + 180) / 360 * GRID, abs=1.5)
        assert len(ring) >= 3
        sine = np.sin(np.radians(south))
        down = (0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)) * GRID
        assert max(y for _, y in ring) == pytest.approx(down, abs=1.5)


def test_the_largest_part_of_a_scattered_commune_is_kept():
    scattered = shapely.union(shapely.box(0, 45, 1, 46), shapely.box(5, 45, 5.1, 45.1))
    (ring,) = unpack_overview(pack_overview(np.array([scattered], dtype=object)))
    assert max(x for x, _ in ring) < (181.5 / 360) * GRID


def test_a_commune_without_contour_takes_no_room_on_the_map():
    rings = unpack_overview(pack_overview(np.array([None, shapely.Polygon()], dtype=object)))
    assert rings == [[(0, 0)], [(0, 0)]]


def test_a_long_step_is_escaped_and_comes_back():
    wide = np.array([shapely.box(-170, -60, 170, 60)], dtype=object)
    (ring,) = unpack_overview(pack_overview(wide))
    assert max(x for x, _ in ring) - min(x for x, _ in ring) == pytest.approx(
        340 / 360 * GRID, abs=1
    )


def test_neighbours_in_map_order_are_neighbours_on_the_ground():
    random = np.random.default_rng(5)
    lon, lat = random.uniform(-4, 8, 4000), random.uniform(42, 51, 4000)
    order = map_order(lon, lat)
    assert sorted(order.tolist()) == list(range(4000))
    step = np.hypot(np.diff(lon[order]), np.diff(lat[order]))
    assert np.median(step) < np.median(np.hypot(np.diff(lon), np.diff(lat))) / 3


def test_something_else_is_refused_with_advice():
    with pytest.raises(InputError, match="build it again"):
        unpack_overview(b"nope" + bytes(16))


@pytest.mark.data
def test_france_fits_in_125_kilobytes(data_dir):
    text = gzip.decompress((data_dir / "geometry/communes-1000m-2022.geojson.gz").read_bytes())
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in json.loads(text)["features"]])
    centres = shapely.get_coordinates(shapely.centroid(shapes[~shapely.is_empty(shapes)]))
    shapes = shapes[~shapely.is_empty(shapes)]
    packed = pack_overview(shapes[map_order(centres[:, 0], centres[:, 1])])
    assert len(unpack_overview(packed)) == len(shapes)
    assert len(gzip.compress(packed, 9)) < 125_000
