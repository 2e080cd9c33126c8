"""Fields of a sheet as a form shows them, and what a form sends back; any browser, no script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from django.http import QueryDict

from maillage.web.register.content.checking import Checked, Problem, checked
from maillage.web.register.content.fields import MOST_RECORDS, Content, Field
from maillage.web.register.content.places import read_places, split_places, written
from maillage.web.register.content.storing import territories_named

EMPTY_ROWS: Final = 2
"""Lines offered beside those that are there; saving the page offers as many again."""


@dataclass(frozen=True, slots=True)
class Option:
    """One word to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as the page shows it."""

    name: str
    field: Field
    text: str = ""
    options: tuple[Option, ...] = ()
    rows: tuple[tuple["FieldView", ...], ...] = ()
    error: str = ""

    @property
    def id(self) -> str:
        """The id of its input."""
        return f"champ-{self.name}"


def field_views(
    fields: Sequence[Field], given: Content, problems: Iterable[Problem] = ()
) -> list[FieldView]:
    """Return the fields with what was given, right or wrong, and what is wrong."""
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(problem.key, problem.message)
    return [_view(field, field.key, given.get(field.key), errors) for field in fields]


def read_form(fields: Sequence[Field], data: QueryDict) -> tuple[Content, Checked]:
    """Return what a form sent, as it was written, and the same as a checked part of a sheet."""
    given: Content = {}
    problems: list[Problem] = []
    for field in fields:
        if field.kind == "choices":
            given[field.key] = data.getlist(field.key)
        elif field.kind == "records":
            given[field.key] = list(_records(field, data))
        elif field.kind == "territories":
            given[field.key] = data.get(field.key, "")
        else:
            given[field.key] = data.get(field.key, "")
    to_check = dict(given)
    for field in fields:
        if field.kind == "territories":
            read = read_places(split_places(given[field.key]))
            to_check[field.key] = list(read.references)
            problems += [Problem(field.key, message) for message in read.problems]
    result = checked(to_check, keys=[field.key for field in fields])
    return given, Checked(result.content, (*problems, *result.problems))


def _records(field: Field, data: QueryDict) -> Iterable[Content]:
    for number in count():
        names = {column.key: f"{field.key}-{number}-{column.key}" for column in field.columns}
        if number > MOST_RECORDS or not any(name in data for name in names.values()):
            return
        yield {key: data.get(name, "") for key, name in names.items()}


def _view(field: Field, name: str, value: Any, errors: dict[str, str]) -> FieldView:
    error = errors.get(field.key, "")
    if field.kind in ("choice", "choices"):
        return FieldView(name, field, options=_options(field, value), error=error)
    if field.kind == "territories":
        return FieldView(name, field, text=_places(value), error=error)
    if field.kind == "records":
        rows = [*(value or []), *({} for _ in range(EMPTY_ROWS))]
        return FieldView(name, field, rows=tuple(_rows(field, rows)), error=error)
    return FieldView(name, field, text="" if value is None else str(value), error=error)


def _rows(field: Field, records: Sequence[Content]) -> Iterable[tuple[FieldView, ...]]:
    for number, record in enumerate(records[:MOST_RECORDS]):
        yield tuple(
            _view(column, f"{field.key}-{number}-{column.key}", record.get(column.key), {})
            for column in field.columns
        )


def _options(field: Field, value: Any) -> tuple[Option, ...]:
    assert field.choices is not None
    chosen = set(value) if isinstance(value, list) else {value or field.default}
    options = [
        Option(word, str(label), word in chosen) for word, label in field.choices.choices if word
    ]
    if field.kind == "choice" and not field.default:
        options.insert(0, Option("", "Non renseigné", not value))
    return tuple(options)


def _places(value: Any) -> str:
    """Return territories as people write them; what they typed, when it did not read."""
    if not isinstance(value, list):
        return str(value or "")
    known = territories_named(value)
    return "\n".join(written(known[one]) if one in known else one for one in value)
