"""Small catchments: one by hand, and any that Hypothesis can think of."""

import numpy as np
from hypothesis import strategies as st

from maillage.engines.accessibility.catchment import Catchment

AMOUNTS = st.one_of(st.just(0.0), st.floats(1e-3, 1e5))
MINUTES = st.one_of(st.sampled_from([0.0, 10.0, 15.0, 20.0, 30.0, np.inf]), st.floats(0, 60))


def valley() -> Catchment:
    """Three villages, two practices: 5 min, 12 min, 25 min…

    village 0: practice 0 at 5 min; village 1: 0 at 12, 1 at 18; village 2: 1 at 25 (too far).
    """
    return Catchment.from_pairs(
        demand=[1000.0, 2000.0, 500.0],
        supply=[7000.0, 4000.0],
        origin=np.array([0, 1, 1, 2]),
        destination=np.array([0, 0, 1, 1], dtype=np.int32),
        travel_time_min=np.array([5.0, 12.0, 18.0, 25.0]),
    )


@st.composite
def catchments(draw, *, most_places=7, most_sites=5, minutes=MINUTES):
    """Draw a catchment with at least one trip."""
    n_places, n_sites = draw(st.integers(1, most_places)), draw(st.integers(1, most_sites))
    links = st.tuples(st.integers(0, n_places - 1), st.integers(0, n_sites - 1))
    trips = draw(st.lists(links, min_size=1, max_size=n_places * n_sites, unique=True))
    sized = lambda size: st.lists(AMOUNTS, min_size=size, max_size=size)  # noqa: E731
    return Catchment.from_pairs(
        demand=draw(sized(n_places)),
        supply=draw(sized(n_sites)),
        origin=np.array([place for place, _ in trips]),
        destination=np.array([site for _, site in trips], dtype=np.int32),
        travel_time_min=np.array(
            draw(st.lists(minutes, min_size=len(trips), max_size=len(trips))), dtype=np.float64
        ),
    )
