"""Maternities, 2013 to 2023: beds, delivery rooms, births.

Producer   DREES, Statistique annuelle des établissements (SAE); Licence Ouverte 2.0
Traps      overseas communes are coded 9A…9F in every year (9A101 is 97101); Paris, Lyon and
           Marseille are given whole (75056, 69123, 13055); the name, postal code and commune of
           one site vary from year to year: follow `finess_et`; the type is empty on one row
Verified on the real file.
"""

from pathlib import Path
from typing import Final

from maillage.core.codes import parse_finess
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.finess_positions import plain_commune_codes
from maillage.sources.text_columns import codes, whole_numbers

_TYPES: Final = ("", "1", "2a", "2b", "3")
_HEADERS: Final = {
    "year": "ANNEE",
    "name": "NOM_MAT",
    "level": "TYPE",
    "status": "STATUT",
    "finess_et": "FI_ET",
    "finess_ej": "FI_EJ",
    "commune_code": "COM",
    "commune": "NOMCOM",
    "postal_code": "CPO",
    "beds": "LIT_OBS",
    "delivery_rooms": "SALTRAV",
    "births": "ACCTOT",
}

SCHEMA: Final = Schema(
    name="maternities",
    columns=(
        Column("year", "int"),
        Column("name", "text"),
        Column("level", "text", nullable=True, meaning="1, 2a, 2b or 3: care of the newborn"),
        Column("status", "text", meaning="PUBLIC, PRIVE LUCRATIF or PRIVE NON LUCRATIF"),
        Column("finess_et", "text"),
        Column("finess_ej", "text"),
        Column("commune_code", "text", meaning="Paris, Lyon and Marseille whole"),
        Column("commune", "text"),
        Column("postal_code", "text"),
        Column("beds", "int", "beds"),
        Column("delivery_rooms", "int"),
        Column("births", "int", "births/year", meaning="Deliveries of the year"),
    ),
    key=("year", "finess_et"),
)


def read_maternities(path: Path) -> Table:
    """Return each maternity of each year, overseas communes in Insee codes.

    Raises InputError for a level that is not 1, 2a, 2b or 3, or a site given twice in a year.
    """
    columns = read_csv_columns(path, _HEADERS, delimiter=";")
    odd = sorted(set(columns["level"].tolist()) - set(_TYPES))
    if odd:
        raise InputError(f"{path.name}: levels {odd}; expected 1, 2a, 2b, 3 or nothing.")
    finess_et, repaired_et = codes(columns, "finess_et", parse=parse_finess, length=9)
    finess_ej, repaired_ej = codes(columns, "finess_ej", parse=parse_finess, length=9)
    texts = ("name", "level", "status", "commune", "postal_code")
    counts = ("year", "beds", "delivery_rooms", "births")
    return Table(
        SCHEMA,
        {
            **{name: columns[name] for name in texts},
            **{name: whole_numbers(columns, name) for name in counts},
            "finess_et": finess_et,
            "finess_ej": finess_ej,
            "commune_code": plain_commune_codes(columns["commune_code"], file=path.name),
        },
        columns.notes + repaired_et + repaired_ej,
    )
