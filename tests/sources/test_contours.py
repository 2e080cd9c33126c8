import gzip
import io
import json
import tarfile

import numpy as np
import pytest
import shapely

from maillage.core.errors import InputError
from maillage.sources.contours import (
    geometries,
    read_2018_contours,
    read_commune_contours,
    read_department_contours,
    read_region_contours,
)

SQUARE = [[[0, 45], [1, 45], [1, 46], [0, 46], [0, 45]]]
BOW_TIE = [[[0, 45], [1, 46], [1, 45], [0, 46], [0, 45]]]


def feature(code="01001", coordinates=SQUARE, kind="Polygon", **properties):
    return {
        "type": "Feature",
        "properties": {"code": code, "nom": "Ici", "epci": None, **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


@pytest.fixture
def written(tmp_path):
    def write(*features):
        path = tmp_path / "communes.geojson.gz"
        path.write_bytes(gzip.compress(collection(*features)))
        return path

    return write


def test_a_polygon_comes_out_as_it_went_in(written):
    table = read_commune_contours(written(feature(departement="01", commune="75056")))
    assert geometries(table)[0].equals(shapely.Polygon(SQUARE[0]))
    assert table["department_code"].tolist() == ["01"]
    assert table["parent_code"].tolist() == ["75056"]
    assert table["epci_code"].tolist() == [""]


def test_a_contour_that_crosses_itself_is_mended_and_told(written):
    table = read_commune_contours(written(feature(coordinates=BOW_TIE)))
    assert shapely.is_valid(geometries(table)).all()
    assert geometries(table)[0].area == pytest.approx(0.5)
    assert table.notes == ("1 contours crossed themselves and were mended.",)


def test_a_contour_flattened_to_a_line_is_left_out_and_named(written):
    flat = [[[0, 45], [1, 45], [0.5, 45], [0, 45]]]
    table = read_commune_contours(written(feature(coordinates=flat), feature(code="01002")))
    assert table["commune_code"].tolist() == ["01002"]
    assert table.notes == ("1 contours have no area and are left out: 01001.",)


def test_a_feature_without_polygon_is_refused(written):
    with pytest.raises(InputError, match="has no polygon"):
        read_commune_contours(written(feature(kind="Point", coordinates=[0, 45])))


def test_a_feature_with_no_shape_at_all_is_refused(written):
    with pytest.raises(InputError, match=r"feature|GeoJSON"):
        read_commune_contours(written({**feature(), "geometry": None}, feature(code="01002")))


def test_an_archive_that_unfolds_into_too_much_is_refused(archive, monkeypatch):
    monkeypatch.setattr("maillage.sources.contours.MAX_EXPANDED_BYTES", 100)
    with pytest.raises(InputError, match="unfolds into too much"):
        read_2018_contours(archive)


def test_a_feature_without_code_is_refused(written):
    with pytest.raises(InputError, match="feature 1: '1' is not a commune code"):
        read_commune_contours(written(feature(code="1")))


@pytest.mark.parametrize("content", [b"not json", b"{}", b"[]", b'{"features": [1]}'])
def test_a_file_that_is_not_geojson_is_refused(tmp_path, content):
    path = tmp_path / "departements.geojson"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not GeoJSON"):
        read_department_contours(path)


def test_a_web_page_is_refused(tmp_path):
    path = tmp_path / "regions.geojson"
    path.write_text("<!DOCTYPE html>")
    with pytest.raises(InputError, match="is a web page"):
        read_region_contours(path)


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "communes.tar.gz"
    with tarfile.open(path, "w:gz") as target:
        for name, code in (("01-ain", "01001"), ("2a-corse-du-sud", "2A004")):
            content = collection(feature(code=code))
            member = tarfile.TarInfo(f"departements/{name}/communes-{name}.geojson")
            member.size = len(content)
            target.addfile(member, io.BytesIO(content))
    return path


def test_departments_of_the_archive_are_read_or_chosen(archive):
    assert read_2018_contours(archive)["commune_code"].tolist() == ["01001", "2A004"]
    assert read_2018_contours(archive, departments=["2A"])["department_code"].tolist() == ["2A"]


def test_a_cut_archive_is_refused(archive):
    archive.write_bytes(archive.read_bytes()[:-60])
    with pytest.raises(InputError, match=r"not a whole tar\.gz"):
        read_2018_contours(archive)


@pytest.mark.data
def test_the_national_contours_have_their_known_counts(data_dir):
    table = read_commune_contours(data_dir / "geometry/communes-1000m-2022.geojson.gz")
    assert len(table) == 35000 - 2  # 39140 and 41284 are simplified to a line
    assert (table["parent_code"] != "").sum() == 45
    shapes = geometries(table)
    assert shapely.is_valid(shapes).all()
    assert np.isin(shapely.get_type_id(shapes), (3, 6)).all()


@pytest.mark.data
def test_departments_and_regions_have_their_known_counts(data_dir):
    assert len(read_department_contours(data_dir / "geometry/departements-1000m.geojson")) == 101
    assert len(read_region_contours(data_dir / "geometry/regions-1000m.geojson")) == 18


@pytest.mark.data
def test_one_department_of_2018_is_read_from_the_archive(data_dir):
    path = data_dir / "geometry/france-geojson-2018-communes-par-departement.tar.gz"
    table = read_2018_contours(path, departments=["64"])
    assert len(table) == 546  # communes of Pyrénées-Atlantiques in 2018
