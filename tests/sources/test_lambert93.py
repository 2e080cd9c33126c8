import csv

import numpy as np
import pytest

from maillage.sources import lambert93, utm


@pytest.mark.data
def test_the_inverse_projection_agrees_with_what_finess_prints(data_dir):
    """10,004 establishments give both: their Lambert-93 has one decimal, 10 cm."""
    path = data_dir / "finess/finess_etablissements_occitanie.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if row["coordxet"]]
    column = {
        name: np.array([float(row[name]) for row in rows])
        for name in ("coordxet", "coordyet", "longitude", "latitude")
    }
    longitude, latitude = lambert93.to_lon_lat(column["coordxet"], column["coordyet"])
    assert len(rows) == 10_004
    assert np.abs(longitude - column["longitude"]).max() < 1e-9
    assert np.abs(latitude - column["latitude"]).max() < 1e-9


def test_the_origin_of_lambert_93_is_3_east_46_5_north():
    longitude, latitude = lambert93.to_lon_lat(np.array([700_000.0]), np.array([6_600_000.0]))
    assert longitude == pytest.approx([3.0], abs=1e-12)
    assert latitude == pytest.approx([46.5], abs=1e-12)


def test_no_coordinate_gives_no_place():
    longitude, latitude = lambert93.to_lon_lat(np.array([np.nan]), np.array([np.nan]))
    assert np.isnan(longitude).all()
    assert np.isnan(latitude).all()


@pytest.mark.parametrize(
    ("x_m", "y_m", "zone", "south", "expected"),
    [
        (657242.9, 1795384.4, 20, False, (-61.52874, 16.23400)),  # Guadeloupe, EPSG:5490
        (353672.8, 544349.1, 22, False, (-52.31973, 4.92347)),  # Guyane, EPSG:2972
        (323086.6, 7679599.8, 40, True, (55.29821, -20.97571)),  # La Réunion, EPSG:2975
        (524819.9, 8587194.7, 38, True, (45.22868, -12.77989)),  # Mayotte, EPSG:4471
        (563213.8, 5180306.8, 21, False, (-56.17201, 46.77332)),  # Saint-Pierre, EPSG:4467
    ],
)
def test_utm_agrees_with_proj(x_m, y_m, zone, south, expected):
    """Expected values by pyproj, to the five decimals in which they were recorded."""
    place = utm.to_lon_lat(np.array([x_m]), np.array([y_m]), zone=zone, south=south)
    assert (place[0][0], place[1][0]) == pytest.approx(expected, abs=6e-6)


def test_the_middle_of_a_utm_zone_is_its_meridian():
    longitude, latitude = utm.to_lon_lat(np.array([500_000.0]), np.array([0.0]), zone=31)
    assert (longitude[0], latitude[0]) == pytest.approx((3.0, 0.0), abs=1e-12)
