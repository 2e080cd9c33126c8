"""Rows of a file → sheets, with an error per cell; nothing is written."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maillage.web.register.content.checking import checked
from maillage.web.register.content.fields import Content
from maillage.web.register.content.places import KnownPlaces, read_places, split_places
from maillage.web.register.importing.columns import HOLDER_NAMES, KEY, PARTNER_NAMES

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
        elif key == HOLDER_NAMES:
            kind = raw.get(column_of.get("holder_kind", ""), "").strip()
            given[key] = [{"name": name, "kind": kind} for name in _names(text)]
        elif key == PARTNER_NAMES:
            given[key] = [{"name": name} for name in _names(text)]
        elif key not in (KEY, "holder_kind"):
            given[key] = text
    return given, errors


def _column(column_of: Mapping[str, str], key: str) -> str:
    return column_of.get(key, "")


def _key(raw: Raw, column_of: Mapping[str, str]) -> str:
    return " ".join(raw.get(column_of.get(KEY, ""), "").split())[:200]


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(";") if name.strip()]
