"""Profiles, territories alike, zoning, and the registry of studies, on the fictional department."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from maillage.core.errors import CancelledError, InputError
from maillage.studies.alike import alike
from maillage.studies.findings import (
    _commune_below,
    _people_on_the_same_land,
    threshold_sentence,
)
from maillage.studies.indicators import indicator
from maillage.studies.profile import (
    PATIENT_QUESTIONS,
    _is_counted_all_over,
    _national_rate,
    _patient_text,
    _place,
    profile,
    warm,
)
from maillage.studies.registry import STUDIES
from maillage.studies.scenarios import MOVE_KINDS, MoveInput, what_if
from maillage.studies.store.membership import membership
from maillage.studies.zoning import aids, zoning_of

KINDS = ("commune", "epci", "department", "living_zone", "employment_zone", "nation")


def some(store, kind):
    return str(store.membership(kind).codes[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_profile_speaks_of_every_kind_of_territory_in_plain_json(fictional_store, kind):
    report = profile(fictional_store, kind, some(fictional_store, kind))
    text = json.dumps(report.as_json(), ensure_ascii=False, allow_nan=False)
    assert report.headline
    assert "désert" not in text.casefold()
    assert report.fictional
    for found in report.findings:
        assert found.year
        assert found.source
        assert found.sentence.endswith(".")


def test_findings_come_with_the_most_important_first(fictional_store):
    found = profile(fictional_store, "epci", some(fictional_store, "epci")).findings
    assert [one.importance for one in found] == sorted(
        (one.importance for one in found), reverse=True
    )
    assert {one.tone for one in found} <= {"need", "strength", "context"}


def test_the_best_served_epci_counts_its_access_as_a_strength(fictional_store):
    from maillage.studies.figures import values_by_territory

    values = values_by_territory(fictional_store, indicator("apl_gp"), "epci")
    codes = fictional_store.membership("epci").codes
    best = profile(fictional_store, "epci", str(codes[np.nanargmax(values)]))
    worst = profile(fictional_store, "epci", str(codes[np.nanargmin(values)]))
    assert "apl_gp" in {one.indicator_id for one in best.strengths}
    assert "apl_gp" in {one.indicator_id for one in worst.needs}


def test_a_list_of_communes_has_a_profile_and_needs_a_name(fictional_store):
    rows = np.arange(5)
    report = profile(fictional_store, "custom", rows=rows, name="Haute vallée")
    assert report.n_communes == 5
    assert "Haute vallée" in report.of_name
    with pytest.raises(InputError, match="name"):
        profile(fictional_store, "custom", rows=rows)
    with pytest.raises(InputError, match="kind"):
        profile(fictional_store, "canton", "1")


def test_modelled_figures_say_so_with_their_error(fictional_store):
    report = profile(fictional_store, "department", "20")
    minutes = next(one for one in report.findings if one.indicator_id == "time_emergency_min")
    assert minutes.modelled
    assert minutes.model_error
    assert "estimation" in minutes.sentence


def test_patients_without_a_figure_are_told_whom_to_ask(tiny_store):
    report = profile(tiny_store, "epci", "200000001")
    assert len(report.patients) == len(PATIENT_QUESTIONS)
    assert all("Non disponible" in one.text and "CPAM" in one.text for one in report.patients)


def test_a_share_that_would_count_few_patients_is_not_shown():
    name = "share_without_medecin_traitant"
    assert "non montré" in _patient_text(name, 0.05, people=120)
    assert _patient_text(name, 0.05, people=12_000) == "5,0 %"


def test_patients_take_the_figure_of_the_department_and_say_so(fictional_store):
    report = profile(fictional_store, "department", "20")
    assert any(one.available and one.level == "department" for one in report.patients)


def test_territories_alike_are_explained_closest_first_and_never_include_oneself(fictional_store):
    code = some(fictional_store, "epci")
    found = alike(fictional_store, "epci", fictional_store.rows("epci", code), code=code, k=4)
    assert len(found) == 4
    assert code not in {one.code for one in found}
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    for one in found:
        gaps = [abs(line.gap_sd) for line in one.likenesses]
        assert gaps == sorted(gaps)
        assert one.distance == pytest.approx(np.sqrt(np.mean(np.square(gaps))))


def test_zoning_lists_the_aids_of_each_class_dated_and_to_be_checked(fictional_store):
    zoning = zoning_of(fictional_store, fictional_store.rows("department", "20"))
    assert zoning.available
    assert sum(part.people_share for part in zoning.shares) == pytest.approx(1.0, abs=0.02)
    priority = next(part for part in zoning.shares if part.value == "ZIP")
    assert any("10 000 €" in aid.title for aid in priority.aids)
    assert "vérifier" in zoning.advice
    assert aids().next_review > aids().checked_on


@pytest.mark.parametrize("name", sorted(STUDIES))
def test_every_study_has_a_title_and_refuses_what_it_does_not_know(name):
    assert STUDIES[name].title
    with pytest.raises(InputError, match="unknown inputs"):
        STUDIES[name].check({"anything": 1})


def test_adding_doctors_lifts_access_around_them_and_removing_them_gives_it_back(fictional_store):
    code = str(fictional_store.units["code"][0])
    more = what_if(fictional_store, [MoveInput("gp", code, 2.0)])
    less = what_if(fictional_store, [MoveInput("gp", code, 2.0), MoveInput("gp", code, -2.0)])
    assert more.gain[0] > 0
    people = fictional_store.indicator("standardised_population")
    assert np.nansum(more.gain * people) == pytest.approx(2 * 5400, rel=1e-6)
    assert np.abs(less.gain).max() < 1e-12


@pytest.mark.parametrize("kind", sorted(MOVE_KINDS))
def test_every_kind_of_move_has_an_answer(fictional_store, kind):
    code = str(fictional_store.units["code"][0])
    count = 0.5 if kind == "retire" else 1.0
    answer = STUDIES["what_if"].answer(
        {"moves": [{"kind": kind, "code": code, "count": count}]}, fictional_store
    )
    json.dumps(answer, allow_nan=False)
    assert answer["model_error"]["source"]


@pytest.mark.parametrize(
    "move",
    [
        {"kind": "wizard", "code": "20001", "count": 1},
        {"kind": "gp", "code": "99999", "count": 1},
        {"kind": "gp", "code": "20001", "count": float("inf")},
        {"kind": "gp", "code": "20001", "count": 1e6},
        {"kind": "bus", "code": "20001", "count": -1},
        {"kind": "gp", "code": "20001", "count": "two"},
        {"kind": "gp", "code": "20001"},
        {"kind": "gp", "code": "20001", "count": True},
    ],
)
def test_moves_that_make_no_sense_are_refused(fictional_store, move):
    with pytest.raises(InputError):
        STUDIES["what_if"].answer({"moves": [move]}, fictional_store)


def test_too_many_moves_are_refused(fictional_store):
    moves = [{"kind": "gp", "code": "20001", "count": 1}] * 201
    with pytest.raises(InputError, match="at most 200"):
        STUDIES["what_if"].answer({"moves": moves}, fictional_store)


def test_best_places_are_ranked_with_a_proven_share_and_can_be_stopped(fictional_store):
    asked = {"k": 3, "kind": "department", "code": "20"}
    answer = STUDIES["best_places"].answer(asked, fictional_store)
    removed = [place["shortfall_removed"] for place in answer["places"]]
    assert removed == sorted(removed, reverse=True)
    assert 0.6 < answer["proven_share"] <= 1
    with pytest.raises(CancelledError):
        STUDIES["best_places"].answer(asked, fictional_store, stop=lambda: True)
    with pytest.raises(InputError, match="either"):
        STUDIES["best_places"].answer({"k": 3}, fictional_store)
    with pytest.raises(InputError, match="1 to 50"):
        STUDIES["best_places"].answer({"k": 0, "codes": ["20001"]}, fictional_store)


def test_inputs_are_completed_with_their_defaults():
    checked = STUDIES["profile"].check({"kind": "epci", "code": "200067262"})
    assert checked == {"kind": "epci", "code": "200067262", "codes": [], "name": ""}
    with pytest.raises(InputError, match="missing"):
        STUDIES["profile"].check({})
    with pytest.raises(InputError, match="list"):
        STUDIES["profile"].check({"kind": "custom", "codes": "20001"})


def test_a_warmed_store_gives_the_same_profile(fictional_store):
    before = profile(fictional_store, "epci", some(fictional_store, "epci")).as_json()
    warm(fictional_store)
    assert profile(fictional_store, "epci", some(fictional_store, "epci")).as_json() == before


def test_a_region_and_a_nation_of_one_department_are_told_once(tiny_store):
    access = next(
        one
        for one in profile(tiny_store, "epci", "200000001").findings
        if one.indicator_id == "apl_gp"
    )
    assert [one.kind for one in access.comparisons] == ["department"]


def test_the_sentence_on_the_threshold_agrees_with_the_figure_before_it(tiny_store):
    item = indicator("apl_gp")

    def said(kind, code):
        return threshold_sentence(tiny_store, _place(tiny_store, kind, code, None, ""))

    assert said("commune", "20003").startswith("La commune est sous le seuil de 2,5")
    assert said("commune", "20001").startswith("Aucun habitant")
    assert said("commune", "20005") == ""
    assert said("epci", "200000001").startswith("2\u202f500 habitants")
    assert _commune_below(2.457, "2,5", item.threshold) == (
        "Avec 2,457 consultations par an et par habitant, la commune est tout juste sous le "
        "seuil de 2,5."
    )


@pytest.mark.parametrize(
    ("kinds", "sources", "rows", "known"),
    [
        (["care_home"] * 2, ["finess"] * 2, [0, 3], True),
        (["health_house"] * 2, ["finess", "bpe"], [0, 3], False),
        (["pharmacy"] * 2, ["finess", "bpe"], [0, 3], True),
        (["care_home"] * 2, ["finess"] * 2, [0, 0], False),
    ],
)
def test_a_service_is_set_against_the_nation_only_where_it_is_counted_alike_everywhere(
    kinds, sources, rows, known
):
    rate = _national_rate(two_departments(sources, rows), kinds[0], 1000.0)
    assert rate == 200.0 if known else np.isnan(rate)


def two_departments(sources, rows):
    """Two departments of two communes each, with one facility a row."""
    return SimpleNamespace(
        facilities=lambda kind: {
            "source": np.array(sources, dtype=object),
            "unit_row": np.array(rows),
            "count": np.ones(len(rows)),
        },
        membership=lambda kind: membership(kind, np.array(["01", "01", "02", "02"], dtype=object)),
        cached=lambda key, make: make(),
    )


@pytest.mark.parametrize(
    ("facilities", "place", "shown"),
    [
        ([0, 0], [0, 1], True),  # the department that the extract names
        ([0, 0], [1, 2], False),  # across its border: only a part would be counted
        ([0, 0], [0, 1, 2, 3], False),  # the nation
        ([0, 3], [0, 1, 2, 3], True),  # counted everywhere
    ],
)
def test_a_service_is_counted_only_where_its_files_name_it_all_over(facilities, place, shown):
    store = two_departments(["finess"] * 2, facilities)
    assert _is_counted_all_over(store, "care_home", np.array(place)) is shown


@pytest.mark.parametrize(("people", "tone"), [(860.0, "context"), (9_000.0, "need")])
def test_what_one_doctor_makes_by_himself_on_a_small_island_is_no_need(
    fictional_store, monkeypatch, people, tone
):
    alone = np.full(fictional_store.n_units, people)
    monkeypatch.setattr("maillage.studies.findings._people_on_the_same_land", lambda _: alone)
    monkeypatch.setattr("maillage.studies.figures.share_of_peers_worse", lambda *_: 0.0)
    found = profile(fictional_store, "commune", some(fictional_store, "commune")).findings
    by_id = {one.indicator_id: one for one in found}
    assert by_id["apl_gp_change"].tone == tone
    assert by_id["apl_gp"].tone == "need"


def test_the_people_of_an_island_are_not_added_to_those_of_the_mainland(tiny_store):
    codes = tiny_store.units["code"].copy()
    codes[0] = "29155"
    island = SimpleNamespace(
        units={"code": codes, "population": tiny_store.units["population"]},
        cached=lambda _, make: make(),
    )
    people = _people_on_the_same_land(island)
    assert people[0] == 10_000
    assert set(people[1:]) == {15_000}


def test_invented_figures_name_no_producer(fictional_store):
    found = profile(fictional_store, "commune", some(fictional_store, "commune")).findings
    assert {one.source for one in found} == {"données fictives"}
