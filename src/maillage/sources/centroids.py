"""Points of communes: centroids, never town halls.

`odis_centroides_communes_2025.csv`: Insee/IGN through Opendatasoft, Licence Ouverte 2.0, communes
of 2025.
`communes_centroides_2022.csv`: area centroids derived from the contours of 2022.

Traps: in large or mountain communes the town hall can be kilometres away; the first column of the
ODIS file has no name; four communes of 2024 are missing from the derived file.
"""

from pathlib import Path
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import TextColumns, codes, numbers

CENTROIDS = Schema(
    "centroids",
    (
        Column("commune_code", "text"),
        Column("lon", "float", unit="degrees"),
        Column("lat", "float", unit="degrees"),
    ),
    key=("commune_code",),
)
DERIVED_CENTROIDS = Schema(
    "derived_centroids",
    (
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("department_code", "text"),
        Column("region_code", "text"),
        Column("epci_code", "text", nullable=True),
        Column("parent_code", "text", nullable=True),
        Column("lon", "float", unit="degrees"),
        Column("lat", "float", unit="degrees"),
    ),
    key=("commune_code",),
)

_BOUNDS: Final = {"lon": 180.0, "lat": 90.0}


def read_centroids(path: Path) -> Table:
    """Read `odis_centroides_communes_AAAA.csv`."""
    read = read_csv_columns(
        path,
        {"commune_code": "Code_Officiel_Commune", "lon": "longitude", "lat": "latitude"},
        delimiter=";",
    )
    commune_code, repaired = codes(read, "commune_code")
    return Table(CENTROIDS, {"commune_code": commune_code, **points(read)}, read.notes + repaired)


def read_derived_centroids(path: Path) -> Table:
    """Read `communes_centroides_AAAA.csv`."""
    read = read_csv_columns(
        path,
        {
            "commune_code": "code",
            "name": "nom",
            "department_code": "departement",
            "region_code": "region",
            "epci_code": "epci",
            "parent_code": "commune_parente",
            "lon": "lon",
            "lat": "lat",
        },
    )
    commune_code, repaired = codes(read, "commune_code")
    return Table(
        DERIVED_CENTROIDS,
        {**read.columns, "commune_code": commune_code, **points(read)},
        read.notes + repaired,
    )


def points(read: TextColumns) -> dict[str, np.ndarray]:
    """Return columns `lon` and `lat` in degrees, nan where empty; InputError out of bounds."""
    found = {}
    for name, bound in _BOUNDS.items():
        values, _ = numbers(read, name)
        beyond = np.flatnonzero(np.abs(values) > bound)
        if beyond.size:
            raise InputError(
                f"{read.file}, column {read.headers[name]!r}, data row {int(beyond[0]) + 1}: "
                f"{values[beyond[0]]} is not in degrees. Are the coordinates projected?"
            )
        found[name] = values
    return found
