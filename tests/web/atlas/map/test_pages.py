"""The pages of the map and of the list: every figure sourced, hostile addresses harmless."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_map_says_its_classes_its_source_and_leads_to_the_list(client, shown_department):
    text = client.get("/carte/").content.decode()
    for words in (
        "Accès aux médecins généralistes (APL)",
        "moins de 1,5",
        "Bornes fixes",
        "Source\u00a0: ",
        "Données fictives",
        "/carte/liste/?indicateur=apl_gp",
        "application/json",
    ):
        assert words in text
    assert "désert" not in text


def test_without_contours_the_page_leads_to_the_list(client, shown_store):
    answer = client.get("/carte/")
    assert answer.status_code == 200
    assert "Pas de contours" in answer.content.decode()
    assert "map.js" not in answer.content.decode()


def test_the_list_has_the_figures_and_links_to_profiles(client, shown_store):
    text = client.get("/carte/liste/?second=share_65_plus&zonage=1&tri=-valeur").content.decode()
    assert text.index("Commune 20001") < text.index("Commune 20101") < text.index("Commune 20005")
    for words in (
        "non disponible",
        "Zone d&#x27;intervention prioritaire",
        'aria-sort="descending"',
    ):
        assert words in text
    assert "/territoires/commune/20001-commune-20001/" in text


def test_the_list_is_narrowed_by_region_department_and_epci(client, shown_store):
    text = client.get("/carte/liste/?epci=200000002").content.decode()
    assert "3 communes" in text
    assert '<option value="20" selected>' in text
    assert "Communauté de communes du Couchant" in text


def test_the_list_is_paged(client, shown_department):
    first = client.get("/carte/liste/?tri=habitants")
    assert first.content.decode().count('<th scope="row"><a') == 50
    second = client.get("/carte/liste/?tri=habitants&page=2")
    assert second.status_code == 200
    assert second.content != first.content


@pytest.mark.parametrize("page", ["map", "map_list"])
@pytest.mark.parametrize(
    "query",
    [
        "indicateur=%3Cscript%3Ealert(1)%3C/script%3E",
        "second=../../etc/passwd",
        "departement=%00",
        "vue=1e999/nan/--",
        "page=-1&tri=;drop",
        "page=99999999999",
        "epci=" + "9" * 5000,
    ],
)
def test_hostile_addresses_are_harmless(client, shown_department, page, query):
    answer = client.get(f"{reverse(f'atlas:{page}')}?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/carte/", "/carte/liste/?departement=20&zonage=1"])
def test_a_page_asks_the_database_twice_at_most(
    client, shown_department, django_assert_max_num_queries, address
):
    client.get(address)
    with django_assert_max_num_queries(2):
        client.get(address)


def test_the_legend_of_another_indicator_comes_as_a_fragment(client, shown_department):
    text = client.get("/carte/legende/time_pharmacy_min/").content.decode()
    assert "valeur estimée" in text
    assert "<html" not in text


@pytest.mark.parametrize("name", ["nothing", "__id__"])
def test_no_legend_nor_picture_of_an_unknown_indicator(client, shown_department, name):
    assert client.get(f"/carte/legende/{name}/").status_code == 404
    assert client.get(f"/carte/image/{name}.svg").status_code == 404


def test_the_picture_is_drawn_by_the_server(client, shown_department):
    answer = client.get("/carte/image/apl_gp.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert client.get("/carte/image/zonage_gp.svg").status_code == 404


def test_without_contours_there_is_no_picture(client, shown_store):
    assert client.get("/carte/image/apl_gp.svg").status_code == 404


def test_the_search_of_the_map_gives_boxes_to_fly_to(client, shown_department):
    name = shown_department.territory_name("department", "20")
    (first, *_) = client.get("/carte/recherche", {"q": name}).json()["suggestions"]
    west, south, east, north = first["bounds"]
    assert west < east
    assert south < north
    assert client.get("/carte/recherche?q=").json() == {"suggestions": []}


def test_the_csv_of_a_department_is_a_download(client, shown_department):
    answer = client.get("/carte/export.csv?departement=20")
    assert 'filename="maillage-apl_gp-departement-20.csv"' in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()
    assert text.count("\r\n") > shown_department.n_units


def test_the_other_exports_are_downloads_too(client, shown_department):
    assert client.get("/carte/export.xlsx").content.startswith(b"PK")
    answer = client.get("/carte/export.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    assert b"".join(answer.streaming_content).startswith(b'{"type":"FeatureCollection"')


def test_without_contours_there_is_no_geojson(client, shown_store):
    assert client.get("/carte/export.geojson").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"), [("/carte/", 503), ("/carte/liste/", 503), ("/carte/export.csv", 404)]
)
def test_a_store_without_any_figure_says_so(client, shown_store, monkeypatch, address, status):
    monkeypatch.setattr("maillage.web.atlas.map.choices.shown_indicators", lambda store: [])
    assert client.get(address).status_code == status


def test_the_map_begins_where_the_address_says(client, shown_department):
    seen = client.get("/carte/?vue=8/46.5/-5.5&departement=20").context["state"]
    assert seen["view"] == [8.0, 46.5, -5.5]
    west, south, east, north = seen["area"]
    assert west < east
    assert south < north


@pytest.mark.parametrize("address", ["/carte/", "/carte/liste/", "/carte/export.csv"])
def test_a_post_is_refused(client, shown_store, address):
    assert client.post(address).status_code == 405
