"""GPs of Gironde by commune, 27 August 2017: aggregated from an extract of RPPS, names dropped.

Producer   ASIP Santé (RPPS, Licence Ouverte 2.0), through scossin/parcoursdesoins
Traps      one department; "spécialistes en médecine générale" only, so older omnipraticiens are
           missing; communes with none are absent
Verified on the real file.
"""

from pathlib import Path
from typing import Final

from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import codes, whole_numbers

SCHEMA: Final = Schema(
    name="rpps_gironde",
    columns=(
        Column("commune_code", "text"),
        Column("commune", "text"),
        Column("gps_in_town", "int", "people", meaning="Outside establishments"),
        Column("gps_in_establishments", "int", "people"),
    ),
    key=("commune_code",),
)


def read_rpps_gironde(path: Path) -> Table:
    """Return the GPs of each commune of Gironde that has one, in and out of establishments."""
    columns = read_csv_columns(
        path,
        {
            "commune_code": "code_commune",
            "commune": "commune",
            "gps_in_town": "mg_hors_etablissement",
            "gps_in_establishments": "mg_en_etablissement",
        },
    )
    commune_codes, notes = codes(columns, "commune_code")
    return Table(
        SCHEMA,
        {
            "commune_code": commune_codes,
            "commune": columns["commune"],
            "gps_in_town": whole_numbers(columns, "gps_in_town"),
            "gps_in_establishments": whole_numbers(columns, "gps_in_establishments"),
        },
        columns.notes + notes,
    )
