"""Scenarios and best places on eight communes in a line, worked out by hand."""

import json

import numpy as np
import pytest

from maillage.core.errors import CancelledError, InputError, NotEnoughDataError
from maillage.studies import scenarios
from maillage.studies.registry import STUDIES
from maillage.studies.scenarios import MoveInput
from tests.studies.line_store import GAIN


def gains(store, *moves):
    return scenarios.what_if(store, [MoveInput(*move) for move in moves]).gain


def test_a_doctor_adds_the_same_to_all_who_reach_him(line_store):
    assert gains(line_store, ("gp", "20003", 1)) == pytest.approx([0, GAIN, GAIN, GAIN, 0, 0, 0, 0])


def test_moves_add_up_in_any_order(line_store):
    moves = [("gp", "20003", 1), ("bus", "20001", 2), ("cabin", "20002", 500)]
    parts = sum(gains(line_store, move) for move in moves)
    assert gains(line_store, *moves) == pytest.approx(parts)
    assert gains(line_store, *moves[::-1]) == pytest.approx(parts)


def test_a_health_house_and_a_centre_count_their_doctors(line_store):
    expected = gains(line_store, ("gp", "20003", 2))
    assert gains(line_store, ("house", "20003", 2)) == pytest.approx(expected)
    assert gains(line_store, ("centre", "20003", 2)) == pytest.approx(expected)


def test_a_bus_counts_the_days_of_a_year(line_store):
    assert gains(line_store, ("bus", "20003", 1))[2] == pytest.approx(45 * 24 / 4_000)


def test_only_the_counted_share_of_a_cabin_is_added(line_store):
    assert gains(line_store, ("cabin", "20003", 1_000, 0.0, 0.4))[2] == pytest.approx(400 / 4_000)


def test_retirements_leave_the_published_access_of_the_young(line_store):
    found = scenarios.what_if(line_store, [MoveInput("retire", "20001", 1.0)])
    assert found.estimated[0] == pytest.approx(0.8 * 4.0)
    assert np.flatnonzero(found.gain).tolist() == [0]


def test_a_city_shares_its_doctors_between_its_arrondissements(line_store):
    thirds = [("gp", code, 1) for code in ("20101", "20102", "20103")]
    assert gains(line_store, ("gp", "20100", 3)) == pytest.approx(gains(line_store, *thirds))


@pytest.mark.parametrize(
    "move",
    [
        ("tram", "20001", 1),
        ("gp", "20001", float("nan")),
        ("gp", "20001", 1e9),
        ("bus", "20001", -1),
    ],
)
def test_an_impossible_move_is_refused(move):
    with pytest.raises(InputError):
        MoveInput(*move)


def test_an_unknown_commune_and_too_many_moves_are_refused(line_store):
    with pytest.raises(InputError, match="99999"):
        gains(line_store, ("gp", "99999", 1))
    with pytest.raises(InputError, match="at most"):
        gains(line_store, *[("gp", "20001", 1)] * (scenarios.MOST_MOVES + 1))


def test_a_store_without_access_answers_no_scenario(tiny_store):
    with pytest.raises(NotEnoughDataError):
        gains(tiny_store, ("gp", "20001", 1))


def test_the_report_of_a_scenario_is_plain_json(line_store):
    report = STUDIES["what_if"].answer(
        {"moves": [{"kind": "gp", "code": "20003", "count": 1}]}, line_store
    )
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert (report["people_lifted"], report["communes_lifted"]) == (2_000, 1)
    assert [row["code"] for row in report["communes"]] == ["20002", "20003", "20004"]


def test_the_best_place_closes_most_of_what_is_missing(line_store):
    # Missing under 2.5: 0.1 for 2 000 people in 20002, 1.5 for 500 in 20003. A doctor in 20002 is
    # shared by 12 600 people, in 20003 by 4 000, in 20004 by 2 410 (more than 20003 lacks).
    report = STUDIES["best_places"].answer(
        {"k": 1, "codes": ["20002", "20003", "20004"]}, line_store
    )
    (place,) = report["places"]
    closed = {
        "20002": 2_000 * 0.1 + 500 * 5_400 / 12_600,
        "20003": 2_000 * 0.1 + 500 * GAIN,
        "20004": 500 * 1.5,
    }
    best = max(closed, key=closed.__getitem__)
    assert place["code"] == best
    assert place["shortfall_removed"] == pytest.approx(closed[best])
    assert report["proven_share"] == pytest.approx(1.0)


def test_a_search_that_is_stopped_has_no_answer(line_store):
    with pytest.raises(CancelledError):
        STUDIES["best_places"].answer(
            {"k": 1, "kind": "department", "code": "20"}, line_store, stop=lambda: True
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"k": 0},
        {"k": 51},
        {"k": "3"},
        {"k": True},
        {"most_per_place": 10**9},
        {"most_per_place": 0},
        {"acts": -1.0},
        {"acts": 1e300},
        {"codes": ["20001"]},
        {"kind": ""},
        {"nonsense": 1},
    ],
)
def test_wrong_inputs_are_refused_before_anything_is_computed(wrong):
    asked = {"k": 3, "kind": "department", "code": "20"} | wrong
    with pytest.raises(InputError):
        STUDIES["best_places"].check(asked)
