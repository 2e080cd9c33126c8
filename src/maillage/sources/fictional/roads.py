"""Minutes by road between the cells: valleys carry, ridges part, no road leads to the island."""

from typing import Final

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from maillage.sources.fictional.geography import FloatArray, Land, elevation_m

# Chosen so that the whole behaves as Insee METRIC in its sample: about 1.85 + 1.10 min per km.
_START_MIN: Final = 1.85
_MIN_PER_KM: Final = 0.93
_MIN_PER_100_M_CLIMBED: Final = 0.55


def minutes_by_road(land: Land) -> FloatArray:
    """Return the minutes from cell to cell, shape (n_cells, n_cells): 0 at home, inf without road.

    A road leads from each cell to those that touch it; journeys take the quickest chain of roads,
    hence go round the mountain through the valleys.
    """
    one, other = land.neighbours[:, 0], land.neighbours[:, 1]
    cost = _road_min(land)
    n_cells = len(land.xy_km)
    graph = coo_matrix((cost, (one, other)), shape=(n_cells, n_cells)).tocsr()
    minutes = np.asarray(dijkstra(graph, directed=False), dtype=np.float64)
    # Both directions of a chain add up the same roads in another order.
    minutes = np.round(np.minimum(minutes, minutes.T) + _START_MIN, 1)
    np.fill_diagonal(minutes, 0.0)
    return minutes


def _road_min(land: Land) -> FloatArray:
    """Return the minutes between neighbours: length, bends on slopes, climbs along the way."""
    start, end = land.xy_km[land.neighbours[:, 0]], land.xy_km[land.neighbours[:, 1]]
    length_km = np.linalg.norm(end - start, axis=1)
    steps = [start + share * (end - start) for share in np.linspace(0, 1, 5)]
    heights = np.array([elevation_m(step, land.rivers, land.radius_km) for step in steps])
    climb_m = np.abs(np.diff(heights, axis=0)).sum(axis=0)
    bends = 1.0 + np.minimum(0.35, climb_m / length_km / 200.0)
    minutes = length_km * _MIN_PER_KM * bends + climb_m / 100.0 * _MIN_PER_100_M_CLIMBED
    return np.asarray(minutes, dtype=np.float64)
