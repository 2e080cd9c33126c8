"""Sheets: read, checked, written, read back, compared."""

from typing import Any

import pytest

from maillage.web.register.content.checking import checked, missing
from maillage.web.register.content.differences import changes_between, readable
from maillage.web.register.content.fields import FIELDS, MOST_TERRITORIES, empty_content
from maillage.web.register.content.markdown import rendered
from maillage.web.register.content.places import read_places, written
from maillage.web.register.content.storing import content_of
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import FACET_CHOICES
from maillage.web.territories.models import Territory
from tests.web.register.conftest import SHEET, MakeInitiative

SCRIPT = "<script>alert(1)</script>"


def test_a_sheet_written_and_read_back_is_the_same_sheet(make: MakeInitiative):
    initiative = Initiative.objects.with_details().get(pk=make().pk)
    assert content_of(initiative) == checked(empty_content() | SHEET).content


def test_an_empty_sheet_reads_without_a_problem_and_lacks_what_is_required():
    read = checked({})
    assert read.content == empty_content()
    assert not read.problems
    assert {problem.key for problem in missing(read.content)} >= {"title", "holders", "territories"}


def test_a_checked_sheet_is_checked_again_without_a_change():
    once = checked(SHEET)
    assert checked(once.content) == once


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("title", "x" * 151),
        ("title", ["a list"]),
        ("title", True),
        ("description", "x" * 20_001),
        ("themes", ["magic"]),
        ("stage", "perfect"),
        ("start_year", "demain"),
        ("start_year", 20_190),
        ("staff_fte", "NaN"),
        ("staff_fte", "1e999"),
        ("staff_fte", "beaucoup"),
        ("staff_fte", "10000"),
        ("staff_fte", "-1"),
        ("source_url", "javascript:alert(1)"),
        ("source_url", "https://[bad"),
        ("territories", ["<b>"]),
        ("territories", [f"commune:{code:05}" for code in range(301)]),
        ("country_code", "France"),
        ("holders", "somebody"),
        ("holders", [{"kind": "ars"} | {"name": ""}, {"name": "x" * 201}]),
        ("figures", [{"label": "vus", "value": ""}]),
        ("figures", [{"label": str(number), "value": "1"} for number in range(41)]),
        ("budget_lines", [{"funder": "ARS", "share_pct": "101"}]),
        ("budget_lines", [{"funder": "ARS", "amount_eur": "-1"}]),
        ("budget_lines", [{"funder": "ARS", "amount_eur": "1000000000000"}]),
        ("figures", [{"label": "vus", "value": "9" * 40}]),
    ],
)
def test_a_value_that_cannot_be_kept_is_refused_with_a_sentence(key: str, given: Any):
    problems = checked({key: given}).problems
    assert [problem.key for problem in problems] == [key]
    assert problems[0].message


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("title", "  Un \x00 titre\u202e  ", "Un titre"),
        ("title", 12.0, "12"),
        ("start_year", "2019", 2019),
        ("start_year", 2019.0, 2019),
        ("staff_fte", "7,50", "7.5"),
        ("staff_fte", "5 300 €", "5300"),
        ("staff_fte", "7,3333", "7.33"),
        ("staff_fte", "-0", "0"),
        ("themes", "Attractivité ; numérique", ["digital", "attractiveness"]),
        ("stage", "déployée", "deployed"),
        ("description", "a  \r\nb\r\n", "a\nb"),
    ],
)
def test_a_value_is_kept_in_one_form(key: str, given: Any, kept: Any):
    read = checked({key: given})
    assert not read.problems
    assert read.content[key] == kept


def test_the_largest_number_of_each_field_fits_its_column(make: MakeInitiative):
    line = {"funder": "ARS", "amount_eur": "999999999999.99", "share_pct": "100"}
    figures = [{"label": str(value), "value": value} for value in (10**12, -(10**12))]
    sheet = {"staff_fte": "9999.99", "budget_lines": [line], "figures": figures}
    initiative = Initiative.objects.with_details().get(pk=make(**sheet).pk)
    assert content_of(initiative) == checked(SHEET | sheet).content


def test_a_year_of_end_before_the_start_is_refused():
    problems = checked({"start_year": 2020, "end_year": 2019}).problems
    assert [problem.key for problem in problems] == ["end_year"]


def test_lines_in_which_nothing_is_written_disappear():
    read = checked({"holders": [{"kind": "ars", "name": ""}, {"name": "URPS", "kind": "urps"}]})
    assert [holder["name"] for holder in read.content["holders"]] == ["URPS"]


def test_each_field_of_several_words_has_its_facet_and_vocabulary():
    shown = {field.facet: field.choices for field in FIELDS if field.facet is not None}
    assert shown == dict(FACET_CHOICES)


def test_a_difference_is_told_in_words():
    before = checked(SHEET).content
    after = checked(SHEET | {"stage": "closed", "promise": "Un bus va vers chacun."}).content
    told = {one.key: one for one in readable(changes_between(before, after))}
    assert set(told) == {"stage", "promise"}
    assert (told["stage"].before, told["stage"].after) == ("Déployée", "Terminée")
    kept = "".join(piece.text for piece in told["promise"].pieces if piece.status != "removed")
    assert kept == "Un bus va vers chacun."


@pytest.mark.parametrize(
    "hostile",
    [
        SCRIPT,
        "[ici](javascript:alert(1))",
        "[ici](data:text/html;base64,xx)",
        "![x](https://example.org/p.png)",
        '<img src=x onerror="alert(1)">',
        "<https://example.org> <b>gras</b>",
    ],
)
def test_no_markup_of_a_description_gets_through(hostile: str):
    html = rendered(hostile)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "<b>" not in html


def test_a_description_has_headings_lists_bold_and_links():
    html = rendered("## Un\n\n- **deux**\n\n[trois](https://example.org)\n\n##### Quatre")
    assert "<h3>Un</h3>" in html
    assert "<h4>Quatre</h4>" in html
    assert "<strong>deux</strong>" in html
    assert 'href="https://example.org" rel="nofollow ugc noopener"' in html


@pytest.mark.usefixtures("shown_store")
def test_a_place_is_read_by_code_by_name_and_as_we_write_it():
    epci = Territory.objects.get(kind="epci", code="200000001")
    lines = ["20001", "communaute de communes du levant", written(epci), "commune:20002"]
    read = read_places(lines)
    assert read.problems == ()
    assert read.references == ("commune:20001", "commune:20002", "epci:200000001")


@pytest.mark.usefixtures("shown_store")
def test_a_place_that_is_none_or_several_is_never_guessed():
    Territory.objects.filter(kind="department").update(name="Grandville", slug="grandville")
    read = read_places(["Nulle-Part", "Grandville"])
    assert read.references == ()
    assert "aucun territoire" in read.problems[0]
    assert "(département 20)" in read.problems[1]


@pytest.mark.django_db
def test_more_places_than_a_sheet_holds_are_refused_before_they_are_looked_up(
    django_assert_num_queries: Any,
):
    with django_assert_num_queries(0):
        read = read_places([f"lieu {number}" for number in range(MOST_TERRITORIES + 1)])
    assert (read.references, read.problems) == ((), ("301 territoires : 300 au plus.",))


def test_words_that_change_side_by_side_are_shown_together():
    before, after = ({"title": words} for words in ("un seul guichet ici", "un contact unique ici"))
    (one,) = readable(changes_between(empty_content() | before, empty_content() | after))
    assert [(piece.status, piece.text) for piece in one.pieces] == [
        ("same", "un "),
        ("removed", "seul guichet"),
        ("added", "contact unique"),
        ("same", " ici"),
    ]
