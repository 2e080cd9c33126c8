"""Communes of the programme Petites villes de demain.

Producer ANCT, Licence Ouverte 2.0. Vintage of the file name (January 2022).

Traps: `id_pvd` is empty on 585 rows, `regroupement` always, `date_signature` nearly always; a test
row (999999, "Trifouilly-les-Oies") is left out.
"""

from pathlib import Path
from typing import Final

from maillage.core.codes import parse_department_code
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.names import text_array
from maillage.sources.text_columns import codes

PETITES_VILLES = Schema(
    "petites_villes",
    (
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("department_code", "text"),
        Column("programme_id", "text", nullable=True),
        Column("epci_code", "text", nullable=True),
        Column("epci_name", "text", nullable=True),
    ),
    key=("commune_code",),
)

_TEST_ROW: Final = "999999"


def read_petites_villes(path: Path) -> Table:
    """Read `pvd_carte-interactive_AAAAMMJJ.csv` (or `pvd_feuille1.csv`, without EPCI)."""
    optional = frozenset({"epci_code", "epci_name"})
    read = read_csv_columns(
        path,
        {
            "commune_code": "insee_com",
            "name": "lib_com",
            "department_code": "insee_dep",
            "programme_id": "id_pvd",
            "epci_code": "siren_epci",
            "epci_name": "lib_epci",
        },
        optional=optional,
    )
    rows = read.where(read["commune_code"] != _TEST_ROW)
    commune_code, repaired = codes(rows, "commune_code")
    department_code, _ = codes(rows, "department_code", parse=parse_department_code, length=2)
    empty = text_array([""] * len(rows))
    left_out = len(read) - len(rows)
    told = (f"{left_out} test rows (code {_TEST_ROW}) left out.",) if left_out else ()
    return Table(
        PETITES_VILLES,
        {
            "commune_code": commune_code,
            "name": rows["name"],
            "department_code": department_code,
            "programme_id": rows["programme_id"],
            **{name: rows.columns.get(name, empty) for name in sorted(optional)},
        },
        read.notes + repaired + told,
    )
