"""Zones that each commune belongs to (Insee, "table d'appartenance géographique").

Producer Insee, Licence Ouverte 2.0. Vintage: communes of 2022; EPCI, employment zone 2020, urban
unit 2020, attraction area 2020 with its categories, living zone (bassin de vie) 2012, canton-ville.

Traps: two header rows, labels then codes; arrondissements are on a sheet of their own, and the
three cities are also on the first; living zones are those of 2012 up to the table of 2022 and
those of 2022 after; ZZZZ… means "belongs to none"; AAV 000 means outside every attraction
area, and urban unit ending in 000 means a rural commune: both are zones of the file, kept as such.
"""

from pathlib import Path
from typing import Final

import numpy as np

from maillage.core.codes import parse_department_code, parse_region_code
from maillage.core.tables import Column, Schema, Table
from maillage.sources.names import text_array
from maillage.sources.text_columns import TextColumns, codes, whole_numbers
from maillage.sources.workbooks import read_sheet_columns

MEMBERSHIPS = Schema(
    "memberships",
    (
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("department_code", "text"),
        Column("region_code", "text"),
        Column("arrondissement_code", "text", nullable=True),
        Column("canton_code", "text", nullable=True, meaning="Canton or grouping (canton-ville)."),
        Column("epci_code", "text", nullable=True),
        Column("employment_zone_code", "text", nullable=True),
        Column("urban_unit_code", "text", nullable=True, meaning="…000: rural commune."),
        Column("urban_unit_size", "text", nullable=True, meaning="TUU2017: 0 to 8."),
        Column("aav_code", "text", nullable=True, meaning="000: outside attraction areas."),
        Column("aav_size", "text", nullable=True, meaning="TAAV2017: 0 to 5."),
        Column("aav_category", "text", nullable=True, meaning="11, 12, 13, 20, 30."),
        Column("living_zone_2012_code", "text", nullable=True),
        Column("living_zone_2022_code", "text", nullable=True),
        Column("parent_code", "text", nullable=True, meaning="Commune of an arrondissement."),
    ),
    key=("commune_code",),
)
ZONES = Schema(
    "zones",
    (
        Column("level", "text", meaning="ARR, CV, EPCI, ZE2020, UU2020, AAV2020, BV2012…"),
        Column("zone_code", "text"),
        Column("name", "text"),
        Column("commune_count", "int", unit="communes"),
    ),
    key=("level", "zone_code"),
)

# Categories of communes within attraction areas (CATEAAV2020), in the words of Insee.
AAV_CATEGORIES: Final = {
    "11": "Commune-centre",
    "12": "Autre commune du pôle principal",
    "13": "Commune d'un pôle secondaire",
    "20": "Commune de la couronne",
    "30": "Commune hors attraction des villes",
}

_COLUMNS: Final = {
    "commune_code": "CODGEO",
    "name": "LIBGEO",
    "department_code": "DEP",
    "region_code": "REG",
    "arrondissement_code": "ARR",
    "canton_code": "CV",
    "epci_code": "EPCI",
    "employment_zone_code": "ZE2020",
    "urban_unit_code": "UU2020",
    "urban_unit_size": "TUU",
    "aav_code": "AAV2020",
    "aav_size": "TAAV",
    "aav_category": "CATEAAV2020",
    "living_zone_2012_code": "BV2012",
    "living_zone_2022_code": "BV2022",
    "parent_code": "COM",
}
_OPTIONAL: Final = frozenset(
    {"living_zone_2012_code", "living_zone_2022_code", "parent_code", "canton_code"}
)


def read_memberships(path: Path) -> Table:
    """Read `table-appartenance-geo-communes-AA.xlsx`: sheets COM and ARM, one after the other."""
    sheets = [_sheet(path, sheet) for sheet in ("COM", "ARM")]
    columns = {name: np.concatenate([_cells(read, name) for read in sheets]) for name in _COLUMNS}
    return Table(MEMBERSHIPS, columns, _repairs(sheets))


def read_zones(path: Path) -> Table:
    """Read the names of the zones, from the sheet Zones_supra_communales of the same file."""
    read = read_sheet_columns(
        path,
        {"level": "NIVGEO", "zone_code": "CODGEO", "name": "LIBGEO", "commune_count": "NB_COM"},
        sheet="Zones_supra_communales",
    )
    return Table(
        ZONES, {**read.columns, "commune_count": whole_numbers(read, "commune_count")}, read.notes
    )


def _sheet(path: Path, sheet: str) -> TextColumns:
    return read_sheet_columns(path, _COLUMNS, sheet=sheet, by_prefix=True, optional=_OPTIONAL)


def _cells(read: TextColumns, name: str) -> np.ndarray:
    """Return one column checked, "" where the commune belongs to no such zone."""
    if name not in read:
        return text_array([""] * len(read))
    if name == "commune_code":
        return codes(read, name)[0]
    if name == "department_code":
        return codes(read, name, parse=parse_department_code, length=2)[0]
    if name == "region_code":
        return codes(read, name, parse=parse_region_code, length=2)[0]
    return text_array("" if _is_none(text) else text for text in read[name].tolist())


def _is_none(text: str) -> bool:
    return len(text) > 1 and not text.strip("Z")


def _repairs(sheets: list[TextColumns]) -> tuple[str, ...]:
    return tuple(note for read in sheets for note in codes(read, "commune_code")[1])
