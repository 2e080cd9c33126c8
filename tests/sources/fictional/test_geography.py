import numpy as np
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from maillage.core.errors import InputError
from maillage.sources.fictional import imagine_department
from maillage.sources.fictional.geography import draw_land, to_lonlat

SEEDS = (0, 1, 7)


@pytest.fixture(params=SEEDS)
def land(request):
    return draw_land(np.random.default_rng(request.param), n_cells=120)


def test_contours_are_a_partition_without_overlap_or_gap(land):
    assert shapely.is_valid(land.shapes).all()
    assert shapely.coverage_is_valid(land.shapes)
    mainland = shapely.union_all(land.shapes[:-1])
    assert mainland.geom_type == "Polygon"
    assert len(mainland.interiors) == 0


def test_the_island_touches_nothing(land):
    shore = shapely.union_all(land.shapes[:-1])
    assert land.shapes[land.island].distance(shore) > 0.02  # degrees, about 2 km
    assert not (land.neighbours == land.island).any()


def test_neighbours_share_an_edge_and_all_the_mainland_hangs_together(land):
    one, other = land.neighbours.T
    shared = shapely.length(shapely.intersection(land.shapes[one], land.shapes[other]))
    assert (shared > 0).all()
    size = len(land.shapes) - 1
    graph = coo_matrix((np.ones(one.size), (one, other)), shape=(size, size))
    assert connected_components(graph, directed=False)[0] == 1


def test_edges_are_bent_not_straight(land):
    corners = shapely.get_num_coordinates(land.shapes)
    hull = shapely.area(shapely.convex_hull(land.shapes))
    assert np.median(corners) > 20
    assert np.mean(shapely.area(land.shapes) / hull) < 0.99  # a Voronoi cell would have 1


def test_areas_are_those_of_french_communes(land):
    assert land.area_km2.sum() / land.area_km2.size == pytest.approx(17, rel=0.15)
    assert land.area_km2.min() > 1


def test_it_stands_in_the_bay_of_biscay_far_from_any_shore(land):
    west, south, east, north = shapely.total_bounds(land.shapes)
    assert -8 < west < east < -4
    assert 44.5 < south < north < 47.5


def test_mountains_stand_in_the_east_and_valleys_lower_than_ridges(land):
    east = land.xy_km[:, 0] > 0.4 * land.radius_km
    west = land.xy_km[:, 0] < -0.4 * land.radius_km
    assert np.median(land.elevation_m[east]) > 4 * np.median(land.elevation_m[west])
    far_east = land.xy_km[:, 0] > 0.5 * land.radius_km
    valley = far_east & (land.river_km < 1.5)
    ridge = far_east & (land.river_km > 4)
    assert land.elevation_m[valley].mean() < land.elevation_m[ridge].mean()


def test_a_point_one_degree_north_is_one_degree_away():
    assert to_lonlat(np.array([[0.0, 0.0], [0.0, 111.2]])) == pytest.approx(
        np.array([[-6.0, 46.0], [-6.0, 47.0]])
    )


def test_minutes_behave_as_the_sample_of_insee(department):
    """METRIC under 30 km: about 1.85 + 1.10 min per km; ours must stay close to that line."""
    distance = np.linalg.norm(department.land.xy_km[:, None] - department.land.xy_km[None], axis=2)
    near = (distance > 0) & (distance < 30) & np.isfinite(department.minutes)
    slope, start = np.polyfit(distance[near], department.minutes[near], 1)
    assert 1.0 < slope < 1.4
    assert 0 < start < 4


def test_minutes_are_symmetric_zero_at_home_and_infinite_from_the_island(department):
    minutes, island = department.minutes, department.land.island
    assert np.array_equal(minutes, minutes.T)
    assert (np.diag(minutes) == 0).all()
    away = np.delete(np.arange(len(minutes)), island)
    assert np.isinf(minutes[island, away]).all()
    assert np.isfinite(minutes[np.ix_(away, away)]).all()


@pytest.mark.parametrize("n_communes", [59, 901])
def test_too_few_or_too_many_communes_are_refused(n_communes):
    with pytest.raises(InputError, match="from 60 to 900"):
        imagine_department(seed=0, n_communes=n_communes)


@pytest.mark.parametrize("n_communes", [60, 900])
def test_the_smallest_and_the_largest_department_hold(n_communes):
    department = imagine_department(seed=3, n_communes=n_communes)
    assert len(department.vintage(2026)) == n_communes
