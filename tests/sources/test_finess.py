import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.finess import read_finess
from maillage.sources.finess_positions import commune_codes, lon_lat
from maillage.sources.names import text_array

EXTRACT = "finess/finess_etablissements_occitanie.csv"


@pytest.fixture(scope="module")
def occitanie(data_dir):
    return read_finess(data_dir / EXTRACT)


@pytest.mark.data
def test_the_extract_of_occitanie_holds_its_establishments(occitanie):
    assert len(occitanie) == 10_007
    kinds = occitanie["category_code"].tolist()
    assert [kinds.count(code) for code in ("620", "603", "124", "604")] == [1888, 372, 280, 82]
    assert occitanie.notes == ("3 rows without coordinates.",)


@pytest.mark.data
def test_every_establishment_of_the_extract_lies_in_its_region(occitanie):
    longitude = occitanie["longitude"][~np.isnan(occitanie["longitude"])]
    latitude = occitanie["latitude"][~np.isnan(occitanie["latitude"])]
    assert (longitude > -0.5).all()
    assert (longitude < 5).all()
    assert (latitude > 42.3).all()
    assert (latitude < 45.1).all()


def structure(number="010000024", *, commune="451", department="01", name="CH DE FLEYRIAT"):
    """Return one `structureet` record, 32 cells."""
    cells = [""] * 32
    cells[:4] = ["structureet", number, "010780054", name]
    cells[7:10] = ["900", "RTE", "DE PARIS"]
    cells[12:14] = [commune, department]
    cells[15] = "01440 VIRIAT"
    cells[18:20] = ["355", "Centre Hospitalier (C.H.)"]
    cells[28] = "1979-02-13"
    return ";".join(cells)


def point(number="010000024", x="870262.2", y="6571540.8", source="1,ATLASANTE,96,BAN,LAMBERT_93"):
    return f"geolocalisation;{number};{x};{y};{source};2026-05-04"


def stock(path, *records, encoding="latin-1"):
    path.write_bytes("\r\n".join(["finess;etalab;98;2026-05-12", *records, ""]).encode(encoding))
    return path


def test_records_of_the_stock_are_joined_to_their_points(tmp_path):
    """Expected place by pyproj."""
    [row] = read_finess(stock(tmp_path / "f.csv", structure(), point())).rows()
    assert row["commune_code"] == "01451"
    assert row["address"] == "900 RTE DE PARIS"
    assert row["category_code"] == "355"
    assert (row["longitude"], row["latitude"]) == pytest.approx((5.20918, 46.22229), abs=6e-6)


def test_latin_1_and_quotation_marks_are_read_as_they_are(tmp_path):
    finess = read_finess(stock(tmp_path / "f.csv", structure(name='EHPAD "LES CHÊNES'), point()))
    assert finess["name"].tolist() == ['EHPAD "LES CHÊNES']
    assert finess.notes == ("The file is written in Latin-1, not in UTF-8.",)


def test_utf_8_is_read_too(tmp_path):
    path = stock(tmp_path / "f.csv", structure(name="CHÊNES"), point(), encoding="utf-8")
    assert read_finess(path)["name"].tolist() == ["CHÊNES"]


@pytest.mark.parametrize(
    "source",
    ["2,ATLASANTE,96,BAN,EPSG:5490 RGAF09/UTM Zone 20N (Antilles)", "1,A,100,IGN,UTM_N20", ""],
)
def test_overseas_establishments_are_placed_in_their_own_projection(tmp_path, source):
    records = (
        structure("970100012", commune="101", department="9A"),
        point("970100012", "657242.9", "1795384.4", source),
    )
    [row] = read_finess(stock(tmp_path / "f.csv", *records)).rows()
    assert row["commune_code"] == "97101"
    assert (row["longitude"], row["latitude"]) == pytest.approx((-61.52874, 16.234), abs=6e-6)


def test_an_establishment_without_a_point_has_no_place_and_is_told(tmp_path):
    finess = read_finess(stock(tmp_path / "f.csv", structure()))
    assert np.isnan(finess["longitude"]).all()
    assert "1 rows without coordinates." in finess.notes


def test_a_point_far_from_france_is_refused_and_told(tmp_path):
    """Swapped coordinates, as columns in another order give."""
    records = (structure(), point(x="6571540.8", y="870262.2"))
    finess = read_finess(stock(tmp_path / "f.csv", *records))
    assert np.isnan(finess["latitude"]).all()
    assert "1 rows whose coordinates fall far from France: left out." in finess.notes


REGISTER = (
    "nofinesset;nofinessej;rs;rslongue;numvoie;typvoie;voie;commune;departement;ligneacheminement;"
    "categetab;libcategetab;siret;dateouv;coordxet;coordyet;sourcecoordet"
)
REGISTER_ROW = (
    "{number};010780054;CH;CENTRE;900;RTE;DE PARIS;451;01;01440 VIRIAT;355;Centre Hospitalier;"
    "26010004500012;1979-02-13;870262.2;6571540.8;1,ATLASANTE,96,BAN,EPSG:2154 RGF93"
)


def test_a_register_with_a_header_is_read_by_its_names(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(f"{REGISTER}\n{REGISTER_ROW.format(number='010000024')}\n")
    [row] = read_finess(path).rows()
    assert (row["finess_et"], row["commune_code"]) == ("010000024", "01451")
    assert row["siret"] == "26010004500012"
    assert row["longitude"] == pytest.approx(5.20918, abs=6e-6)


def test_a_lost_zero_of_a_finess_number_is_put_back(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(f"{REGISTER}\n{REGISTER_ROW.format(number='10000024')}\n")
    finess = read_finess(path)
    assert finess["finess_et"].tolist() == ["010000024"]
    assert "leading zero" in finess.notes[0]


def test_an_establishment_given_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match="a second time"):
        read_finess(stock(tmp_path / "f.csv", structure(), structure()))


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(REGISTER.replace("categetab", "categorie") + "\n")
    with pytest.raises(InputError, match="categetab"):
        read_finess(path)


def test_a_record_with_other_cells_is_refused(tmp_path):
    with pytest.raises(InputError, match="Expected 32 cells"):
        read_finess(stock(tmp_path / "f.csv", structure() + ";;"))


def test_a_stock_without_establishments_is_refused(tmp_path):
    with pytest.raises(InputError, match="no line begins with 'structureet;'"):
        read_finess(stock(tmp_path / "f.csv", point()))


def test_a_web_page_is_refused(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("<!DOCTYPE html><html></html>")
    with pytest.raises(InputError, match="web page"):
        read_finess(path)


@pytest.mark.parametrize(
    ("department", "commune", "expected"),
    [("01", "451", "01451"), ("2A", "4", "2A004"), ("9D", "411", "97411"), ("974", "411", "97411")],
)
def test_a_department_and_a_commune_make_an_insee_code(department, commune, expected):
    codes = commune_codes(text_array([department]), text_array([commune]), file="f.csv")
    assert codes.tolist() == [expected]


def test_a_pair_that_makes_no_code_is_refused():
    with pytest.raises(InputError, match=r"f\.csv: 'ZZ451' is not a commune code"):
        commune_codes(text_array(["ZZ"]), text_array(["451"]), file="f.csv")


def test_no_establishment_gives_no_place():
    none = np.array([])
    longitude, _, refused = lon_lat(none, none, sources=text_array([]), communes=text_array([]))
    assert longitude.shape == (0,)
    assert refused == 0
