"""Small maps as SVG: well-formed, in the colours of the classes, nothing outside of the frame."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from maillage.core.errors import NotEnoughDataError
from maillage.studies.classes import classes_of
from maillage.studies.indicators import indicator
from maillage.web.atlas.profiles.maps import (
    RAMP,
    access_map,
    department_outlines,
    has_contours,
    locator_map,
    ramp_of,
)
from maillage.web.atlas.profiles.subject import Subject, official_subject

SVG = "{http://www.w3.org/2000/svg}"


def test_a_map_is_well_formed_and_says_what_it_is(one_of):
    image = access_map(one_of("department"))
    root = ElementTree.fromstring(image.svg)
    assert root.find(f"{SVG}title").text == image.alt
    assert "2023" in image.alt
    assert "<style" not in image.svg


def test_each_class_there_is_has_its_colour(one_of):
    subject = one_of("department")
    store = subject.store
    classes = classes_of(store, indicator("apl_gp"))
    found = classes.index(store.indicator("apl_gp")[subject.rows])
    fills = set(re.findall(r'<path[^>]* fill="(#\w+)"', access_map(subject).svg))
    assert {RAMP[one] for one in np.unique(found[found >= 0])} <= fills


def test_drawn_maps_have_the_colours_of_the_interactive_one():
    sheet = (Path(__file__).parents[4] / "front/scss/map.scss").read_text(encoding="utf-8")
    colours = re.search(r"\$sequential: \((.*?)\);", sheet)[1].split(", ")
    picked = re.search(r"\$picks: \(.*?6: \((.*?)\)", sheet, re.DOTALL)[1].split(", ")
    assert tuple(colours[int(rank) - 1] for rank in picked) == RAMP


def test_fewer_classes_keep_both_ends_of_the_ramp():
    assert ramp_of(6) == RAMP
    assert ramp_of(3)[0] == RAMP[0]
    assert ramp_of(3)[-1] == RAMP[-1]


def test_a_commune_is_outlined_among_others(one_of):
    image = access_map(one_of("commune"))
    assert 'stroke="#a8471f" stroke-width="30"' in image.svg


def test_the_locator_shows_every_department_and_the_place(one_of):
    subject = one_of("epci")
    outlines, codes = department_outlines(subject.store)
    assert codes.tolist() == ["20"]
    assert ElementTree.fromstring(locator_map(subject).svg) is not None
    assert outlines[0].area == pytest.approx(
        sum(shape.area for shape in subject.store.contours), rel=1e-6
    )


def test_without_contours_there_is_no_map(tiny_store):
    subject = official_subject(tiny_store, "department", "20")
    assert not has_contours(subject)
    with pytest.raises(NotEnoughDataError):
        access_map(subject)
    with pytest.raises(NotEnoughDataError):
        locator_map(subject)


def test_a_name_cannot_break_the_drawing(one_of):
    real = one_of("epci")
    subject = Subject(real.store, "custom", "abc", '"/><script>&', "abc", real.rows)
    for draw in (access_map, locator_map):
        root = ElementTree.fromstring(draw(subject).svg)
        assert not [node for node in root.iter() if node.tag.endswith("script")]


@pytest.mark.data
@pytest.mark.parametrize("code", ["971", "976", "2A"])
def test_a_department_far_from_the_others_has_a_map_of_its_own(national_store, code):
    subject = official_subject(national_store, "department", code)
    paths = re.findall(r' d="M(-?\d+) (-?\d+)', access_map(subject).svg)
    assert paths
    assert all(-6400 < int(x) < 12800 and -4800 < int(y) < 9600 for x, y in paths)


@pytest.mark.data
def test_the_nation_is_drawn_by_departments_overseas_included(national_store):
    image = access_map(official_subject(national_store, "nation", "FR"))
    for name in ("Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte"):
        assert name in image.svg
    assert image.note.startswith("Chaque département")
