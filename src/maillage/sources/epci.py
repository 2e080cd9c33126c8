"""Composition of the EPCI (communautés and métropoles) and of the EPT of Grand Paris.

`epcicom.xlsx`: producer DGCL, Licence Ouverte 2.0, composition on 1 January. Traps: the sheet and
the population columns bear the year before (`Epcicom2025`, `ptot_2025` in the 2026 file); SIREN are
numbers; four island communes belong to no EPCI and have no row; Paris, Lyon and Marseille are whole
communes. `ept.xlsx`: producer Insee, Licence Ouverte 2.0, another year; `ZZZZZZZZZ` means none.
"""

from pathlib import Path

from maillage.core.codes import parse_department_code, parse_epci_code
from maillage.core.tables import Column, Schema, Table
from maillage.sources.text_columns import codes, numbers
from maillage.sources.workbooks import read_sheet_columns

EPCI = Schema(
    "epci",
    (
        Column("commune_code", "text"),
        Column("commune_name", "text"),
        Column("epci_code", "text", meaning="SIREN of the EPCI."),
        Column("epci_name", "text"),
        Column("epci_kind", "text", meaning="CC, CA, CU, METRO, MET69 (Lyon)."),
        Column("department_code", "text", meaning="Department of the EPCI's seat."),
        Column("population_total", "float", unit="people", nullable=True),
        Column("population_municipal", "float", unit="people", nullable=True),
    ),
    key=("commune_code",),
)
EPT = Schema(
    "ept",
    (
        Column("commune_code", "text"),
        Column("ept_code", "text"),
        Column("ept_name", "text"),
    ),
    key=("commune_code",),
)

_NONE = "ZZZZZZZZZ"


def read_epci(path: Path) -> Table:
    """Read `epcicom.xlsx`: one row per commune that belongs to an EPCI with its own taxes."""
    read = read_sheet_columns(
        path,
        {
            "commune_code": "insee",
            "commune_name": "nom_membre",
            "epci_code": "siren",
            "epci_name": "raison_sociale",
            "epci_kind": "nature_juridique",
            "department_code": "dept",
            "population_total": "ptot_",
            "population_municipal": "pmun_",
        },
        by_prefix=True,
    )
    commune_code, repaired = codes(read, "commune_code")
    epci_code, _ = codes(read, "epci_code", parse=parse_epci_code, length=9)
    department_code, repaired_departments = codes(
        read, "department_code", parse=parse_department_code, length=2
    )
    return Table(
        EPCI,
        {
            **read.columns,
            "commune_code": commune_code,
            "epci_code": epci_code,
            "department_code": department_code,
            "population_total": numbers(read, "population_total")[0],
            "population_municipal": numbers(read, "population_municipal")[0],
        },
        read.notes + repaired + repaired_departments,
    )


def read_ept(path: Path) -> Table:
    """Read `ept.xlsx`: the communes of the eleven EPT; those that belong to none are left out."""
    read = read_sheet_columns(
        path,
        {"commune_code": "CODGEO", "ept_code": "EPT", "ept_name": "LIBEPT"},
        sheet="Composition_communale",
    )
    members = read.where(read["ept_code"] != _NONE)
    commune_code, repaired = codes(members, "commune_code")
    ept_code, _ = codes(members, "ept_code", parse=parse_epci_code, length=9)
    return Table(
        EPT,
        {**members.columns, "commune_code": commune_code, "ept_code": ept_code},
        (*repaired, f"{len(read) - len(members)} communes belong to no EPT and are left out."),
    )
