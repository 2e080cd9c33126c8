"""Rows of a file → sheets, with an error per cell; nothing is written."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maillage.web.register.content.checking import checked
from maillage.web.register.content.fields import FIELD_BY_KEY, Content, Field
from maillage.web.register.content.places import KnownPlaces, read_places, split_places
from maillage.web.register.importing.columns import BAR, HOLDER_KIND, KEY

Raw = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TriedRow:
    """One row read: its key, the fields that it gives, and its errors by column of the file."""

    key: str
    changes: Content
    errors: tuple[tuple[str, str], ...]


def try_rows(rows: Iterable[Raw], mapping: Mapping[str, str]) -> list[TriedRow]:
    """Read rows through a mapping {column of the file: field}; a key used twice is an error."""
    raws = list(rows)
    column_of = {key: column for column, key in mapping.items() if key}
    places = column_of.get("territories", "")
    named = [line for raw in raws for line in split_places(raw.get(places, ""))]
    known = KnownPlaces.of(sorted(set(named)))
    counts = Counter(_key(raw, column_of) for raw in raws)
    return [_tried(raw, column_of, known, counts) for raw in raws]


def _tried(
    raw: Raw, column_of: Mapping[str, str], known: KnownPlaces, counts: Counter[str]
) -> TriedRow:
    key = _key(raw, column_of)
    given, errors = _given(raw, column_of, known)
    if not key:
        errors.append((column_of.get(KEY, ""), "La clé est vide."))
    elif counts[key] > 1:
        errors.append((column_of[KEY], f"La clé « {key} » revient sur {counts[key]} lignes."))
    read = checked(given, keys=given)
    errors += [(_column(column_of, problem.key), problem.message) for problem in read.problems]
    if not read.content.get("title"):
        errors.append((column_of.get("title", ""), "Le titre est vide ou illisible."))
    return TriedRow(key, read.content, tuple(dict.fromkeys(errors)))


def _given(
    raw: Raw, column_of: Mapping[str, str], known: KnownPlaces
) -> tuple[Content, list[tuple[str, str]]]:
    given: Content = {}
    errors: list[tuple[str, str]] = []
    for key, column in column_of.items():
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
    kind = raw.get(column_of.get(HOLDER_KIND, ""), "").strip()
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


def _column(column_of: Mapping[str, str], key: str) -> str:
    return column_of.get(key, "")


def _key(raw: Raw, column_of: Mapping[str, str]) -> str:
    return " ".join(raw.get(column_of.get(KEY, ""), "").split())[:200]
