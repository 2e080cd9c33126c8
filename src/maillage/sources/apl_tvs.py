"""APL to GPs by "territoire de vie-santé" (bassin de vie, or canton-ville in large towns).

Producer   CartoSanté (figure by DREES), 2023; the export states no licence: read here only
Traps      two junk lines and a mark of byte order above the header; one decimal; 976ZZ, 977ZZ and
           978ZZ have no value; a code of four characters is a canton-ville, not a lost zero
Verified on the real file.
"""

from pathlib import Path
from typing import Final

from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import numbers

SCHEMA: Final = Schema(
    name="apl_tvs",
    columns=(
        Column("zone_code", "text", meaning="Territoire de vie-santé"),
        Column("zone", "text"),
        Column("apl", "float", "acts/year/inhabitant", nullable=True),
        Column("status", "text", nullable=True, meaning='"", "unknown" or "hidden"'),
    ),
    key=("zone_code",),
)


def read_apl_tvs(path: Path) -> Table:
    """Return the APL of each territoire de vie-santé, rounded to one decimal by the producer."""
    columns = read_csv_columns(
        path,
        {"zone_code": "Code", "zone": "Libellé", "apl": "APL Médecins généralistes"},
        delimiter=";",
        by_prefix=True,
    )
    apl, status = numbers(columns, "apl")
    missing = int((status != "").sum())
    return Table(
        SCHEMA,
        {"zone_code": columns["zone_code"], "zone": columns["zone"], "apl": apl, "status": status},
        (*columns.notes, f"{missing} zones without a figure."),
    )
