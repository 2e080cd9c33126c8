"""What a column may hold: the key of the source, or a field of the sheet.

A field that is a list (holders, budget, figures…) is one column too: one line of the cell for each
line of the list, its values in order between bars.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.text import slugify

from maillage.web.register.content.fields import FIELDS, Field
from maillage.web.ui.spreadsheets import csv_file, xlsx_file

KEY: Final = "key"
HOLDER_KIND: Final = "holder_kind"
BAR: Final = "|"
_EXAMPLES: Final = {
    "holders": "CC du Levant | Collectivité | Porte",
    "partners": "Hôpital du Levant | prête une salle",
    "milestones": "2021 | Premier passage du bus",
    "budget_lines": "ARS | ARS | 2023 | 120000 | 50",
    "figures": "Activité | Personnes vues | 1250 | personnes | 2023 | Bilan 2023",
    "evaluation": "Équité | En partie | Les plus éloignés viennent moins",
    "resources": "Rapport ou évaluation | Bilan 2023 | https://example.org/bilan.pdf",
    "relations": "S’inspire de | k3m9p7x2qa",
}


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column that the import understands."""

    key: str
    label: str
    help: str


def _help(field: Field) -> str:
    """Return what to write in a cell of this field."""
    if field.kind == "records":
        return _help_of_list(field)
    if field.kind == "choices":
        return f"Un ou plusieurs, entre points-virgules : {_words(field)}"
    if field.kind == "choice":
        return f"Un seul : {_words(field)}"
    return {
        "year": "Quatre chiffres",
        "number": "Un nombre",
        "territories": "Noms ou codes officiels, séparés par des points-virgules",
        "url": "Commence par https://",
    }.get(field.kind, "Texte")


def _help_of_list(field: Field) -> str:
    order = f" {BAR} ".join(column.label for column in field.columns)
    words = "".join(f". {one.label} : {_words(one)}" for one in field.columns if one.choices)
    return (
        f"Une ligne de la cellule (ou un point-virgule) pour chacun : {order}. Ce qui manque à la "
        f"fin s’omet. Exemple : {_EXAMPLES[field.key]}{words}"
    )


def _words(field: Field) -> str:
    assert field.choices is not None
    return ", ".join(str(label) for value, label in field.choices.choices if value)


COLUMNS: Final = (
    ImportColumn(KEY, "Clé", "Identifiant de la ligne dans la source ; ne change jamais"),
    *(ImportColumn(field.key, field.label, _help(field)) for field in FIELDS),
    ImportColumn(
        HOLDER_KIND,
        "Type des porteurs",
        "Celui des porteurs dont la colonne « Porteurs » ne le dit pas",
    ),
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
