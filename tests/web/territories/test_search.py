"""What people type, and the territory they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.web.territories.search import search
from tests.web.territories.places import PLACES, places_index

INDEX = places_index()


def first(query, **options):
    found = search(INDEX, query, **options)
    return (found[0].kind, found[0].code) if found else None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("oloron", ("commune", "64422")),
        ("OLORON STE MARIE", ("commune", "64422")),
        ("Olron", ("commune", "64422")),
        ("olron sainte mari", ("commune", "64422")),
        ("st jean de luz", ("commune", "64483")),
        ("Saint Jean", ("commune", "64483")),
        ("sant jean de lux", ("commune", "64483")),
        ("sain", ("commune", "97411")),
        ("le havre", ("commune", "76351")),
        ("havre", ("commune", "76351")),
        ("l hay les roses", ("commune", "94038")),
        ("oeting", ("commune", "57493")),
        ("Y", ("commune", "80829")),
        ("marseile", ("commune", "13055")),
        ("marseillan", ("commune", "34150")),
        ("gers", ("department", "32")),
        ("departement du gers", ("department", "32")),
        ("Départment du Gers", ("department", "32")),
        ("reunion", ("department", "974")),
        ("nouvelle aquitaine", ("region", "75")),
        ("haut bearn", ("epci", "200067262")),
        ("communauté de communes du haut béarn", ("epci", "200067262")),
        ("agglo de pau", ("epci", "200067254")),
        ("pau", ("commune", "64445")),
        ("bassin de vie de pau", ("living_zone", "64445")),
        ("zone d'emploi pau", ("employment_zone", "7520")),
        ("64", ("department", "64")),
        ("2a", ("department", "2A")),
        ("200067262", ("epci", "200067262")),
        ("64400", ("commune", "64422")),
        ("64422", ("commune", "64422")),
    ],
)
def test_what_people_type_leads_first_to_what_they_mean(query, expected):
    assert first(query) == expected


def test_a_postal_code_gives_all_its_communes_the_largest_first():
    found = search(INDEX, "64400")
    assert [item.name for item in found] == ["Oloron-Sainte-Marie", "Bidos"]
    assert {item.postal_code for item in found} == {"64400"}


def test_postal_codes_come_before_the_insee_code_of_the_same_digits():
    assert [item.code for item in search(INDEX, "13001")] == ["13201", "13001"]


def test_the_start_of_a_postal_code_is_enough():
    assert first("644") == ("commune", "64422")


@pytest.mark.parametrize(
    ("query", "code"),
    [("saint denis 974", "97411"), ("saint denis 93", "93066"), ("Saint-Denis (11)", "11339")],
)
def test_a_department_after_the_name_chooses_among_namesakes(query, code):
    assert first(query) == ("commune", code)


def test_the_name_of_a_former_commune_leads_to_its_successor():
    found = search(INDEX, "sainte marie d'aspe")
    assert (found[0].code, found[0].former_name) == ("64422", "Sainte-Marie-d'Aspe")


def test_an_answer_says_when_no_name_is_spelt_as_typed():
    assert search(INDEX, "Olron")[0].approximate
    assert not search(INDEX, "oloron")[0].approximate


def test_what_looks_like_nothing_finds_nothing():
    assert search(INDEX, "xyzzyqw") == []
    assert search(INDEX, "") == []
    assert search(INDEX, " -' ") == []


def test_kinds_asked_for_are_the_only_ones_given():
    assert {item.kind for item in search(INDEX, "pau", kinds=["commune"])} == {"commune"}
    assert first("gers", kinds=["commune"]) == ("commune", "67154")


def test_no_more_answers_come_than_asked_for():
    assert len(search(INDEX, "saint", limit=2)) == 2


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[0]} {place[2]}")
def test_each_territory_is_found_by_its_own_name(place):
    kind, code, name, *_ = place
    assert (kind, code) in {(item.kind, item.code) for item in search(INDEX, name, limit=20)}


@given(st.text(max_size=120))
def test_any_text_is_answered_without_an_error_and_in_order(text):
    found = search(INDEX, text, limit=5)
    assert len(found) <= 5
    assert len({(item.kind, item.code) for item in found}) == len(found)
    assert found == search(INDEX, text, limit=5)


@given(
    st.sampled_from([place for place in PLACES if len(place[2]) > 5 and place[0] == "commune"]),
    st.data(),
)
def test_a_letter_left_out_still_leads_there(place, data):
    name = place[2]
    where = data.draw(st.integers(0, len(name) - 1).filter(lambda i: name[i].isalpha()))
    typed = name[:where] + name[where + 1 :]
    assert place[1] in {item.code for item in search(INDEX, typed, limit=10)}
