"""Which communes roads join, and in how many minutes when a table of travel times is given."""

from dataclasses import dataclass

import numpy as np

from maillage.core.tables import Table
from maillage.sources.islands import read_islands, road_groups
from maillage.studies.store.tables import FloatArray, IntArray, TextArray
from maillage.studies.store.workshop import Workshop


def pieces_of_land(codes: TextArray) -> IntArray:
    """Return the label of the piece of land of each unit, shape (n_units,).

    Corsica and the departments overseas are lands of their own; the reviewed list of islands adds
    those that no road joins to their department.
    """
    island = road_groups(codes.tolist(), read_islands())
    far = np.array([_far_land(code) for code in codes.tolist()], dtype=np.int64)
    _, label = np.unique(far * (int(island.max(initial=0)) + 1) + island, return_inverse=True)
    return np.asarray(label, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class UnitTrips:
    """Trips between units from a table of travel times, each to itself at once.

    origin, destination  unit rows, sorted by origin then destination, each pair once, (n_pairs,)
    travel_time_min      minutes, shape (n_pairs,)
    """

    origin: IntArray
    destination: IntArray
    travel_time_min: FloatArray


def unit_trips(workshop: Workshop, units: Table) -> UnitTrips | None:
    """Return the trips of the table of travel times, brought to the units; None without a table.

    A commune that merged gives its trips to its successor, which keeps the shortest of each.
    """
    table = workshop.read("travel_times", "travel/travel_times*")
    if table is None:
        return None
    workshop.rows["travel_times"] = len(table)
    size = len(units)
    passage = workshop.frame.passage(table.codes, from_year=None)
    workshop.note("travel_times", *table.notes, *passage.notes(what="Travel times"))
    unit_of = np.full(table.codes.size, -1, dtype=np.int64)
    unit_of[passage.old_row[::-1]] = passage.new_row[::-1]
    origin, destination = unit_of[table.origin], unit_of[table.destination]
    known = (origin >= 0) & (destination >= 0)
    itself = np.arange(size) * (size + 1)
    pair = np.concatenate((origin[known] * size + destination[known], itself))
    minutes = np.concatenate((table.travel_time_min[known], np.zeros(size)))
    order = np.lexsort((minutes, pair))
    pairs, first = np.unique(pair[order], return_index=True)
    return UnitTrips(pairs // size, pairs % size, minutes[order][first])


def _far_land(code: str) -> int:
    if code.startswith("97"):
        return int(code[:3])
    return 1 if code[:2] in ("2A", "2B") else 0
