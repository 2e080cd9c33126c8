"""Eight communes in a line, each reached from itself and its neighbours: figures by hand.

A doctor in the third commune (20003) is shared by 20002, 20003 and 20004, 4 000 standardised
people in all: 5 400 / 4 000 = 1.35 consultation each.
"""

from pathlib import Path

import numpy as np
import shapely

from maillage.engines.accessibility.catchment import Catchment, prepare
from maillage.engines.accessibility.decay import DREES_2022_2023
from maillage.studies.store import layout, tables
from maillage.studies.store.steps.catchment import ARRAYS
from tests.studies.tiny_store import CODES, LATITUDE, LONGITUDE, write_tiny_store

SHARED_BY = 4_000
GAIN = 5_400 / SHARED_BY


def write_line_store(folder: Path) -> Path:
    """Write the tiny store, with trips between neighbours and square contours."""
    write_tiny_store(folder)
    places = np.arange(len(CODES))
    apart = np.abs(places[:, None] - places[None, :])
    minutes = np.where(apart <= 1, 5.0 * apart, np.inf)
    nothing = np.zeros(len(CODES))
    prepared = prepare(
        Catchment.from_matrix(demand=nothing, supply=nothing, travel_time_min=minutes),
        DREES_2022_2023,
    )
    catchment = folder / layout.CATCHMENT
    catchment.mkdir()
    for name in ARRAYS:
        np.save(catchment / f"{name}.npy", getattr(prepared, name))
    np.save(catchment / "reach_min.npy", np.array(prepared.reach_min))
    squares = shapely.box(LONGITUDE - 0.02, LATITUDE - 0.02, LONGITUDE + 0.02, LATITUDE + 0.02)
    tables.write_contours(folder / layout.CONTOURS, np.array(CODES, dtype=object), squares)
    return folder
