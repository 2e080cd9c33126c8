"""The document of a territory: four pages whatever the territory, and nothing of it is markup."""

import io
from dataclasses import replace

import pytest
from django.urls import reverse
from pypdf import PdfReader

from maillage.web.atlas.profiles.document import PAGES, document_data, profile_pdf
from maillage.web.atlas.profiles.portrait import portrait_of
from maillage.web.atlas.profiles.subject import Subject, official_subject
from maillage.web.ui.words import NOT_AVAILABLE

KINDS = ("commune", "epci", "department", "region", "living_zone", "employment_zone", "nation")
ADDRESS = "http://testserver/territoires/"


def read(content):
    return PdfReader(io.BytesIO(content))


def words_of(reader):
    return " ".join(page.extract_text() for page in reader.pages)


def document_of(subject):
    return read(profile_pdf(portrait_of(subject), address=ADDRESS))


@pytest.mark.parametrize("kind", KINDS)
def test_a_territory_of_any_kind_takes_four_pages(one_of, kind):
    subject = one_of(kind)
    reader = document_of(subject)
    assert len(reader.pages) == PAGES == 4
    assert reader.metadata.title.startswith(subject.name)
    assert reader.trailer["/Root"]["/Lang"] == "fr"


def test_the_smallest_commune_takes_four_pages(fictional_store):
    units = fictional_store.units
    code = str(units["code"][units["population"].argmin()])
    assert len(document_of(official_subject(fictional_store, "commune", code)).pages) == PAGES


@pytest.mark.parametrize("code", ["20001", "20005"])
def test_a_store_without_maps_nor_services_makes_four_pages(tiny_store, code):
    reader = document_of(official_subject(tiny_store, "commune", code))
    assert len(reader.pages) == PAGES
    assert "Aucun contour" in words_of(reader)


@pytest.mark.parametrize(("kind", "n_columns"), [("nation", 3), ("department", 4)])
def test_a_nation_is_not_set_against_itself_and_no_figure_runs_into_the_next(
    one_of, kind, n_columns
):
    portrait = portrait_of(one_of(kind))
    unknown = replace(portrait.services[0], nation=NOT_AVAILABLE)
    told = document_data(
        replace(portrait, services=(unknown, *portrait.services[1:])), address=ADDRESS
    )["services"]
    assert {len(told["header"]), *map(len, told["rows"])} == {n_columns}
    assert NOT_AVAILABLE not in told["rows"][0]


def test_a_list_of_communes_takes_four_pages(client, list_of_mine):
    response = client.get(reverse("atlas:pdf", args=["custom", list_of_mine.public_id]))
    assert response["Content-Type"] == "application/pdf"
    reader = read(response.content)
    assert len(reader.pages) == PAGES
    assert "Mon PETR" in words_of(reader)


def test_every_page_says_that_the_figures_are_invented(one_of):
    reader = document_of(one_of("epci"))
    assert all("Données fictives" in page.extract_text() for page in reader.pages)


def test_every_page_bears_its_address_and_number(one_of):
    reader = document_of(one_of("epci"))
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert ADDRESS in text
        assert f"{number} / {PAGES}" in text


def test_the_document_is_tagged_for_readers_of_the_screen(one_of):
    reader = document_of(one_of("commune"))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize(
    "name",
    [
        '#pagebreak() #read("/etc/passwd")',
        "$ x^2 $ *gras* _penché_ = Titre",
        "] #panic[ \\ // /* `a`",
        '"); #eval("1")',
    ],
)
def test_a_name_is_printed_as_it_is_whatever_it_holds(tiny_store, name):
    rows = tiny_store.rows_of_codes(["20001", "20002"])
    reader = document_of(Subject(tiny_store, "custom", "abc", name, "abc", rows))
    assert len(reader.pages) == PAGES
    assert "".join(name.split()) in "".join(words_of(reader).split())


def test_a_very_long_name_and_many_sentences_still_fit(one_of):
    portrait = portrait_of(one_of("department"))
    subject = replace(portrait.subject, name="Communauté d’agglomération " * 12)
    long = replace(
        portrait,
        subject=subject,
        headline=portrait.headline * 6,
        strengths=portrait.context * 2,
        needs=portrait.context * 2,
    )
    assert len(read(profile_pdf(long, address=ADDRESS)).pages) == PAGES


def test_the_same_data_make_the_same_document(one_of):
    portrait = portrait_of(one_of("commune"))
    assert profile_pdf(portrait, address=ADDRESS) == profile_pdf(portrait, address=ADDRESS)


@pytest.mark.data
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("commune", "64422"),
        ("commune", "75056"),
        ("commune", "97611"),
        ("epci", "200067262"),
        ("department", "64"),
        ("department", "976"),
        ("region", "84"),
        ("nation", "FR"),
    ],
)
def test_real_territories_take_four_pages(national_store, kind, code):
    reader = document_of(official_subject(national_store, kind, code))
    assert len(reader.pages) == PAGES
    assert "fictives" not in words_of(reader)
