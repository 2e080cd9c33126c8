"""What the browser receives says what the store holds, in map order."""

import json
import struct
from dataclasses import replace

import numpy as np
import pytest

from maillage.core.errors import NotEnoughDataError
from maillage.studies.classes import classes_of
from maillage.studies.figures import unit_values
from maillage.studies.indicators import indicator
from maillage.web.atlas.map.values import (
    NO_CLASS,
    _packed,
    class_by_unit,
    commune_names,
    packed_classes,
    packed_exact,
    shown_indicators,
)


def unpacked(data):
    magic, width, digits, lowest, count = struct.unpack_from("<4sBBxxiI", data)
    assert magic == b"MLV1"
    steps = np.frombuffer(data, dtype=f"<u{width}", offset=16).astype(np.int64)
    assert steps.size == count
    missing = steps == 256**width - 1
    return np.where(missing, np.nan, (steps + lowest) / 10**digits), width


@pytest.mark.parametrize("name", ["apl_gp", "apl_gp_change", "population", "share_65_plus"])
def test_exact_figures_come_back_as_they_are_written(fictional_store, name):
    item = indicator(name)
    found, _ = unpacked(packed_exact(fictional_store, item))
    expected = unit_values(fictional_store, item)[fictional_store.map_order]
    assert (np.isnan(found) == np.isnan(expected)).all()
    half_a_step = 0.5 / 10**item.stored_decimals + 1e-9
    assert np.nanmax(np.abs(found - expected)) <= half_a_step


def test_a_wide_range_takes_four_bytes_and_a_narrow_one_two():
    assert unpacked(_packed(np.array([0.0, 65_534.0]), 0))[1] == 2
    found, width = unpacked(_packed(np.array([-3.0, 65_534.0, np.nan]), 0))
    assert width == 4
    np.testing.assert_array_equal(found, [-3.0, 65_534.0, np.nan])


def test_figures_that_nobody_knows_are_all_missing():
    found, _ = unpacked(_packed(np.full(3, np.nan), 1))
    assert np.isnan(found).all()


def test_classes_are_those_of_the_figures_in_map_order(fictional_store):
    item = indicator("apl_gp")
    found = np.frombuffer(packed_classes(fictional_store, item), dtype=np.uint8)
    figures = unit_values(fictional_store, item)[fictional_store.map_order]
    expected = classes_of(fictional_store, item).index(figures)
    np.testing.assert_array_equal(np.where(found == NO_CLASS, -1, found.astype(int)), expected)


def test_a_zoning_has_its_classes_in_the_order_of_its_file(tiny_store):
    # ZAC, ZIP, ZIP, ZAC, none, HZ, HZ, ZIP; the file says ZIP, ZAC, ZAR, HZ
    np.testing.assert_array_equal(
        class_by_unit(tiny_store, indicator("zonage_gp")), [1, 0, 0, 1, -1, 3, 3, 0]
    )


def test_a_zoning_has_no_exact_figure(fictional_store):
    with pytest.raises(NotEnoughDataError, match="zoning"):
        packed_exact(fictional_store, indicator("zonage_gp"))


def test_only_indicators_with_a_figure_are_offered(tiny_store):
    found = {item.id for item in shown_indicators(tiny_store)}
    assert {"apl_gp", "population", "zonage_gp"} <= found
    assert "time_pharmacy_min" not in found
    assert "zrr" not in found


def test_an_indicator_true_by_department_alone_is_never_shown_by_commune(tiny_store, monkeypatch):
    coarse = replace(indicator("apl_gp"), true_at="department")
    monkeypatch.setattr("maillage.web.atlas.map.values.all_told", lambda store: [coarse])
    assert shown_indicators(replace(tiny_store, _made={})) == []


def test_an_indicator_newer_than_the_store_is_left_out(tiny_store):
    store = replace(tiny_store, _numbers={}, _made={})
    assert [item.id for item in shown_indicators(store)] == ["zonage_gp"]


def test_names_are_in_map_order(fictional_store):
    raw = json.loads(commune_names(fictional_store))
    order = fictional_store.map_order
    assert raw["codes"].split("\n") == fictional_store.units["code"][order].tolist()
    assert raw["names"].split("\n") == fictional_store.units["name"][order].tolist()
    assert set(raw["departments"]) == set(fictional_store.units["department_code"])
