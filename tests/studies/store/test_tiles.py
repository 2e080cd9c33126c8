"""Vector tiles, read back by a plain decoder written from the specification."""

import gzip

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.reader import MmapSource, Reader, all_tiles

from maillage.studies.store.mvt import Layer, encode_tile, web_mercator


def fields(data):
    """Yield (field number, value) of a protobuf message: bytes for lengths, int for varints."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        yield key >> 3, value


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def numbers(data):
    at, found = 0, []
    while at < len(data):
        value, at = varint(data, at)
        found.append(value)
    return found


def rings(commands):
    """Return the rings of a polygon feature as lists of points."""
    found, at, x, y = [], 0, 0, 0
    while at < len(commands):
        kind, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if kind == 7:
            continue
        if kind == 1:
            found.append([])
        for _ in range(count):
            x += commands[at] >> 1 ^ -(commands[at] & 1)
            y += commands[at + 1] >> 1 ^ -(commands[at + 1] & 1)
            at += 2
            found[-1].append((x, y))
    return found


def decode(tile):
    """Return layer name → list of (id, tags, rings), with the extent."""
    layers = {}
    for number, body in fields(tile):
        assert number == 3
        parts = list(fields(body))
        name = next(value for key, value in parts if key == 1).decode()
        keys = [value.decode() for key, value in parts if key == 3]
        values = [next(fields(value))[1].decode() for key, value in parts if key == 4]
        features = []
        for key, value in parts:
            if key != 2:
                continue
            one = dict(fields(value))
            tags = numbers(one.get(2, b""))
            named = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
            features.append((one[1], named, rings(numbers(one[4]))))
        layers[name] = features
    return layers


boxes = st.tuples(
    st.integers(-60, 4000), st.integers(-60, 4000), st.integers(1, 300), st.integers(1, 300)
).map(lambda b: shapely.box(b[0], b[1], b[0] + b[2], b[1] + b[3]))


@given(st.lists(boxes, min_size=1, max_size=6))
def test_polygons_come_back_vertex_by_vertex(shapes):
    ids = np.arange(len(shapes)) + 7
    names = [f"2{rank:04d}" for rank in range(len(shapes))]
    layer = Layer("communes", np.array(shapes, dtype=object), ids, {"code": names}, 4096)
    decoded = decode(encode_tile([layer]))["communes"]
    assert [one[0] for one in decoded] == ids.tolist()
    for shape, name, (_, tags, found) in zip(shapes, names, decoded, strict=True):
        assert tags == {"code": name}
        assert shapely.equals(shapely.normalize(shapely.Polygon(found[0])), shape)
        assert shapely.is_ccw(shapely.LinearRing(found[0]))


def test_holes_turn_the_other_way_and_islands_stay_apart():
    shape = shapely.MultiPolygon(
        [
            shapely.Polygon(
                [(0, 0), (100, 0), (100, 100), (0, 100)], [[(10, 10), (20, 10), (20, 20)]]
            ),
            shapely.box(200, 200, 210, 210),
        ]
    )
    layer = Layer("communes", np.array([shape], dtype=object), np.array([1]), {}, 4096)
    found = decode(encode_tile([layer]))["communes"][0][2]
    turns = [shapely.is_ccw(shapely.LinearRing(ring)) for ring in found]
    assert turns == [True, False, True]


def test_a_commune_too_small_for_the_grid_is_still_there():
    tiny = shapely.box(10.1, 10.1, 10.2, 10.2)
    shapes = np.array([shapely.box(0, 0, 5, 5), tiny, shapely.box(20, 20, 25, 25)], dtype=object)
    layer = Layer("communes", shapes, np.array([1, 2, 3]), {}, 4096)
    decoded = decode(encode_tile([layer]))["communes"]
    assert [one[0] for one in decoded] == [1, 2, 3]
    assert len(decoded[1][2][0]) == 3


def test_a_layer_without_features_is_left_out():
    empty = Layer("communes", np.empty(0, dtype=object), np.empty(0, dtype=np.int64), {}, 4096)
    assert encode_tile([empty]) == b""


def test_the_archive_shows_every_commune_under_its_rank_on_the_map(fictional_store):
    with fictional_store.tiles_path.open("rb") as file:
        source = MmapSource(file)
        header = Reader(source).header()
        found = {}
        for (zoom, _, _), data in all_tiles(source):
            layers = decode(gzip.decompress(data))
            if zoom == 8:
                for feature_id, tags, _ in layers["communes"]:
                    found[feature_id] = tags["code"]
            if zoom < 6:
                assert "communes" not in layers
                assert "departments" in layers
    codes = fictional_store.units["code"][fictional_store.map_order]
    assert found == {rank + 1: code for rank, code in enumerate(codes.tolist())}
    assert header["max_zoom"] == 8


def test_web_mercator_puts_greenwich_and_the_equator_in_the_middle():
    assert web_mercator(np.array([[0.0, 0.0]]))[0] == pytest.approx([0.5, 0.5])
    assert web_mercator(np.array([[-180.0, 85.0511287798]]))[0] == pytest.approx([0, 0], abs=1e-4)
