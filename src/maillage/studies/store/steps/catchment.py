"""Step "catchment": the trips of at most 20 minutes between units, weighted once and for all."""

from typing import Final

import numpy as np

from maillage.core.tables import Table
from maillage.engines.accessibility.catchment import Catchment, prepare
from maillage.engines.accessibility.crow_fly import METRIC_GIRONDE, trips_within
from maillage.engines.accessibility.decay import DREES_2022_2023
from maillage.studies.store import layout
from maillage.studies.store.steps.land import pieces_of_land, unit_trips
from maillage.studies.store.tables import UNITS, read_table
from maillage.studies.store.workshop import Workshop

ARRAYS: Final = (
    "indptr",
    "destination",
    "weight",
    "site_indptr",
    "origin",
    "site_weight",
    "site_time_min",
)
OUTPUTS: Final = (layout.CATCHMENT,)


def run(workshop: Workshop) -> None:
    """Write the prepared catchment, one array a file, ready to be memory-mapped."""
    units = read_table(workshop.out / layout.UNITS, UNITS)
    prepared = prepare(_catchment(workshop, units), DREES_2022_2023)
    folder = workshop.out / layout.CATCHMENT
    folder.mkdir()
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", np.ascontiguousarray(getattr(prepared, name)))
    np.save(folder / "reach_min.npy", np.array(prepared.reach_min))


def _catchment(workshop: Workshop, units: Table) -> Catchment:
    trips = unit_trips(workshop, units)
    if trips is None:
        return _from_points(units)
    nothing = np.zeros(len(units))
    return Catchment.from_pairs(
        demand=nothing,
        supply=nothing,
        origin=trips.origin,
        destination=trips.destination.astype(np.int32),
        travel_time_min=trips.travel_time_min,
    )


def _from_points(units: Table) -> Catchment:
    """Return the trips of the crow-fly model between the units that have a point."""
    size = len(units)
    placed = np.flatnonzero(~np.isnan(units["lon"]))
    land = pieces_of_land(units["code"])
    trips = trips_within(
        model=METRIC_GIRONDE,
        minutes=DREES_2022_2023.reach_min,
        lon=units["lon"][placed],
        lat=units["lat"][placed],
        group=land[placed],
    )
    counts = np.zeros(size, dtype=np.int64)
    counts[placed] = np.diff(trips.indptr)
    nothing = np.zeros(size)
    return Catchment(
        demand=nothing,
        supply=nothing,
        indptr=np.concatenate(([0], np.cumsum(counts))),
        destination=placed[trips.destination].astype(np.int32),
        travel_time_min=trips.travel_time_min,
    )
