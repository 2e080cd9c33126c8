"""The map drawn by the server."""

import re
from xml.etree import ElementTree

import pytest

from maillage.web.atlas.scenarios import drawing
from maillage.web.atlas.scenarios.drawing import NO_SHADE, SHADES, bounds_of, draw, shade_by_unit
from maillage.web.atlas.scenarios.language import read_plan
from maillage.web.atlas.scenarios.outcome import outcome_of

SVG = "{http://www.w3.org/2000/svg}"


def drawn(store, *tokens):
    return draw(outcome_of(store, read_plan(store, tokens)))


def test_each_commune_touched_is_drawn_once_with_its_gain(line_store):
    found = drawn(line_store, "gp:20003:1")
    root = ElementTree.fromstring(found.svg)
    titles = [item.text for item in root.iter(f"{SVG}title")][1:]
    assert len(titles) == 3
    assert "Commune 20003 : +1,35 consultation par an et par habitant (estimé)" in titles


def test_the_legend_has_only_the_classes_that_are_drawn(line_store):
    found = drawn(line_store, "gp:20003:1", "gp:20102:-1")
    assert {shade.name for shade in found.shades} == {"gain-g4", "gain-l3"}


def test_every_unit_has_the_shade_of_its_gain(line_store):
    outcome = outcome_of(line_store, read_plan(line_store, ["gp:20003:1", "gp:20102:-1"]))
    shades = shade_by_unit(outcome)
    for rank, gain in zip(shades.tolist(), outcome.scenario.gain.tolist(), strict=True):
        if rank == NO_SHADE:
            assert gain == 0
        else:
            assert SHADES[rank].low <= gain < SHADES[rank].high


def test_the_bounds_hold_what_is_touched(line_store):
    outcome = outcome_of(line_store, read_plan(line_store, ["gp:20003:1"]))
    west, south, east, north = bounds_of(outcome)
    assert west < -5.95
    assert east > -5.85
    assert south < 46.0 < 46.04 < north


def test_a_drawing_has_a_title_and_no_style(line_store):
    svg = drawn(line_store, "gp:20003:1").svg
    assert "style=" not in svg
    assert re.search(r"<title>Carte du changement estimé par commune</title><desc>.+</desc>", svg)


def test_shapes_keep_their_proportions(line_store):
    """A square of degrees at 46° N is 0.69 as wide as it is tall."""
    root = ElementTree.fromstring(drawn(line_store, "gp:20003:1").svg)
    path = next(
        item.get("d") for group in root.iter(f"{SVG}g") for item in group.iter(f"{SVG}path")
    )
    numbers = [int(text) for text in re.findall(r"-?\d+", path)]
    x, y = numbers[::2], numbers[1::2]
    assert (max(x) - min(x)) / (max(y) - min(y)) == pytest.approx(0.694, rel=0.02)


def test_nothing_touched_draws_nothing(line_store):
    assert drawn(line_store) is None


def test_without_contours_there_is_no_drawing(line_store, monkeypatch):
    from maillage.core.errors import NotEnoughDataError
    from maillage.studies.store import Store

    def none(store):
        raise NotEnoughDataError("no contours")

    monkeypatch.setattr(Store, "contours", property(none))
    assert drawn(line_store, "gp:20003:1") is None


def test_a_wide_drawing_has_departments_as_its_backdrop(line_store, monkeypatch):
    near = drawn(line_store, "gp:20003:1").svg
    monkeypatch.setattr(drawing, "_MOST_AROUND", 0)
    wide = drawn(line_store, "gp:20003:1").svg
    backdrop = re.compile(r'class="gain-none"[^>]* d="([^"]*)"')
    # The three squares in sight that are not touched; then the department, drawn as a whole.
    assert backdrop.search(near)[1].count("M") == 3
    assert backdrop.search(wide)[1] != backdrop.search(near)[1]
    assert wide.count("<title>") == near.count("<title>")
