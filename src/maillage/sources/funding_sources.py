"""Aids open to territories, from Aides-territoires (2022).

Producer   Aides-territoires; Licence Ouverte 2.0
Traps      descriptions are long quoted texts with line breaks; lists of beneficiaries and kinds
           are separated by ";"; closing dates are French (31/12/2022), mostly empty; two names
           stand twice: the link is the key
Verified on the real file.
"""

import datetime as dt
from pathlib import Path
from typing import Final

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.names import TextArray, text_array

_HEADERS: Final = {
    "name": "Nom",
    "link": "Lien",
    "funders": "Financeurs",
    "beneficiaries": "Bénéficiaire",
    "kinds": "Types d'aides",
    "call_for_projects": "AAP/AMI",
    "recurrence": "Récurrence",
    "description": "Descriptif",
    "closes_on": "Date Clôture",
}

SCHEMA: Final = Schema(
    name="funding_sources",
    columns=(
        Column("name", "text"),
        Column("link", "text"),
        Column("funders", "text"),
        Column("beneficiaries", "text", meaning="Separated by ;"),
        Column("kinds", "text", meaning="Separated by ;"),
        Column("call_for_projects", "bool", meaning="AAP or AMI"),
        Column("recurrence", "text", meaning="Permanente, Ponctuelle or Récurrente"),
        Column("description", "text"),
        Column("closes_on", "text", nullable=True, meaning="ISO date"),
    ),
    key=("link",),
)


def read_funding_sources(path: Path) -> Table:
    """Return the aids; raises InputError when a closing date is not one."""
    columns = read_csv_columns(path, _HEADERS, multiline=True)
    texts = {name: columns[name] for name in _HEADERS}
    return Table(
        SCHEMA,
        {
            **texts,
            "call_for_projects": columns["call_for_projects"] == "Oui",
            "closes_on": _iso_dates(columns["closes_on"], file=path.name),
        },
        columns.notes,
    )


def _iso_dates(texts: TextArray, *, file: str) -> TextArray:
    return text_array(_iso_date(text, file=file) for text in texts.tolist())


def _iso_date(text: str, *, file: str) -> str:
    if not text:
        return ""
    try:
        return dt.datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=dt.UTC).date().isoformat()
    except ValueError:
        raise InputError(f"{file}: {text!r} is not a date such as 31/12/2022.") from None
