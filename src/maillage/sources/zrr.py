"""Zones de revitalisation rurale, by commune, on 9 November 2022.

Producer ANCT, Licence Ouverte 2.0 (flattened from a fixture of gip-inclusion/les-emplois).

Trap: the ZRR gave way to France Ruralités Revitalisation on 1 July 2024: history only, never what a
commune is entitled to today.
"""

from pathlib import Path
from typing import Final

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import codes

ZRR = Schema(
    "zrr",
    (Column("commune_code", "text"), Column("zrr", "text", meaning="A key of ZRR_STATUSES.")),
    key=("commune_code",),
)

ZRR_STATUSES: Final = {
    "C": "Commune classée",
    "PC": "Commune partiellement classée",
    "NC": "Commune non classée",
}


def read_zrr(path: Path) -> Table:
    """Read `zrr_communes_2022.csv`."""
    read = read_csv_columns(path, {"commune_code": "code_insee", "zrr": "statut_zrr"})
    unknown = sorted(set(read["zrr"].tolist()) - set(ZRR_STATUSES))
    if unknown:
        raise InputError(f"{read.file}: unknown status {unknown}; expected {list(ZRR_STATUSES)}.")
    commune_code, repaired = codes(read, "commune_code")
    return Table(ZRR, {"commune_code": commune_code, "zrr": read["zrr"]}, read.notes + repaired)
