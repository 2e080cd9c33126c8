"""Minutes from the distance as the crow flies, and the nearest facility."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.engines.accessibility.crow_fly import (
    METRIC_GIRONDE,
    CrowFlyModel,
    chord,
    errors_of,
    fit,
    great_circle_km,
    trips_within,
    unit_sphere,
)
from maillage.engines.accessibility.nearest import nearest_facility

PLAIN = CrowFlyModel(knots_km=(0.0, 30.0), knots_min=(2.0, 32.0), valid_to_km=30.0)
ONE_DEGREE_KM = 2 * math.pi * 6371.0088 / 360


def test_paris_to_marseille_is_661_km():
    km = great_circle_km(
        np.array([2.3522]), np.array([48.8566]), np.array([5.3698]), np.array([43.2965])
    )
    assert km[0] == pytest.approx(660.5, abs=1)


def test_minutes_follow_the_line_and_go_on_beyond_it():
    assert PLAIN.minutes(np.array([0.0, 15.0, 30.0, 60.0])) == pytest.approx([2, 17, 32, 62])
    assert PLAIN.kilometres(17.0) == pytest.approx(15)
    assert PLAIN.kilometres(62.0) == pytest.approx(60)
    assert PLAIN.kilometres(1.0) == 0


@given(st.floats(0, 400))
def test_kilometres_undo_minutes(km):
    assert METRIC_GIRONDE.kilometres(
        float(METRIC_GIRONDE.minutes(np.array([km]))[0])
    ) == pytest.approx(km, rel=1e-9, abs=1e-6)


def test_the_error_is_told_by_distance():
    assert METRIC_GIRONDE.error_sd_min(5.0) == 1.9
    assert METRIC_GIRONDE.error_sd_min(25.0) == 7.3
    assert math.isnan(PLAIN.error_sd_min(5.0))


@pytest.mark.parametrize(
    ("kms", "minutes"),
    [
        ((0.0,), (1.0,)),
        ((0.0, 1.0), (1.0,)),
        ((1.0, 2.0), (1.0, 2.0)),
        ((0.0, 1.0), (2.0, 1.0)),
        ((0.0, 1.0), (-1.0, 1.0)),
    ],
)
def test_lines_that_make_no_sense_are_refused(kms, minutes):
    with pytest.raises(InputError, match="expected"):
        CrowFlyModel(knots_km=kms, knots_min=minutes, valid_to_km=1.0)


def test_a_fit_finds_a_broken_line_again_in_spite_of_wild_trips():
    rng = np.random.default_rng(0)
    km = rng.uniform(0, 150, 2000)
    truth = CrowFlyModel(knots_km=(0.0, 30.0, 150.0), knots_min=(2.0, 35.0, 131.0), valid_to_km=150)
    minutes = truth.minutes(km) + rng.normal(0, 1, km.size)
    minutes[::100] += 200  # one trip in a hundred is wrong
    found = fit(distance_km=km, minutes=np.maximum(minutes, 0), error_ends_km=(30.0, 40.0))
    assert found.minutes(np.array([0.0, 30.0, 140.0])) == pytest.approx([2, 35, 123], abs=0.3)
    assert [error.up_to_km for error in found.errors] == [30, 40]


@pytest.mark.parametrize("bends", [(30.0,), (200.0,)])
def test_too_few_trips_are_not_fitted(bends):
    with pytest.raises(NotEnoughDataError, match="at least 10"):
        fit(distance_km=np.linspace(0, 100, 12), minutes=np.ones(12), bends_km=bends)


def test_a_class_with_one_trip_has_no_error():
    assert errors_of(PLAIN, distance_km=np.array([1.0]), minutes=np.array([3.0])) == ()


@pytest.mark.data
def test_the_calibration_is_that_of_the_sample(data_dir):
    path = data_dir / "travel" / "gironde_metric_vs_osrm_2500_couples.csv"
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if float(row["metric_min_hc"]) < 9999]
    km = np.array([float(row["crow_km"]) for row in rows])
    minutes = np.array([float(row["metric_min_hc"]) for row in rows])
    near = km < 30
    slope, start = np.polyfit(km[near], minutes[near], 1)
    assert len(rows) == 2495
    assert (start, slope) == pytest.approx((1.85, 1.10), abs=0.005)  # rounded to the hundredth
    told = {error.up_to_km: error for error in METRIC_GIRONDE.errors}
    for error in errors_of(METRIC_GIRONDE, distance_km=km, minutes=minutes):
        assert error.sd_min == pytest.approx(told[error.up_to_km].sd_min, abs=0.05)
        assert error.bias_min == pytest.approx(told[error.up_to_km].bias_min, abs=0.051)
        assert error.n_pairs == told[error.up_to_km].n_pairs


POINTS = st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(44.7, 45.3)), min_size=1, max_size=9)


@given(POINTS, POINTS, st.floats(3, 40))
def test_trips_are_all_those_within_reach(places, sites, minutes):
    lon, lat = np.array(places).T
    site_lon, site_lat = np.array(sites).T
    trips = trips_within(
        model=PLAIN, minutes=minutes, lon=lon, lat=lat, site_lon=site_lon, site_lat=site_lat
    )
    km = great_circle_km(lon[:, None], lat[:, None], site_lon[None, :], site_lat[None, :])
    times = PLAIN.minutes(km)
    sure = times <= minutes - 1e-6
    possible = times <= minutes + 1e-6
    found = np.zeros(times.shape, dtype=bool)
    rows = np.repeat(np.arange(lon.size), np.diff(trips.indptr))
    found[rows, trips.destination] = True
    assert (found[sure]).all()
    assert not found[~possible].any()
    assert trips.travel_time_min == pytest.approx(times[rows, trips.destination], abs=1e-4)


def test_a_place_reaches_itself_at_the_access_time():
    trips = trips_within(model=PLAIN, minutes=2.0, lon=np.array([1.0]), lat=np.array([45.0]))
    assert trips.destination.tolist() == [0]
    assert trips.travel_time_min.tolist() == [2.0]


def test_no_trip_crosses_the_sea():
    close = {"lon": np.array([0.0, 0.01, 0.02]), "lat": np.array([45.0, 45.0, 45.0])}
    trips = trips_within(model=PLAIN, minutes=10, group=np.array([0, 1, 1]), **close)
    assert np.diff(trips.indptr).tolist() == [1, 2, 2]
    both = trips_within(
        model=PLAIN,
        minutes=10,
        site_lon=close["lon"],
        site_lat=close["lat"],
        group=np.array([0, 1, 1]),
        site_group=np.array([0, 0, 0]),
        **close,
    )
    assert np.diff(both.indptr).tolist() == [3, 0, 0]


def test_a_great_circle_is_never_longer_than_half_the_earth():
    assert chord(1e9) == pytest.approx(2)


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (np.zeros(2), np.zeros(3), "shape"),
        (np.array([420_000.0]), np.array([6_400_000.0]), "Lambert-93"),
        (np.array([np.nan]), np.array([0.0]), "expected degrees"),
    ],
)
def test_points_must_be_degrees(lon, lat, message):
    with pytest.raises(InputError, match=message):
        unit_sphere(lon, lat)


def test_the_nearest_facility_is_the_nearest():
    found = nearest_facility(
        model=PLAIN,
        lon=np.array([0.0, 0.0]),
        lat=np.array([45.0, 47.0]),
        facility_lon=np.array([0.0, 0.0]),
        facility_lat=np.array([46.9, 45.1]),
    )
    assert found.facility.tolist() == [1, 0]
    assert found.distance_km == pytest.approx([0.1 * ONE_DEGREE_KM, 0.1 * ONE_DEGREE_KM])
    assert found.travel_time_min == pytest.approx(2 + found.distance_km)
    assert not found.extrapolated.any()


def test_an_island_without_facility_has_no_minutes_and_far_ones_are_told():
    found = nearest_facility(
        model=PLAIN,
        lon=np.array([0.0, 0.0, 0.0]),
        lat=np.array([45.0, 45.1, 47.0]),
        facility_lon=np.array([0.0]),
        facility_lat=np.array([45.0]),
        group=np.array([0, 7, 0]),
        facility_group=np.array([0]),
    )
    assert found.no_road.tolist() == [False, True, False]
    assert found.travel_time_min[1] == math.inf
    assert found.facility.tolist() == [0, -1, 0]
    assert found.extrapolated.tolist() == [False, False, True]


def test_no_facility_at_all_is_not_an_infinite_time():
    with pytest.raises(NotEnoughDataError, match="No facility"):
        nearest_facility(
            model=PLAIN,
            lon=np.zeros(1),
            lat=np.zeros(1),
            facility_lon=np.zeros(0),
            facility_lat=np.zeros(0),
        )
