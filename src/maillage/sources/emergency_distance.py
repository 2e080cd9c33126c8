"""Straight-line distance from each commune of Occitanie to the nearest emergency department.

Producer   FINESS and Insee, joined by stluria/sante-territoire-rncp (no licence file)
Traps      codes of department 09 have lost their leading zero (326 codes of four characters, put
           back); postal codes and zones are written as floats; a distance on a straight line from
           the commune's centre, not a journey; the first column is an index
Verified on the real file.
"""

from pathlib import Path
from typing import Final

from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import codes, numbers, whole_numbers

SCHEMA: Final = Schema(
    name="emergency_distance",
    columns=(
        Column("commune_code", "text"),
        Column("commune", "text"),
        Column("population", "int", "people"),
        Column("density_grid", "int", meaning="Insee's grid, 1 dense to 7 very scattered"),
        Column("longitude", "float", "degrees"),
        Column("latitude", "float", "degrees"),
        Column("distance_km", "float", "km", meaning="On a straight line"),
    ),
    key=("commune_code",),
)


def read_emergency_distance(path: Path) -> Table:
    """Return the straight-line distance in km to the nearest emergency department."""
    columns = read_csv_columns(
        path,
        {
            "commune_code": "code_insee",
            "commune": "nom_standard",
            "population": "population",
            "density_grid": "grille_densite",
            "longitude": "longitude_centre",
            "latitude": "latitude_centre",
            "distance_km": "distance_urgence_km",
        },
    )
    commune_codes, notes = codes(columns, "commune_code")
    return Table(
        SCHEMA,
        {
            "commune_code": commune_codes,
            "commune": columns["commune"],
            "population": whole_numbers(columns, "population"),
            "density_grid": whole_numbers(columns, "density_grid"),
            "longitude": numbers(columns, "longitude")[0],
            "latitude": numbers(columns, "latitude")[0],
            "distance_km": numbers(columns, "distance_km")[0],
        },
        columns.notes + notes,
    )
