"""What somebody else wrote while a form was open: nobody's words are written over unread.

The form carries, hidden, a mark of each value as it was shown. When it comes back, the values that
its author left alone stay as they are today; one that both changed is shown to the author, who
saves again or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from maillage.web.register.content.differences import FieldDifference, readable
from maillage.web.register.content.fields import Content, Field
from maillage.web.runs.canonical import canonical_json, text_hash

_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form changes of the sheet of today.

    changes    the values that its author changed
    conflicts  those of them that somebody else changed too, as differences with today
    """

    changes: Content
    conflicts: tuple[FieldDifference, ...]


def marks_of(fields: Sequence[Field], content: Content) -> str:
    """Return the marks of the values shown, for a hidden field."""
    return " ".join(f"{field.key}:{_mark(content[field.key])}" for field in fields)


def compared(marks: str, *, today: Content, sent: Content) -> Sent:
    """Return what was sent, set against the sheet of today.

    A value without mark is taken as changed by its author alone.
    """
    shown: Mapping[str, str] = dict(
        part.split(":", 1) for part in marks.split()[: len(sent)] if ":" in part
    )
    changes: Content = {}
    both: dict[str, dict[str, Any]] = {}
    for key, value in sent.items():
        now, then = _mark(today[key]), shown.get(key, _mark(today[key]))
        if _mark(value) in (now, then):
            continue
        changes[key] = value
        if now != then:
            both[key] = {"before": today[key], "after": value}
    return Sent(changes, tuple(readable(both)))


def _mark(value: Any) -> str:
    return text_hash(canonical_json(value))[:_LENGTH]
