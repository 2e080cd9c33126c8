"""Travel times of 2,500 journeys in Gironde: Insee METRIC beside OSRM, to calibrate with.

Producer   Insee METRIC, and OSRM on OpenStreetMap (ODbL); phileas-condemine/comparaison_distanciers
           (licence not recorded: read here only)
Traps      points are in Lambert-93; 9999 minutes mean that METRIC found no way (5 rows): nan here
Verified on the real file.
"""

from pathlib import Path
from typing import Final

import numpy as np

from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import numbers

FAILED_MIN: Final = 9999.0

_HEADERS: Final = {
    "origin_x_m": "X1",
    "origin_y_m": "Y1",
    "destination_x_m": "X2",
    "destination_y_m": "Y2",
    "osrm_min": "osrm_min",
    "osrm_km": "osrm_km",
    "metric_min": "metric_min_hc",
    "crow_km": "crow_km",
}

SCHEMA: Final = Schema(
    name="travel_sample",
    columns=(
        *(Column(name, "float", "m") for name in list(_HEADERS)[:4]),
        Column("osrm_min", "float", "min"),
        Column("osrm_km", "float", "km"),
        Column(
            "metric_min", "float", "min", nullable=True, meaning="Off-peak; nan where it failed"
        ),
        Column("crow_km", "float", "km"),
    ),
)


def read_travel_sample(path: Path) -> Table:
    """Return the journeys; METRIC's failures are nan and counted in a note."""
    columns = read_csv_columns(path, _HEADERS)
    values = {name: numbers(columns, name)[0] for name in _HEADERS}
    failed = values["metric_min"] == FAILED_MIN
    values["metric_min"] = np.where(failed, np.nan, values["metric_min"])
    note = f"{int(failed.sum())} journeys for which METRIC found no way (9999 minutes)."
    return Table(SCHEMA, values, (*columns.notes, note))
