"""Files to take away: complete, sourced, and harmless to spreadsheets."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from python_calamine import CalamineWorkbook

from maillage.studies.indicators import indicator
from maillage.web.atlas.commune_files import header, stored_value
from maillage.web.atlas.map.choices import choice_of
from maillage.web.atlas.map.exports import csv_pieces, geojson_pieces, provenance, xlsx_file
from maillage.web.atlas.map.rows import columns_of, sorted_rows
from maillage.web.ui.spreadsheets import guarded


@pytest.fixture
def asked(tiny_store):
    choice = choice_of(tiny_store, {"zonage": "1"})
    return tiny_store, choice, sorted_rows(tiny_store, choice, "code")


def test_csv_opens_in_a_french_spreadsheet(asked):
    text = "".join(csv_pieces(*asked))
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    names = lines.index(header(columns_of(asked[1])))
    assert lines[names + 2][:2] == ["20002", "Commune 20002"]
    assert lines[names + 2][-1] == "2,4"
    assert lines[names + 5][-1] == ""  # not known
    assert len(lines) == names + 1 + 8


def test_every_file_says_source_year_licence_and_that_it_is_fictional(asked):
    store, choice, _ = asked
    text = "\n".join(provenance(store, choice))
    for word in ("FICTIVES", "2023", "Source : ", "Licence : ", store.version, "Vézillois"):
        assert word in text


def test_what_has_no_licence_is_named_with_its_source_and_given_in_no_file(asked):
    store, choice, rows = asked
    assert "zonage_gp" in [item.id for item in columns_of(choice)]
    assert "zonage_gp" not in header(columns_of(choice))
    assert "Pas dans ce fichier" in "\n".join(provenance(store, choice))
    assert "Zone d'intervention prioritaire" not in "".join(csv_pieces(store, choice, rows))


def test_the_error_of_a_modelled_figure_is_in_the_file(fictional_store):
    choice = choice_of(fictional_store, {"indicateur": "time_pharmacy_min"})
    assert choice.first.modelled
    assert "Valeur estimée" in "\n".join(provenance(fictional_store, choice))


def test_a_file_keeps_published_digits_and_gives_an_estimate_none_that_it_has_not():
    assert stored_value(indicator("apl_gp"), 3.717) == 3.717
    assert stored_value(indicator("share_65_plus"), 0.191) == 0.191
    assert stored_value(indicator("time_emergency_min"), 28.359321) == 28.4
    assert stored_value(indicator("apl_gp"), float("nan")) is None


def test_people_are_whole_numbers_told_once_and_shares_say_their_scale(fictional_store):
    asked = {"indicateur": "population", "second": "share_65_plus"}
    choice = choice_of(fictional_store, asked)
    names = header(columns_of(choice))
    assert names.count("population") == 1
    lines = "".join(csv_pieces(fictional_store, choice, np.arange(3))).splitlines()
    first = dict(zip(names, lines[-3].split(";"), strict=True))
    assert first["population"] == str(int(fictional_store.units["population"][0]))
    assert any("share_65_plus" in line and "part, de 0 à 1" in line for line in lines)


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_taken_for_a_formula(text):
    assert guarded(text) == f"'{text}"
    assert guarded("L'Île-d'Yeu") == "L'Île-d'Yeu"


def test_a_commune_named_like_a_formula_is_guarded_in_csv_and_text_in_xlsx(asked):
    store, choice, rows = asked
    units = store.units
    names = units["name"].copy()
    names[0] = '=HYPERLINK("http://example.org")'
    table = type(units)(units.schema, {**units.columns, "name": names})
    store = replace(store, units=table, _made={})
    assert "'=HYPERLINK" in "".join(csv_pieces(store, choice, rows))
    sheet = CalamineWorkbook.from_object(io.BytesIO(xlsx_file(store, choice, rows)))
    assert sheet.get_sheet_by_name("Communes").to_python()[1][1].startswith("=HYPERLINK")


def test_xlsx_keeps_codes_as_text_and_figures_as_numbers(asked):
    book = CalamineWorkbook.from_object(io.BytesIO(xlsx_file(*asked)))
    rows = book.get_sheet_by_name("Communes").to_python()
    assert rows[0] == header(columns_of(asked[1]))
    access = rows[0].index("apl_gp")
    assert rows[2][0] == "20002"
    assert rows[2][access] == 2.4
    assert rows[5][access] == ""
    assert "FICTIVES" in str(book.get_sheet_by_name("Sources").to_python())


def test_geojson_holds_the_contours_asked_for(fictional_store):
    code = str(fictional_store.membership("epci").codes[0])
    choice = choice_of(fictional_store, {"epci": code})
    rows = sorted_rows(fictional_store, choice, "nom")
    pieces = geojson_pieces(fictional_store, choice, rows, contours=fictional_store.contours)
    found = json.loads("".join(pieces))
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == rows.size > 3
    first = found["features"][0]
    assert first["properties"]["code_commune"] == fictional_store.units["code"][rows[0]]
    drawn = shapely.geometry.shape(first["geometry"])
    expected = fictional_store.contours[rows[0]]
    assert drawn.symmetric_difference(expected).area < 0.002 * expected.area


def test_geojson_of_more_than_a_piece_is_still_one_document(fictional_store):
    choice = choice_of(fictional_store, {})
    rows = np.tile(np.arange(fictional_store.n_units), 3)
    pieces = list(geojson_pieces(fictional_store, choice, rows, contours=fictional_store.contours))
    assert len(pieces) > 2
    assert len(json.loads("".join(pieces))["features"]) == rows.size


def test_a_commune_without_contour_has_no_geometry(tiny_store):
    choice = choice_of(tiny_store, {})
    rows = np.arange(1)
    nothing = np.array([shapely.Polygon()], dtype=object)
    found = json.loads("".join(geojson_pieces(tiny_store, choice, rows, contours=nothing)))
    assert found["features"][0]["geometry"] is None
