"""Rows of a file → sheets, with an error per cell; nothing is written."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from maillage.web.register.content.checking import checked
from maillage.web.register.content.fields import FIELD_BY_KEY, Content, Field
from maillage.web.register.content.places import KnownPlaces, read_places, split_places
from maillage.web.register.content.relations import problems_of_links, targets_of
from maillage.web.register.importing.columns import BAR, HOLDER_KIND, KEY
from maillage.web.register.models import Initiative

Raw = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TriedRow:
    """One row read: its key, the fields that it gives, and its errors by column of the file."""

    key: str
    changes: Content
    errors: tuple[tuple[str, str], ...]


def try_rows(
    raws: Sequence[Raw], mapping: Mapping[str, str], *, linkable: QuerySet[Initiative]
) -> list[TriedRow]:
    """Read rows through a mapping {column of the file: field}; a key used twice is an error.

    linkable  the records to which a row may link its own
    """
    columns = _columns(mapping)
    named = [line for raw in raws for line in split_places(_cell(raw, columns, "territories"))]
    known = KnownPlaces.of(sorted(set(named)))
    counts = Counter(_key(raw, columns) for raw in raws)
    tried = [_tried(raw, columns, known, counts) for raw in raws]
    targets = targets_of((row.changes for row in tried), among=linkable)
    return [_linked(row, targets, columns.get("relations", "")) for row in tried]


def column_of(mapping: Mapping[str, str], key: str) -> str:
    """Return the column of the file that gives a field, "" when none does."""
    return _columns(mapping).get(key, "")


def _columns(mapping: Mapping[str, str]) -> dict[str, str]:
    return {key: column for column, key in mapping.items() if key}


def _tried(
    raw: Raw, columns: Mapping[str, str], known: KnownPlaces, counts: Counter[str]
) -> TriedRow:
    key = _key(raw, columns)
    given, errors = _given(raw, columns, known)
    if not key:
        errors.append((columns.get(KEY, ""), "La clé est vide."))
    elif counts[key] > 1:
        errors.append((columns[KEY], f"La clé « {key} » revient sur {counts[key]} lignes."))
    read = checked(given, keys=given)
    errors += [(columns.get(problem.key, ""), problem.message) for problem in read.problems]
    if not read.content.get("title"):
        errors.append((columns.get("title", ""), "Le titre est vide ou illisible."))
    return TriedRow(key, read.content, tuple(dict.fromkeys(errors)))


def _linked(row: TriedRow, targets: Collection[str], column: str) -> TriedRow:
    """Add an error for each link to a record that is not there."""
    problems = problems_of_links(row.changes.get("relations", ()), known=targets)
    errors = tuple((column, problem.message) for problem in problems)
    return TriedRow(row.key, row.changes, row.errors + errors)


def _given(
    raw: Raw, columns: Mapping[str, str], known: KnownPlaces
) -> tuple[Content, list[tuple[str, str]]]:
    given: Content = {}
    errors: list[tuple[str, str]] = []
    for key, column in columns.items():
        text = raw.get(column, "").strip()
        if key == "territories":
            read = read_places(split_places(text), known=known)
            given[key] = list(read.references)
            errors += [(column, problem) for problem in read.problems]
        elif key in FIELD_BY_KEY and FIELD_BY_KEY[key].kind == "records":
            given[key], problems = _records(FIELD_BY_KEY[key], text)
            errors += [(column, problem) for problem in problems]
        elif key in FIELD_BY_KEY and (text or key != "licence"):  # empty: that of the file
            given[key] = text
    kind = _cell(raw, columns, HOLDER_KIND).strip()
    for holder in given.get("holders", []) if kind else ():
        holder["kind"] = holder.get("kind") or kind
    return given, errors


def _records(field: Field, text: str) -> tuple[list[Content], list[str]]:
    """Read the lines of a cell as those of a list; return them with what is wrong, in French."""
    records, problems = [], []
    keys = [column.key for column in field.columns]
    lines = [line for line in _lines(text) if line.strip()]
    for number, line in enumerate(lines, start=1):
        values = [value.strip() for value in line.split(BAR)]
        if len(values) > len(keys):
            problems.append(
                f"Ligne {number} : {len(values)} valeurs entre barres, {len(keys)} au plus."
            )
            continue
        records.append(dict(zip(keys, values, strict=False)))
    return records, problems


def _lines(text: str) -> list[str]:
    """Cut a cell into lines; in one of a single line, semicolons do it.

    Beside bars a semicolon must have a space after it: an address may hold one.
    """
    if "\n" in text:
        return text.split("\n")
    return re.split(r";(?=\s|$)", text) if BAR in text else text.split(";")


def _cell(raw: Raw, columns: Mapping[str, str], key: str) -> str:
    return raw.get(columns.get(key, ""), "")


def _key(raw: Raw, columns: Mapping[str, str]) -> str:
    return " ".join(_cell(raw, columns, KEY).split())[:200]
