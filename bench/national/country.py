"""A synthetic country the size of France: no file needed, the same for whoever measures."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

REACH_MIN = 30.0
NEIGHBOURS = 194  # within 30 minutes: 6.8 million trips for 35,000 communes


@dataclass(frozen=True)
class Country:
    """Communes on a uniform plane, log-normal people, Poisson doctors, sorted trips."""

    people: np.ndarray
    doctors: np.ndarray
    origin: np.ndarray
    destination: np.ndarray
    minutes: np.ndarray


def country(n_communes: int, *, seed: int = 1) -> Country:
    """Draw a country; one plane unit is one minute."""
    rng = np.random.default_rng(seed)
    side = REACH_MIN * np.sqrt(np.pi * n_communes / NEIGHBOURS)
    points = rng.uniform(0, side, (n_communes, 2))
    people = np.round(rng.lognormal(6.3, 1.2, n_communes)) + 1
    doctors = rng.poisson(people / 1000).astype(float)
    tree = cKDTree(points)
    found = tree.sparse_distance_matrix(tree, REACH_MIN, output_type="ndarray")
    order = np.lexsort((found["j"], found["i"]))
    return Country(
        people,
        doctors,
        found["i"][order].astype(np.int32),
        found["j"][order].astype(np.int32),
        found["v"][order].astype(np.float32),
    )
