"""Zoning of self-employed nurses, by commune (CartoSanté).

Producer ARS through CartoSanté; **no licence stated**: read here, never redistributed. Vintage 2024
according to the carrier.

Traps: a mark, two junk lines above the header; labels without accents; "N/A - résultat non
disponible" for Saint-Barthélemy and Saint-Martin.
"""

from pathlib import Path
from typing import Final

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.names import fold_header, text_array
from maillage.sources.text_columns import KNOWN, codes, status_of

ZONAGE_NURSE = Schema(
    "zonage_nurse",
    (
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("zoning", "text", nullable=True, meaning="A key of NURSE_ZONES; empty: unknown."),
        Column("status", "text", nullable=True, meaning="Empty, unknown or hidden."),
    ),
    key=("commune_code",),
)

# Zoning → how it is called to the reader, from the least to the best endowed.
NURSE_ZONES: Final = {
    "tres_sous_dotee": "Zone très sous-dotée",
    "sous_dotee": "Zone sous-dotée",
    "intermediaire": "Zone intermédiaire",
    "tres_dotee": "Zone très dotée",
    "sur_dotee": "Zone sur-dotée",
}


def read_zonage_nurse(path: Path) -> Table:
    """Read `zonage_infirmiers_cartosante.csv`."""
    read = read_csv_columns(
        path,
        {"commune_code": "Code", "name": "Libellé", "zoning": "Zonage infirmiers"},
        delimiter=";",
        by_prefix=True,
    )
    commune_code, repaired = codes(read, "commune_code")
    status = status_of(read["zoning"])
    zoning = [
        _zone(read.file, text) if known == KNOWN and text else ""
        for text, known in zip(read["zoning"].tolist(), status.tolist(), strict=True)
    ]
    unknown = sum(not zone for zone in zoning)
    told = (f"{unknown} communes have no zoning for nurses.",) if unknown else ()
    return Table(
        ZONAGE_NURSE,
        {
            "commune_code": commune_code,
            "name": read["name"],
            "zoning": text_array(zoning),
            "status": status,
        },
        read.notes + repaired + told,
    )


def _zone(file: str, text: str) -> str:
    zone = fold_header(text).partition("_")[2]
    if zone not in NURSE_ZONES:
        raise InputError(
            f"{file}: unknown zoning {text!r}; expected 1_Tres_sous_dotee to 5_Sur_dotee."
        )
    return zone
