"""Pages that lead to territories."""

import pytest
from django.urls import reverse

from maillage.web.territories.models import CustomTerritory, Territory


def text_of(response):
    return response.content.decode()


def test_the_home_page_has_the_search_first_and_true_figures(client, shown_store):
    page = text_of(client.get("/"))
    assert page.index('role="search"') < page.index("Que peut-on faire ici")
    people = round(float(shown_store.units["population"].sum()))
    assert f"{people:,}".replace(",", "\u202f") in page


def test_the_home_page_takes_few_queries(client, shown_store, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        client.get("/")


@pytest.mark.django_db
def test_without_data_the_home_page_says_what_to_do(client):
    response = client.get("/")
    assert response.status_code == 200
    assert "maillage data build" in text_of(response)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/recherche/?q=pau", "/sources/", "/territoires/sur-mesure/nouveau/"]
)
def test_without_data_other_pages_say_so_and_do_not_break(client, path):
    response = client.get(path)
    assert response.status_code == 503
    assert "Aucune donnée" in text_of(response)


def test_every_page_says_that_the_data_are_fictional(client, shown_store):
    for path in ("/", "/recherche/", "/territoires/", "/sources/", "/accessibilite/"):
        assert "Données fictives" in text_of(client.get(path)), path


def test_real_data_are_not_called_fictional(client, shown_version):
    shown_version.fictional = False
    shown_version.save(update_fields=["fictional"])
    assert "Données fictives" not in text_of(client.get("/"))


def test_the_search_page_works_without_javascript(client, shown_store):
    page = text_of(client.get("/recherche/", {"q": "grandvile"}))
    assert "Aucun nom ne s’écrit" in page
    assert territory_address("commune", "20100") in page


def test_the_search_page_escapes_what_was_typed(client, shown_store):
    page = text_of(client.get("/recherche/", {"q": "<script>alert(1)</script>"}))
    assert "<script>alert" not in page
    assert "Aucun territoire trouvé" in page


def test_suggestions_answer_the_combobox_in_one_query(
    client, shown_store, django_assert_num_queries
):
    with django_assert_num_queries(1):
        answer = client.get("/recherche/suggestions", {"q": "grandv"}).json()
    assert answer["suggestions"][0] == {
        "name": "Grandville",
        "kind": "commune, Vézillois (département fictif) (20)",
        "url": territory_address("commune", "20100"),
    }
    assert client.get("/recherche/suggestions").json() == {"suggestions": []}


def territory_address(kind, code):
    return Territory.objects.get(kind=kind, code=code).get_absolute_url()


def test_the_list_is_sorted_by_links(client, shown_store):
    page = text_of(client.get("/territoires/?type=commune&tri=-population"))
    assert page.index("Grandville") < page.index("Commune 20003")
    assert 'aria-sort="descending"' in page
    assert "tri=population" in page


def test_names_are_sorted_as_readers_expect_accents_or_not(client, shown_store):
    Territory.objects.filter(code="20001").update(name="Écot", slug="ecot")
    page = text_of(client.get("/territoires/?type=commune"))
    assert page.index("Commune 20103") < page.index("Écot") < page.index("Grandville")


def test_a_sort_that_does_not_exist_is_ignored(client, shown_store):
    assert client.get("/territoires/?type=commune&tri=password").status_code == 200


def test_the_list_is_cut_into_pages_that_keep_the_sort(client, shown_store):
    Territory.objects.bulk_create(
        Territory(kind="commune", code=f"3{n:04}", name=f"Ajoutée {n}", slug="a", cog_year=2026)
        for n in range(120)
    )
    page = text_of(client.get("/territoires/?type=commune&tri=code&page=2"))
    assert "tri=code&amp;page=3" in page
    assert 'aria-current="page"' in page


def test_the_list_is_narrowed_by_first_letter_without_minding_accents(client, shown_store):
    Territory.objects.create(
        kind="commune", code="30001", name="Évreux", slug="evreux", cog_year=2026
    )
    page = text_of(client.get("/territoires/?type=commune&lettre=E"))
    assert "Évreux" in page
    assert "Grandville" not in page
    assert "Grandville" in text_of(client.get("/territoires/?type=commune&lettre=%25"))


def test_a_kind_that_does_not_exist_is_not_listed(client, shown_store):
    assert client.get("/territoires/?type=pays").status_code == 404


def test_the_composition_of_a_department_lists_its_communes(
    client, shown_store, django_assert_max_num_queries
):
    url = reverse("territories:composition", args=["department", "20"])
    with django_assert_max_num_queries(6):
        page = text_of(client.get(url))
    assert "Commune 20001" in page
    assert "Région fictive" in page


def test_the_composition_of_a_zone_comes_from_the_store(client, shown_store):
    url = reverse("territories:composition", args=["living_zone", "20101"])
    page = text_of(client.get(url))
    assert "Commune 20102" in page
    assert "Commune 20001" not in page


def test_a_territory_that_ended_names_its_successors(client, shown_store):
    Territory.objects.create(
        kind="commune",
        code="20099",
        name="Ancienne",
        slug="ancienne",
        cog_year=2026,
        ended=True,
        successor_codes=["20001"],
    )
    page = text_of(client.get(reverse("territories:composition", args=["commune", "20099"])))
    assert "fait aujourd’hui partie de" in page
    assert "Commune 20001" in page


def test_an_unknown_territory_is_not_found(client, shown_store):
    url = reverse("territories:composition", args=["commune", "99999"])
    assert client.get(url).status_code == 404


def test_a_list_of_communes_gets_an_address_that_cannot_be_guessed(client, shown_store):
    response = client.post(
        "/territoires/sur-mesure/nouveau/",
        {"name": "Mon PETR", "communes": "20001\nGrandville"},
    )
    saved = CustomTerritory.objects.get()
    assert response.status_code == 302
    assert response["Location"] == saved.get_absolute_url()
    assert saved.commune_codes == ["20001", "20100"]
    assert len(saved.public_id) >= 12
    page = text_of(client.get(reverse("territories:composition", args=["custom", saved.public_id])))
    assert "Mon PETR" in page
    assert "Commune 20001" in page


def test_lines_that_are_not_understood_are_listed_and_nothing_is_saved(client, shown_store):
    response = client.post(
        "/territoires/sur-mesure/nouveau/",
        {"name": "Mon PETR", "communes": "20001\nNulle-Part-les-Bains"},
    )
    assert response.status_code == 422
    page = text_of(response)
    assert "Ligne 2" in page
    assert "Nulle-Part-les-Bains" in page
    assert not CustomTerritory.objects.exists()


def test_a_list_without_a_commune_is_refused(client, shown_store):
    response = client.post(
        "/territoires/sur-mesure/nouveau/", {"name": "Vide", "communes": " ; ,\n;"}
    )
    assert response.status_code == 422
    assert not CustomTerritory.objects.exists()


def test_the_page_of_sources_lists_data_sets_what_is_missing_and_the_indicators(
    client, shown_version
):
    shown_version.manifest |= {
        "sources": [
            {
                "name": "x",
                "title": "Populations légales",
                "producer": "Insee",
                "licence": "Licence Ouverte 2.0",
                "vintage": "2023",
                "files": {},
                "rows": 34_900,
                "notes": ["17 rows of Mayotte have no name."],
            }
        ],
        "missing": [{"name": "y", "title": "RPPS", "enables": ["liste des professionnels"]}],
    }
    shown_version.save(update_fields=["manifest"])
    page = text_of(client.get("/sources/"))
    for words in ("Populations légales", "34\xa0900", "Mayotte", "liste des professionnels"):
        assert words in page, words
    assert "Accès aux médecins généralistes (APL)" in page
