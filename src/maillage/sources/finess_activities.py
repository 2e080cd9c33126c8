"""FINESS: authorised care activities, heavy equipment, capacities of social establishments.

Producer   Ministère de la Santé / Agence du numérique en santé; Licence Ouverte 2.0; `;`
Layouts    national activities (no coordinates: join on `finess_et`) and located extracts without
           modality (Occitanie and the departments around)
Traps      the national activities stop in February 2024 and are older than the other files;
           in the national file of heavy equipment every row lacks its first cell, so each value
           stands under the header of the one before: it is read under the next header, and the
           legal entity's number is unknown; `capinstot` is empty when no capacity applies
Readers    `read_finess_activities`, `read_finess_equipment`, `read_finess_capacities`, verified
           on the real files of 2024 and 2026; the national capacities on a generated file.
"""

import csv
import io
import re
from pathlib import Path
from typing import Any, Final

import numpy as np

from maillage.core.codes import parse_finess
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import csv_header, read_csv_columns
from maillage.sources.finess import communes_of, points_of
from maillage.sources.names import TextArray, fold_header, text_array
from maillage.sources.text_columns import TextColumns, codes, numbers

EMERGENCY_MEDICINE: Final = "14"
OBSTETRICS: Final = "03"

ACTIVITIES: Final = Schema(
    name="finess_activities",
    columns=(
        Column("finess_et", "text"),
        Column("finess_ej", "text", nullable=True),
        Column("name", "text", nullable=True),
        Column("activity_code", "text", meaning="14 emergency medicine, 03 obstetrics…"),
        Column("activity", "text"),
        Column("modality_code", "text", nullable=True),
        Column("modality", "text", nullable=True),
        Column("form_code", "text"),
        Column("form", "text", nullable=True),
        Column("authorised_on", "text", nullable=True, meaning="ISO date"),
        Column("ends_on", "text", nullable=True, meaning="ISO date"),
        Column("commune_code", "text", nullable=True),
        Column("longitude", "float", "degrees", nullable=True),
        Column("latitude", "float", "degrees", nullable=True),
    ),
)

EQUIPMENT: Final = Schema(
    name="finess_equipment",
    columns=(
        Column("authorisation", "text", meaning="Number of the authorisation"),
        Column("finess_et", "text"),
        Column("legal_entity", "text", nullable=True),
        Column("equipment_code", "text", meaning="05602 scanner, 06201 MRI…"),
        Column("equipment", "text"),
        Column("authorised_on", "text", nullable=True, meaning="ISO date"),
        Column("started_on", "text", nullable=True, meaning="ISO date"),
    ),
    key=("authorisation",),
)

CAPACITIES: Final = Schema(
    name="finess_capacities",
    columns=(
        Column("finess_et", "text"),
        Column("finess_ej", "text", nullable=True),
        Column("name", "text", nullable=True),
        Column("category", "text", nullable=True),
        Column("discipline", "text"),
        Column("mode", "text", nullable=True, meaning="Kind of accommodation or service"),
        Column("clientele", "text", nullable=True),
        Column("capacity", "float", "places", nullable=True),
        Column("commune_code", "text", nullable=True),
        Column("longitude", "float", "degrees", nullable=True),
        Column("latitude", "float", "degrees", nullable=True),
    ),
)

_NATIONAL_HEADERS: Final = {
    "finess_et": "nofinesset",
    "finess_ej": "nofinessej",
    "name": "rset",
    "activity_code": "activite",
    "activity": "libactivite",
    "modality_code": "modalite",
    "modality": "libmodalite",
    "form_code": "forme",
    "form": "libforme",
    "authorised_on": "dateautor",
    "ends_on": "datefin",
}
_LOCATED_HEADERS: Final = {
    "finess_et": "numero_finess_etablissement",
    "finess_ej": "numero finess etablissement juridique",
    "name": "raison_sociale",
    "activity_code": "activite",
    "activity": "libactivite",
    "form_code": "forme",
    "form": "libforme",
    "commune_code": "code_insee",
    "longitude": "longitude",
    "latitude": "latitude",
}
_CAPACITY_HEADERS: Final = {
    "finess_et": "nofinesset",
    "finess_ej": "nofinessej",
    "name": "raison_sociale",
    "category": "lib_categorie_etablissement",
    "discipline": "libde_equipement",
    "mode": "libta_equipement",
    "clientele": "client",
    "capacity": "capinstot",
    "commune_code": "code_insee",
    "longitude": "longitude",
    "latitude": "latitude",
}
# The national file has neither place nor category: join it to the establishments.
_NATIONAL_CAPACITY_HEADERS: Final = {
    "finess_et": "nofinesset",
    "finess_ej": "nofinessej",
    "discipline": "libde",
    "mode": "libta",
    "clientele": "libclient",
    "capacity": "capinstot",
}
# As they stand in the file; in its rows each value stands one column to the left.
_EQUIPMENT_HEADERS: Final = (
    "nofinessej",
    "rsej",
    "eml",
    "libeml",
    "noautor",
    "noautorarhgos",
    "noimplarhgos",
    "dateautor",
    "nofinesset",
    "datemeo",
)
_EQUIPMENT_CODE: Final = re.compile(r"\d{5}")


def read_finess_activities(path: Path) -> Table:
    """Return authorised activities: a row per site, activity, modality and form.

    Extracts without modality or dates give "" there, the national file "" and nan for the place.
    Raises InputError when a column is missing or a number is not FINESS's.
    """
    header = {fold_header(cell) for cell in csv_header(path, delimiter=";")}
    national = "nofinesset" in header
    layout = _NATIONAL_HEADERS if national else _LOCATED_HEADERS
    columns = read_csv_columns(path, layout, delimiter=";")
    finess_et, finess_ej, notes = _finess_numbers(columns)
    texts = {
        column.name: columns[column.name] if column.name in columns else _empty(columns)
        for column in ACTIVITIES.columns
        if column.kind == "text"
    }
    place, more = _place(columns, located=not national)
    return Table(
        ACTIVITIES,
        {**texts, "finess_et": finess_et, "finess_ej": finess_ej, **place},
        (*columns.notes, *notes, *more),
    )


def read_finess_capacities(path: Path) -> Table:
    """Return the capacity of each establishment by discipline, mode and clientele, in places.

    nan where the file gives none; the national file has neither name, category nor place.
    Raises InputError when a column is missing.
    """
    header = {fold_header(cell) for cell in csv_header(path, delimiter=";")}
    national = "libde" in header
    layout = _NATIONAL_CAPACITY_HEADERS if national else _CAPACITY_HEADERS
    columns = read_csv_columns(path, layout, delimiter=";")
    finess_et, finess_ej, notes = _finess_numbers(columns)
    place, more = _place(columns, located=not national)
    texts = {
        name: columns[name] if name in columns else _empty(columns)
        for name in ("name", "category", "discipline", "mode", "clientele")
    }
    return Table(
        CAPACITIES,
        {
            **texts,
            "finess_et": finess_et,
            "finess_ej": finess_ej,
            "capacity": numbers(columns, "capacity")[0],
            **place,
        },
        (*columns.notes, *notes, *more),
    )


def read_finess_equipment(path: Path) -> Table:
    """Return the authorised heavy equipment; rows shifted by one column are put right, and said.

    Raises InputError when a row is neither as its header says nor shifted by one.
    """
    header = [fold_header(cell) for cell in csv_header(path, delimiter=";")]
    if header != list(_EQUIPMENT_HEADERS):
        raise InputError(
            f"{path.name}: found the columns {header}; expected {list(_EQUIPMENT_HEADERS)}."
        )
    text = path.read_text(encoding="utf-8-sig")
    rows, shifted = [], 0
    for rank, row in enumerate(list(csv.reader(io.StringIO(text), delimiter=";"))[1:], start=2):
        aligned, moved = _aligned(row, line=rank, file=path.name)
        rows.append(aligned)
        shifted += moved
    return _equipment_table(rows, shifted, file=path.name)


def _aligned(row: list[str], *, line: int, file: str) -> tuple[dict[str, str], bool]:
    """Return the cells of a row by name, and whether its first one was missing."""
    for cells, moved in ((row, False), (["", *row], True)):
        named = dict(zip(_EQUIPMENT_HEADERS, cells, strict=False))
        if _EQUIPMENT_CODE.fullmatch(named.get("eml", "")):
            return named, moved
    raise InputError(
        f"{file}, line {line}: no equipment code of five digits in the second or third cell of "
        f"{row}. The columns may have changed."
    )


def _equipment_table(rows: list[dict[str, str]], shifted: int, *, file: str) -> Table:
    named = {
        "authorisation": "noautor",
        "finess_et": "nofinesset",
        "legal_entity": "rsej",
        "equipment_code": "eml",
        "equipment": "libeml",
        "authorised_on": "dateautor",
        "started_on": "datemeo",
    }
    columns = TextColumns(
        file=file,
        columns={
            name: text_array(row.get(header, "") for row in rows) for name, header in named.items()
        },
        headers=named,
    )
    finess_et, notes = codes(columns, "finess_et", parse=parse_finess, length=9)
    if shifted:
        notes += (f"{shifted} rows lacked the legal entity's number and were one column off.",)
    return Table(EQUIPMENT, {**columns.columns, "finess_et": finess_et}, notes)


def _finess_numbers(columns: TextColumns) -> tuple[TextArray, TextArray, tuple[str, ...]]:
    finess_et, repaired_et = codes(columns, "finess_et", parse=parse_finess, length=9)
    finess_ej, repaired_ej = codes(columns, "finess_ej", parse=parse_finess, length=9)
    return finess_et, finess_ej, repaired_et + repaired_ej


def _place(columns: TextColumns, *, located: bool) -> tuple[dict[str, Any], tuple[str, ...]]:
    if not located:
        nowhere = np.full(len(columns), np.nan)
        empty = _empty(columns)
        return {"commune_code": empty, "longitude": nowhere, "latitude": nowhere}, ()
    communes = communes_of(columns)
    longitude, latitude, notes = points_of(columns, communes)
    place = {"commune_code": communes, "longitude": longitude, "latitude": latitude}
    return place, notes


def _empty(columns: TextColumns) -> TextArray:
    return text_array([""] * len(columns))
