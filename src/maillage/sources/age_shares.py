"""Shares of three ages (Statistiques locales) by commune and by department.

Producer Insee, Licence Ouverte 2.0. Vintage: census of 2020, communes of 2022 (34,945).

Traps: the codes of departments and regions are numbers (1.0 for 01); the level of a commune row
is a formula; about 900 empty rows end the sheet; in the 18 rows of regions the three shares are
rotated by one column, so regions are left out and must be made from communes.
"""

from pathlib import Path
from typing import Final

import numpy as np

from maillage.core.codes import parse_commune_code, parse_department_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.names import text_array
from maillage.sources.text_columns import FloatArray, TextColumns, codes, numbers
from maillage.sources.workbooks import read_sheet_columns

AGE_SHARES = Schema(
    "age_shares",
    (
        Column("level", "text", meaning="commune or department."),
        Column("code", "text"),
        Column("name", "text"),
        Column("share_under_25_pct", "float", unit="%", nullable=True),
        Column("share_25_to_64_pct", "float", unit="%", nullable=True),
        Column("share_65_plus_pct", "float", unit="%", nullable=True),
    ),
    key=("level", "code"),
)

_LEVELS: Final = {"Commune": "commune", "Département": "department"}
_SHARES: Final = {
    "share_under_25_pct": "Part des pers. âgées de - de 25 ans",
    "share_25_to_64_pct": "Part des pers. âgées de 25 à 64 ans",
    "share_65_plus_pct": "Part des pers. âgées de 65 ans ou +",
}
_ROUNDING_PCT: Final = 0.5


def read_age_shares(path: Path) -> Table:
    """Read `insee_statloc_parts_age_communes_AAAA.xlsx`: communes and departments, not regions."""
    read = read_sheet_columns(
        path,
        {"code": "code_insee", "name": "nom", "scale": "scale", **_SHARES},
        sheet="Data",
        by_prefix=True,
    )
    unknown = sorted(set(read["scale"].tolist()) - {*_LEVELS, "Région"})
    if unknown:
        raise InputError(
            f"{read.file}: unknown levels {unknown}; expected Commune, Département, Région."
        )
    parts = [_level_rows(read, scale) for scale in _LEVELS]
    columns = {
        name: np.concatenate([columns[name] for columns, _ in parts])
        for name in (column.name for column in AGE_SHARES.columns)
    }
    regions = int((read["scale"] == "Région").sum())
    left_out = f"{regions} region rows left out: their three shares stand one column too far."
    notes = (left_out,) if regions else ()
    repaired = tuple(note for _, notes_of_level in parts for note in notes_of_level)
    return Table(AGE_SHARES, columns, read.notes + repaired + notes)


def _level_rows(read: TextColumns, scale: str) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    rows = read.where(read["scale"] == scale)
    is_commune = scale == "Commune"
    parse = parse_commune_code if is_commune else parse_department_code
    code, repaired = codes(rows, "code", parse=parse, length=5 if is_commune else 2)
    shares = {name: numbers(rows, name)[0] for name in _SHARES}
    _check_total(rows, shares)
    level = text_array([_LEVELS[scale]] * len(rows))
    return {"level": level, "code": code, "name": rows["name"], **shares}, repaired


def _check_total(rows: TextColumns, shares: dict[str, FloatArray]) -> None:
    total = np.sum(list(shares.values()), axis=0)
    wrong = np.flatnonzero(np.abs(total - 100) > _ROUNDING_PCT)
    if wrong.size:
        row = int(wrong[0])
        raise InputError(
            f"{rows.file}: the three shares of {rows['name'][row]} add up to {total[row]:.1f} %, "
            "expected 100 %. A column may have moved."
        )
