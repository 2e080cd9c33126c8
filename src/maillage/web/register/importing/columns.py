"""What a column may hold: the key of the source, or a field of the sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.text import slugify

from maillage.web.register.content.fields import FIELDS
from maillage.web.ui.spreadsheets import csv_file, xlsx_file

KEY: Final = "key"
HOLDER_NAMES: Final = "holders"
PARTNER_NAMES: Final = "partners"
_LISTS: Final = (HOLDER_NAMES, PARTNER_NAMES)


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column that the import understands."""

    key: str
    label: str
    help: str


def _help(kind: str) -> str:
    return {
        "choices": "Un ou plusieurs mots de la liste, séparés par des points-virgules",
        "choice": "Un mot de la liste",
        "year": "Quatre chiffres",
        "number": "Un nombre",
        "territories": "Noms ou codes officiels, séparés par des points-virgules",
        "url": "Commence par https://",
    }.get(kind, "Texte")


COLUMNS: Final = (
    ImportColumn(KEY, "Clé", "Identifiant de la ligne dans la source ; ne change jamais"),
    *(
        ImportColumn(field.key, field.label, _help(field.kind))
        for field in FIELDS
        if field.kind != "records"
    ),
    ImportColumn(HOLDER_NAMES, "Porteurs", "Noms séparés par des points-virgules"),
    ImportColumn("holder_kind", "Type des porteurs", "Un mot de la liste"),
    ImportColumn(PARTNER_NAMES, "Partenaires", "Noms séparés par des points-virgules"),
)
COLUMN_KEYS: Final = frozenset(column.key for column in COLUMNS)


def guessed_mapping(header: Sequence[str]) -> dict[str, str]:
    """Return the field of each column by its name in the header; "" when it says nothing."""
    known = {slugify(column.label): column.key for column in COLUMNS}
    known |= {slugify(column.key): column.key for column in COLUMNS}
    mapping: dict[str, str] = {}
    for name in header:
        key = known.get(slugify(name), "")
        mapping[name] = "" if key in mapping.values() else key
    return mapping


def mapping_problems(mapping: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a mapping, in French."""
    used = [key for key in mapping.values() if key]
    problems = [
        f"« {column.label} » est demandé par deux colonnes."
        for column in COLUMNS
        if used.count(column.key) > 1
    ]
    if "title" not in used:
        problems.append("Aucune colonne ne donne le titre.")
    if KEY not in used:
        problems.append("Aucune colonne ne donne la clé : sans elle, un second import doublerait.")
    return problems


def template(file_format: str) -> bytes:
    """Return an empty table to fill, "csv" or "xlsx", with a line that explains each column."""
    header = [column.label for column in COLUMNS]
    provenance = [f"{column.label} : {column.help}" for column in COLUMNS]
    if file_format == "xlsx":
        return xlsx_file([], header=header, provenance=provenance, title="Initiatives")
    return csv_file([], header=header, provenance=provenance).encode()
