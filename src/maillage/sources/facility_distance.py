"""Share of people far from everyday facilities, by commune (Statistiques locales).

Producer Insee (census, BPE, METRIC), Licence Ouverte 2.0. Vintage 2021, communes of 2022.

Traps: header on the fourth row; the order of the columns is intermediate, proximity, superior;
"N/A - résultat non disponible" where nobody measured (Mayotte, some islands): unknown, not zero.
"""

from pathlib import Path
from typing import Final

from maillage.core.tables import Column, Schema, Table
from maillage.sources.text_columns import codes, numbers
from maillage.sources.workbooks import read_sheet_columns

FACILITY_DISTANCE = Schema(
    "facility_distance",
    (
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("share_far_proximity_pct", "float", unit="%", nullable=True),
        Column("share_far_intermediate_pct", "float", unit="%", nullable=True),
        Column("share_far_superior_pct", "float", unit="%", nullable=True),
        Column("status", "text", nullable=True, meaning="Empty, unknown or hidden: proximity."),
    ),
    key=("commune_code",),
)

_SHARES: Final = {
    "share_far_proximity_pct": "Part de la population éloignée des équipements de proximité",
    "share_far_intermediate_pct": "Part de la population éloignée des équipements intermédiaires",
    "share_far_superior_pct": "Part de la population éloignée des équipements supérieurs",
}


def read_facility_distance(path: Path) -> Table:
    """Read `insee_statloc_eloignement_equipements_communes_AAAA.xlsx`."""
    read = read_sheet_columns(
        path,
        {"commune_code": "Code", "name": "Libellé", **_SHARES},
        sheet="Data",
        by_prefix=True,
    )
    commune_code, repaired = codes(read, "commune_code")
    shares = {name: numbers(read, name) for name in _SHARES}
    unknown = int((shares["share_far_proximity_pct"][1] != "").sum())
    told = (f"{unknown} communes have no figure.",) if unknown else ()
    return Table(
        FACILITY_DISTANCE,
        {
            "commune_code": commune_code,
            "name": read["name"],
            **{name: values for name, (values, _) in shares.items()},
            "status": shares["share_far_proximity_pct"][1],
        },
        read.notes + repaired + told,
    )
