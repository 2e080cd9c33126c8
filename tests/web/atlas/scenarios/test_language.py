"""A scenario as an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.studies.scenarios import MOST_MOVES, MOVE_KINDS
from maillage.web.atlas.scenarios.gestures import GESTURES
from maillage.web.atlas.scenarios.language import (
    MoveRefused,
    address,
    plain_number,
    planned_move,
    read_move,
    read_plan,
)


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("gp:20001:2", "2 généralistes de plus à Commune 20001"),
        ("gp:20001:-1", "1 généraliste de moins à Commune 20001"),
        ("gp:20100:1.5", "1,5 généraliste de plus à Grandville"),
        ("house:20001:3", "Maison de santé à Commune 20001 : 3 généralistes de plus"),
        ("centre:20001:2", "Centre de santé à Commune 20001 : 2 généralistes salariés"),
        ("bus:20001:1", "Bus à Commune 20001, 1 jour par semaine"),
        (
            "cabin:20001:1200::0.4",
            "Cabine à Commune 20001 : 1\u202f200 téléconsultations par an, comptées à 40 %",
        ),
        (
            "retire:20001:0.5",
            "Médecins de plus de 65 ans non remplacés à Commune 20001 : 50 %",
        ),
    ],
)
def test_every_kind_of_move_is_read_written_back_and_said(line_store, token, sentence):
    move = read_move(line_store, token)
    assert move.token == token
    assert move.sentence == sentence


def test_every_kind_that_the_study_knows_has_a_gesture():
    assert {gesture.kind for gesture in GESTURES} == set(MOVE_KINDS)


def test_figures_equal_to_the_defaults_are_left_out_of_the_address(line_store):
    assert read_move(line_store, "gp:20001:2:5400").token == "gp:20001:2"
    assert read_move(line_store, "gp:20001:2:4500").token == "gp:20001:2:4500"
    assert read_move(line_store, "cabin:20001:1000::0.5").token == "cabin:20001:1000"


def test_every_default_is_within_its_own_bounds(line_store):
    for gesture in GESTURES:
        planned_move(line_store, gesture, "20001", count=gesture.count.default)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "n’est pas un geste"),
        ("gp", "n’est pas un geste"),
        ("gp:20001", "n’est pas un geste"),
        ("gp:20001:1:2:3:4", "n’est pas un geste"),
        ("x" * 5000, "n’est pas un geste"),
        ("tram:20001:1", "n’est pas un type de geste"),
        ("gp:99999:1", "n’est le code d’aucune commune"),
        ("gp:<b>:1", "n’est le code d’aucune commune"),
        ("gp:20001:0", "attendu de 0,1 à 50"),
        ("gp:20001:51", "attendu de 0,1 à 50"),
        ("gp:20001:-9999999", "attendu de 0,1 à 50"),
        ("gp:20001:1e9", "n’est pas un nombre"),
        ("gp:20001:nan", "n’est pas un nombre"),
        ("gp:20001:inf", "n’est pas un nombre"),
        ("gp:20001:99999999999999999999", "n’est pas un nombre"),
        ("gp:20001:١", "n’est pas un nombre"),
        ("gp:20001:1:99999", "attendu de 100 à 20000"),
        ("bus:20001:8", "attendu de 0,1 à 7"),
        ("bus:20001:-1", "seuls des médecins"),
        ("cabin:20001:1000::1.5", "attendu de 0 à 100"),
        ("retire:20001:1.1", "attendu de 1 à 100"),
    ],
)
def test_what_cannot_be_tried_is_told_in_french(line_store, token, words):
    with pytest.raises(MoveRefused, match=words):
        read_move(line_store, token)


def test_what_is_wrong_is_told_and_the_rest_is_kept(line_store):
    plan = read_plan(line_store, ["gp:20001:2", "gp:nowhere:1", "bus:20002:1"])
    assert plan.tokens == ["gp:20001:2", "bus:20002:1"]
    assert len(plan.problems) == 1


def test_ten_thousand_moves_are_refused_without_being_read(line_store):
    plan = read_plan(line_store, ["gp:20001:1"] * 10_000)
    assert plan.moves == ()
    assert f"au plus {MOST_MOVES}" in plan.problems[0]


def test_many_wrong_moves_do_not_fill_the_page(line_store):
    plan = read_plan(line_store, ["nonsense"] * 150)
    assert len(plan.problems) == 6
    assert "145 autres" in plan.problems[-1]


def test_a_later_version_of_the_language_is_not_guessed(line_store):
    plan = read_plan(line_store, ["gp:20001:1"], version="2")
    assert plan.moves == ()
    assert "version" in plan.problems[0]


def test_the_same_doctors_do_not_retire_twice(line_store):
    halves = read_plan(line_store, ["retire:20001:0.5", "retire:20001:0.5"])
    assert halves.problems == ()
    twice = read_plan(line_store, ["retire:20001:0.6", "retire:20001:0.6"])
    assert twice.tokens == ["retire:20001:0.6"]
    assert "dépassent 100 %" in twice.problems[0]


def test_a_city_and_its_arrondissement_retire_the_same_doctors(line_store):
    plan = read_plan(line_store, ["retire:20100:1", "retire:20102:0.1"])
    assert plan.tokens == ["retire:20100:1"]


def test_addresses_are_short_and_readable():
    assert address("/simuler/", ["gp:20001:2", "bus:20002:1"]) == (
        "/simuler/?m=gp:20001:2&m=bus:20002:1"
    )
    assert address("/simuler/", []) == "/simuler/"
    assert address("/s/", [], extra=[("nom", "a&b c")]) == "/s/?nom=a%26b%20c"


@given(st.floats(0.001, 1e6))
def test_numbers_never_have_an_exponent_and_come_back(value):
    text = plain_number(value)
    assert "e" not in text
    assert float(text) == pytest.approx(value, abs=5e-4)
