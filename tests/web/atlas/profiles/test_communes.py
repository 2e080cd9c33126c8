"""The list of communes of a territory, on a page and as files."""

import csv
import io
import json
import zipfile

import numpy as np
import pytest
from django.urls import reverse

from maillage.studies.indicators import indicator
from maillage.web.atlas.profiles.communes import SORTS, commune_rows, sorted_rows

ADDRESS = ["department", "20-vezillois-departement-fictif"]


def listed(client, **query):
    response = client.get(reverse("atlas:communes", args=ADDRESS), query)
    assert response.status_code == 200
    return [commune.code for commune in response.context["communes"]], response.content.decode()


def test_communes_without_a_figure_come_last_either_way(tiny_store):
    rows = np.arange(tiny_store.n_units)
    unknown = tiny_store.row_of["20005"]
    for sort in ("apl", "-apl"):
        assert sorted_rows(tiny_store, rows, sort=sort)[-1] == unknown


@pytest.mark.parametrize("sort", SORTS)
def test_a_sort_loses_no_commune(fictional_store, sort):
    rows = np.arange(0, fictional_store.n_units, 3)
    for asked in (sort, f"-{sort}"):
        found = sorted_rows(fictional_store, rows, sort=asked)
        assert np.array_equal(np.sort(found), rows)


def test_names_sort_without_minding_accents(fictional_store):
    rows = sorted_rows(fictional_store, np.arange(fictional_store.n_units), sort="nom")
    names = [fictional_store.units["name"][row] for row in rows]
    plain = [name.casefold().replace("é", "e").replace("è", "e") for name in names]
    starts = [name[0] for name in plain]
    assert starts == sorted(starts)


def test_the_page_is_sorted_by_links(client, shown_store):
    codes, page = listed(client, tri="-apl")
    assert codes[:2] == ["20001", "20101"]
    assert 'aria-sort="descending"' in page
    assert listed(client, tri="mot-de-passe")[0] == listed(client)[0]


def test_the_page_is_cut_and_keeps_its_sort(client, fictional_site, one_of):
    subject = one_of("department")
    address = reverse("atlas:communes", args=["department", subject.address])
    response = client.get(address, {"tri": "-habitants", "page": "2"})
    assert "tri=-habitants&amp;page=3" in response.content.decode()
    people = fictional_site.units["population"]
    shown = [people[fictional_site.row_of[one.code]] for one in response.context["communes"]]
    assert shown == sorted(shown, reverse=True)
    assert len(shown) == 100


def test_the_page_takes_one_query(client, shown_store, django_assert_num_queries):
    with django_assert_num_queries(1):
        listed(client)


def test_what_is_below_the_threshold_is_said_in_words_too(client, shown_store):
    row = next(one for one in commune_rows(shown_store, np.arange(8)) if one.code == "20003")
    assert row.is_below
    page = listed(client)[1]
    expected = int((shown_store.indicator("apl_gp") < 2.5).sum())
    assert page.count("(sous le seuil de 2,5)") == expected


def test_the_csv_says_its_sources_and_holds_the_figures(client, shown_store):
    response = client.get(reverse("atlas:communes_file", args=[*ADDRESS, "csv"]))
    text = response.content.decode("utf-8-sig")
    notes = [line for line in text.splitlines() if line.startswith("#")]
    assert any("DONNÉES FICTIVES" in note for note in notes)
    assert any("apl_gp : " in note for note in notes)
    rows = list(
        csv.DictReader(
            (line for line in text.splitlines() if not line.startswith("#")), delimiter=";"
        )
    )
    by_code = {row["code_commune"]: row for row in rows}
    assert by_code["20002"]["apl_gp"] == "2,4"
    assert by_code["20005"]["apl_gp"] == ""
    assert 'filename="maillage-departement-20-vezillois' in response["Content-Disposition"]


def test_the_workbook_opens_and_holds_no_formula(client, shown_store):
    response = client.get(reverse("atlas:communes_file", args=[*ADDRESS, "xlsx"]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>2.4</v>" in sheet


def test_the_json_has_null_where_a_figure_is_unknown(client, shown_store):
    response = client.get(reverse("atlas:communes_file", args=[*ADDRESS, "json"]))
    told = json.loads(response.content, parse_constant=pytest.fail)
    assert told["format"] == "maillage.communes/1"
    by_code = {one["code"]: one for one in told["communes"]}
    assert by_code["20005"]["apl_gp"] is None
    assert "zonage_gp" not in by_code["20001"]  # no licence lets us give it on
    assert told["indicators"]["apl_gp"]["unit"] == indicator("apl_gp").unit


def test_another_format_is_not_found(client, shown_store):
    address = reverse("atlas:communes_file", args=[*ADDRESS, "exe"])
    assert client.get(address).status_code == 404
