"""The address says what is shown; what it says wrongly is left out."""

from dataclasses import replace

import pytest

from maillage.web.atlas.map.choices import choice_of, shown_indicator, view_of


def test_an_empty_address_shows_access_to_doctors(tiny_store):
    choice = choice_of(tiny_store, {})
    assert choice.first.id == "apl_gp"
    assert (choice.second, choice.overlay, choice.area, choice.view) == (None, None, None, None)


def test_the_address_comes_back_from_what_it_said(tiny_store):
    asked = {
        "indicateur": "share_65_plus",
        "second": "apl_gp",
        "zonage": "1",
        "epci": "200000001",
    }
    choice = choice_of(tiny_store, asked)
    assert choice.area.name == "Communauté de communes du Levant"
    assert choice.query() == "indicateur=share_65_plus&second=apl_gp&zonage=1&epci=200000001"


@pytest.mark.parametrize(
    "asked",
    [
        {"indicateur": "<script>"},
        {"indicateur": "time_pharmacy_min"},  # no figure of it in this store
        {"second": "nothing"},
        {"second": "apl_gp"},  # the same beside itself
        {"departement": "99"},
        {"epci": "'; DROP TABLE"},
        {"vue": "9/99/999"},
    ],
)
def test_what_the_address_says_wrongly_is_left_out(tiny_store, asked):
    assert choice_of(tiny_store, asked) == choice_of(tiny_store, {})


def test_the_narrowest_territory_counts_if_it_lies_in_the_wider_ones(tiny_store):
    both = {"epci": "200000002", "departement": "20"}
    assert choice_of(tiny_store, both).area.field == "epci"


def test_asking_for_every_department_again_gives_up_the_epci(tiny_store):
    assert choice_of(tiny_store, {"epci": "200000002", "departement": ""}).area is None


def test_a_department_outside_of_the_region_asked_for_is_given_up(fictional_store):
    units = fictional_store.units
    region = str(units["region_code"][0])
    department = str(units["department_code"][0])
    asked = {"region": region, "departement": department}
    assert choice_of(fictional_store, asked).area.field == "departement"


def test_a_store_without_any_figure_shows_nothing(tiny_store):
    empty = replace(tiny_store, _numbers={}, _texts={}, _made={})
    assert choice_of(empty, {}) is None


def test_a_view_is_zoom_latitude_longitude():
    view = view_of("8.25/43.19/-0.61")
    assert (view.zoom, view.lat, view.lon) == (8.25, 43.19, -0.61)
    assert str(view) == "8.25/43.19/-0.61"


@pytest.mark.parametrize("text", ["", "8/43", "a/b/c", "nan/43/0", "8/inf/0", "23/0/0", "8/86/0"])
def test_anything_else_is_no_view(text):
    assert view_of(text) is None


def test_the_year_shown_is_that_of_the_files_of_the_store(tiny_store):
    years = {"apl_gp": "2031", "zonage_gp": "2032"}
    store = replace(tiny_store, manifest=replace(tiny_store.manifest, years=years), _made={})
    choice = choice_of(store, {"zonage": "1"})
    assert (choice.first.year, choice.overlay.year) == ("2031", "2032")
    assert shown_indicator(store, "apl_gp").year == "2031"
