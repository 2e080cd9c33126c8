"""The page of a territory: its address, its words, its figures, and what it does without."""

import re

import pytest
from django.urls import reverse

from maillage.studies import figures
from maillage.studies.indicators import indicator
from maillage.studies.profile import profile
from maillage.web.territories.models import Territory, territory_url
from maillage.web.ui.words import typeset

KINDS = ("commune", "epci", "department", "region", "living_zone", "employment_zone", "nation")


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def page_of(client, kind, code):
    return text_of(client.get(f"/territoires/{kind}/{code}/", follow=True))


@pytest.mark.parametrize("written", ["20001", "20001-autre-nom", "20001-COMMUNE"])
def test_every_spelling_of_an_address_leads_to_one(client, shown_store, written):
    response = client.get(f"/territoires/commune/{written}/?tri=nom")
    assert response.status_code == 302
    assert response["Location"] == "/territoires/commune/20001-commune-20001/?tri=nom"
    assert client.get(response["Location"]).status_code == 200


def test_addresses_of_files_are_brought_to_one_too(client, shown_store):
    response = client.get("/territoires/commune/20001/communes.csv")
    assert response["Location"] == "/territoires/commune/20001-commune-20001/communes.csv"


@pytest.mark.parametrize("address", ["99999", "x", "-", "20001"])
def test_a_territory_that_does_not_exist_is_not_found(client, shown_store, address):
    kind = "departement" if address == "20001" else "commune"
    assert client.get(f"/territoires/{kind}/{address}/").status_code == 404


def test_a_commune_that_ended_leads_to_its_successors(client, shown_store):
    Territory.objects.create(
        kind="commune",
        code="20099",
        name="Ancienne",
        slug="ancienne",
        cog_year=2026,
        ended=True,
        successor_codes=["20001"],
    )
    page = text_of(client.get("/territoires/commune/20099-ancienne/", follow=True))
    assert "fait aujourd’hui partie de" in page


def test_the_middle_of_an_address_leads_to_the_list_of_that_kind(client, shown_store):
    assert client.get("/territoires/departement/")["Location"] == "/territoires/?type=departement"
    further = client.get("/territoires/departement/?page=2")["Location"]
    assert further == "/territoires/?page=2&type=departement"
    assert client.get("/territoires/pays/")["Location"] == "/territoires/"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_territory_has_its_page(client, fictional_site, one_of, kind):
    subject = one_of(kind)
    page = text_of(client.get(territory_url(kind, subject.code, subject.name)))
    assert f'<h1 class="page-title">{subject.name}'.replace("'", "&#x27;") in page
    for heading in ("En bref", "Zonage des médecins", "Services et écoles", "Comparaison"):
        assert heading in page, heading
    assert "Données fictives" in page


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_calls_a_territory_a_desert(client, fictional_site, one_of, kind):
    subject = one_of(kind)
    for name in ("profile", "showcase", "communes"):
        address = reverse(f"atlas:{name}", args=[kind, subject.address])
        assert "désert" not in text_of(client.get(address)).casefold()


def test_a_page_obeys_the_content_security_policy(client, fictional_site, one_of):
    subject = one_of("department")
    for name in ("profile", "showcase", "communes"):
        page = text_of(client.get(reverse(f"atlas:{name}", args=[subject.kind, subject.address])))
        assert not re.search(r"<[^>]+\sstyle=", page)
        assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", page)


def test_the_page_begins_with_the_sentences_of_the_study(client, shown_store):
    page = page_of(client, "departement", "20")
    report = profile(shown_store, "department", "20")
    places = [page.index(typeset(sentence)) for sentence in report.headline]
    assert places == sorted(places)
    assert len(places) >= 2
    assert places[-1] < page.index("Les communes")


def test_each_finding_shows_figure_year_and_source(client, shown_store):
    page = page_of(client, "departement", "20")
    item = indicator("apl_gp")
    rows = shown_store.rows("department", "20")
    assert item.written(figures.value(shown_store, item, rows)) in page
    assert "données fictives, 2023" in page.casefold()
    assert "Données fictives, au format de\u00a0: DREES, accessibilité" in page


def test_estimates_say_that_they_are(client, fictional_site, one_of):
    subject = one_of("epci")
    page = text_of(client.get(territory_url("epci", subject.code, subject.name)))
    table = page[page.index('id="comparaison"') :]
    row = table[table.index("Temps de trajet estimé vers une pharmacie") :]
    assert "estimation" in row[: row.index("</tr>")]
    assert "Erreur du modèle" in page or "Estimation\u00a0:" in page


@pytest.mark.parametrize(
    ("kind", "code"), [("departement", "20"), ("commune", "20003"), ("bassin-de-vie", "20101")]
)
def test_a_page_of_public_data_takes_one_query_and_one_for_the_register(
    client, shown_store, django_assert_num_queries, kind, code
):
    address = client.get(f"/territoires/{kind}/{code}/")["Location"]
    with django_assert_num_queries(2):
        text_of(client.get(address))


def test_the_page_of_a_list_takes_one_query_more(client, list_of_mine, django_assert_num_queries):
    with django_assert_num_queries(3):
        page = text_of(client.get(list_of_mine.get_absolute_url()))
    assert "Mon PETR" in page
    assert "noindex" in page
    assert "2 communes et 3 arrondissements" in page


def test_a_list_says_nothing_of_communes_that_no_longer_exist(client, list_of_mine):
    list_of_mine.commune_codes = ["20001", "99999"]
    list_of_mine.save(update_fields=["commune_codes"])
    assert "Commune 20001" in text_of(client.get(list_of_mine.get_absolute_url()))
    list_of_mine.commune_codes = ["99999"]
    list_of_mine.save(update_fields=["commune_codes"])
    assert client.get(list_of_mine.get_absolute_url()).status_code == 404


def test_a_commune_without_a_published_figure_is_told_in_words(client, shown_store):
    page = page_of(client, "commune", "20005")
    assert "n’est pas publié ici" in page
    assert "nan" not in re.sub(r"<[^>]+>", " ", page).casefold().split()


def test_a_territory_with_some_figures_missing_counts_them(client, shown_store):
    page = page_of(client, "departement", "20")
    assert "1 commune sur 8 (300 habitants) n’a pas de chiffre publié" in page


def test_without_contours_the_page_shows_no_map_and_the_map_is_not_found(client, shown_store):
    page = page_of(client, "departement", "20")
    assert "carte.svg" not in page
    address = reverse("atlas:map_svg", args=["department", "20-vezillois-departement-fictif"])
    assert client.get(address).status_code == 404


def test_a_map_is_kept_for_ever_under_the_version_of_the_data(client, fictional_site, one_of):
    subject = one_of("department")
    address = reverse("atlas:map_svg", args=["department", subject.address])
    known = client.get(address, {"v": fictional_site.version})
    assert known["Content-Type"].startswith("image/svg+xml")
    assert "immutable" in known["Cache-Control"]
    assert "immutable" not in client.get(address)["Cache-Control"]


def test_the_page_of_a_commune_lists_its_neighbours(client, shown_store):
    page = page_of(client, "commune", "20003")
    assert "Les communes les plus proches" in page
    assert page.index("Commune 20002") < page.index("Commune 20103")


def test_aids_name_whom_to_ask_and_must_be_checked(client, fictional_site, one_of):
    subject = one_of("department")
    page = text_of(client.get(territory_url("department", subject.code, subject.name)))
    section = page[page.index('id="zonage"') : page.index('id="services"')]
    assert "CPAM du lieu d’installation" in section
    assert "à vérifier auprès de l’ARS" in section


def test_a_page_asks_the_browser_for_no_other_host(client, fictional_site, one_of):
    subject = one_of("region")
    page = text_of(client.get(territory_url("region", subject.code, subject.name)))
    sources = re.findall(r'(?:src|href)="(https?://[^"]+)"', page)
    assert all(source.startswith("http://testserver/") for source in sources)


def test_a_part_that_nobody_fills_is_not_found(client, shown_store):
    assert client.get("/territoires/commune/20001-commune-20001/rien/").status_code == 404
