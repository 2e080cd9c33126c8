import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from maillage.core.errors import InputError
from maillage.sources.schools import read_schools


@pytest.fixture(scope="module")
def schools(data_dir):
    return read_schools(data_dir / "schools/annuaire_ecoles_france_mini.parquet")


@pytest.mark.data
def test_each_school_stands_once(schools):
    assert len(schools) == 68_792 - 74
    assert schools.notes == ("74 rows repeat the UAI of another: left out.",)


@pytest.mark.data
def test_pupils_are_filled_for_five_schools_in_six(schools):
    known = schools["pupils"] == schools["pupils"]
    assert known.mean() == pytest.approx(0.845, abs=0.001)
    primary = (schools["kind"] == "Ecole") & known
    assert schools["pupils"][primary].sum() == pytest.approx(6.31e6, rel=0.005)


def school(uai="0311094W", **cells):
    return {
        "identifiant_de_l_etablissement": uai,
        "nom_etablissement": "École du Bourg",
        "type_etablissement": "Ecole",
        "statut_public_prive": "Public",
        "code_commune": "31561",
        "ecole_maternelle": 1.0,
        "ecole_elementaire": None,
        "nombre_d_eleves": 42.0,
        "geometry": shapely.to_wkb(shapely.Point(1.5, 43.5)),
    } | cells


def written(folder, *rows):
    path = folder / "schools.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows)), path)
    return path


def test_a_school_is_read_with_its_place(tmp_path):
    [row] = read_schools(written(tmp_path, school())).rows()
    assert (row["longitude"], row["latitude"], row["pupils"]) == (1.5, 43.5, 42.0)
    assert (row["has_nursery"], row["has_elementary"]) == (True, False)


def test_the_export_of_the_ministry_gives_longitude_and_latitude(tmp_path):
    rows = [school(longitude=1.5, latitude=43.5), school("1", longitude=None, latitude=None)]
    for row in rows:
        del row["geometry"]
    schools = read_schools(written(tmp_path, *rows))
    assert str(schools["longitude"].tolist()) == "[1.5, nan]"
    assert schools.notes[-1] == "1 schools without a place."


def test_the_first_row_of_a_repeated_school_is_kept(tmp_path):
    path = written(tmp_path, school(), school("0"), school(nombre_d_eleves=7.0))
    assert read_schools(path)["pupils"].tolist() == [42.0, 42.0]


def test_a_service_without_status_or_pupils_is_kept(tmp_path):
    rows = [school(), school("1", statut_public_prive=None, nombre_d_eleves=None)]
    schools = read_schools(written(tmp_path, *rows))
    assert schools["sector"].tolist() == ["Public", ""]
    assert str(schools["pupils"].tolist()) == "[42.0, nan]"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"geometry": b"rien"}, "is not WKB"),
        ({"geometry": shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)]))}, "expected a point"),
        ({"geometry": None}, "expected a point"),
        ({"code_commune": "1004"}, "not a commune code"),
    ],
)
def test_a_cell_that_makes_no_sense_is_refused(tmp_path, cells, message):
    with pytest.raises(InputError, match=message):
        read_schools(written(tmp_path, school(), school("1", **cells)))


def test_a_missing_column_is_named(tmp_path):
    row = school()
    del row["code_commune"]
    with pytest.raises(InputError, match=r"columns \['code_commune'\] are missing"):
        read_schools(written(tmp_path, row))


def test_a_cut_file_is_refused(tmp_path):
    path = written(tmp_path, school())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="not a whole Parquet file"):
        read_schools(path)
