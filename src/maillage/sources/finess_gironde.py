"""Located FINESS establishments of Gironde, 2017: number, name, longitude and latitude only.

Producer   Ministère de la Santé, through scossin/parcoursdesoins (MIT)
Traps      one department, one old year, no category: a sample to compare places with
Verified on the real file.
"""

from pathlib import Path
from typing import Final

from maillage.core.codes import parse_finess
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import codes, numbers

SCHEMA: Final = Schema(
    name="finess_gironde",
    columns=(
        Column("finess_et", "text"),
        Column("name", "text"),
        Column("longitude", "float", "degrees"),
        Column("latitude", "float", "degrees"),
    ),
    key=("finess_et",),
)


def read_finess_gironde(path: Path) -> Table:
    """Return the places of Gironde's establishments in 2017."""
    columns = read_csv_columns(
        path, {"finess_et": "code", "name": "label", "longitude": "long", "latitude": "lat"}
    )
    finess_et, notes = codes(columns, "finess_et", parse=parse_finess, length=9)
    return Table(
        SCHEMA,
        {
            "finess_et": finess_et,
            "name": columns["name"],
            "longitude": numbers(columns, "longitude")[0],
            "latitude": numbers(columns, "latitude")[0],
        },
        columns.notes + notes,
    )
