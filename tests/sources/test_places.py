"""Centroids and postal codes."""

import numpy as np
import pytest

from maillage.core.errors import InputError
from maillage.sources.centroids import read_centroids, read_derived_centroids
from maillage.sources.postal_codes import read_postal_codes, read_postal_points

POINTS_HEADER = (
    "code_commune_insee,nom_de_la_commune,code_postal,libelle_d_acheminement,ligne_5,_geopoint\n"
)


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "places.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_centroids_are_read_past_the_column_without_a_name(written):
    path = written(";GeoPoint;Annee;Code_Officiel_Commune;latitude;longitude\n0;x;2025;1004;45;5\n")
    table = read_centroids(path)
    assert list(table.rows()) == [{"commune_code": "01004", "lon": 5.0, "lat": 45.0}]


def test_projected_coordinates_are_refused(written):
    path = written("Code_Officiel_Commune;latitude;longitude\n01004;6500000;5\n")
    with pytest.raises(InputError, match="not in degrees"):
        read_centroids(path)


def test_a_commune_without_a_point_is_refused(written):
    path = written("Code_Officiel_Commune;latitude;longitude\n01004;;5\n")
    with pytest.raises(InputError, match="no number where one is due"):
        read_centroids(path)


def test_postal_codes_are_n_to_n_and_foreign_places_left_out(written):
    path = written(
        "Code_commune_INSEE,Nom_de_la_commune,Code_postal,Intitule,Ligne_5\n"
        "01001,A,1400,A,\n01001,A,01410,A,LE HAMEAU\n01002,B,01400,B,\n99138,MONACO,98000,MONACO,\n"
    )
    table = read_postal_codes(path)
    assert table["postal_code"].tolist() == ["01400", "01410", "01400"]
    assert "1 lines of foreign places left out." in table.notes


def test_a_point_may_be_missing_and_is_latitude_first(written):
    path = written(f'{POINTS_HEADER}01001,A,01400,A,,"46.1,4.9"\n01002,B,01400,B,,\n')
    table = read_postal_points(path)
    assert (table["lat"][0], table["lon"][0]) == (46.1, 4.9)
    assert np.isnan(table["lon"][1])
    assert table.notes == ("1 lines have no point.",)


@pytest.mark.parametrize("point", ["46.1", "146.1,4.9", "north,4.9"])
def test_a_point_that_is_not_one_is_refused(written, point):
    with pytest.raises(InputError):
        read_postal_points(written(f'{POINTS_HEADER}01001,A,01400,A,,"{point}"\n'))


@pytest.mark.data
def test_national_points_have_their_known_counts(data_dir):
    assert len(read_centroids(data_dir / "communes/odis_centroides_communes_2025.csv")) == 34888
    derived = read_derived_centroids(data_dir / "geometry/communes_centroides_2022.csv")
    assert len(derived) == 35000
    assert not {"27676", "60694", "85165", "85212"} & set(derived["commune_code"])


@pytest.mark.data
def test_national_postal_codes_have_their_known_counts(data_dir):
    codes = read_postal_codes(data_dir / "communes/odis_corresp_codes_communes.csv")
    assert len(codes) == 44356 - 1  # Monaco
    points = read_postal_points(data_dir / "communes/laposte_insee-coordonnees-communes.csv")
    assert len(points) == 39192 - 1
    assert np.isnan(points["lon"]).sum() == 53 - 1
