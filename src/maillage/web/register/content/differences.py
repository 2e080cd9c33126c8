"""What differs between two sheets, field by field, in words that people read."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from maillage.web.register.content.fields import FIELD_BY_KEY, FIELDS, Content, Field

Change = dict[str, dict[str, Any]]
"""{key of the field: {"before": value, "after": value}}"""

_LONGEST_COMPARED: Final = 4_000
_PIECES: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a compared text: kept, removed or added."""

    status: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that differs, as people read it before and after."""

    key: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


def changes_between(before: Content, after: Content) -> Change:
    """Return the fields that differ, with both values."""
    return {
        field.key: {"before": before[field.key], "after": after[field.key]}
        for field in FIELDS
        if before.get(field.key, field.empty) != after.get(field.key, field.empty)
    }


def readable(change: Change) -> list[FieldDifference]:
    """Return the differences in words, in the order of the sheet."""
    return [
        _difference(FIELD_BY_KEY[key], change[key]["before"], change[key]["after"])
        for key in FIELD_BY_KEY
        if key in change
    ]


def in_words(field: Field, value: Any) -> str:
    """Return a value of a sheet as people read it; "" when nothing is given."""
    if value is None or value in ("", []):
        return ""
    if field.kind == "records":
        return "\n".join(_record_in_words(field.columns, record) for record in value)
    if field.kind == "territories":
        return "\n".join(value)
    if field.choices is not None:
        words = value if isinstance(value, list) else [value]
        return ", ".join(str(field.choices(word).label) for word in words)
    return str(value)


def _record_in_words(columns: Iterable[Field], record: Content) -> str:
    words = (in_words(column, record.get(column.key)) for column in columns)
    return " · ".join(word for word in words if word)


def _difference(field: Field, before: Any, after: Any) -> FieldDifference:
    old, new = in_words(field, before), in_words(field, after)
    return FieldDifference(field.key, field.label, old, new, tuple(_pieces(old, new)))


def _pieces(old: str, new: str) -> Iterable[Piece]:
    """Compare word by word; whole values beyond a few thousand characters."""
    if len(old) + len(new) > _LONGEST_COMPARED:
        return _whole(old, new)
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    found: list[Piece] = []
    removed = added = ""
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        old_words, new_words = "".join(before[i1:i2]), "".join(after[j1:j2])
        # A space between two changed words is read with them: not one word crossed at a time.
        if what != "equal" or (old_words == " " and removed and added):
            removed, added = removed + old_words, added + new_words
            continue
        found += [*_whole(removed, added), Piece("same", old_words)]
        removed = added = ""
    return [*found, *_whole(removed, added)]


def _whole(old: str, new: str) -> list[Piece]:
    removed = [Piece("removed", old)] if old else []
    return removed + ([Piece("added", new)] if new else [])
