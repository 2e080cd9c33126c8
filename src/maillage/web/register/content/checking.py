"""A sheet as people, files or other pages give it → the sheet as kept, or what is wrong with it.

Everything that enters the register comes through `checked`: forms, spreadsheets, amendments,
versions brought back, first content.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit

from maillage.web.register.content.fields import (
    FIELD_BY_KEY,
    FIELDS,
    MOST_RECORDS,
    MOST_TERRITORIES,
    Content,
    Field,
)

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2100
_REFERENCE: Final = re.compile(r"[a-z_]+:[0-9A-Z]{1,16}")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_COUNTRY: Final = re.compile("[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one field, in French, ready for the page.

    row, column  the line (from 0) and the column of a list of records, None and "" elsewhere
    """

    key: str
    message: str
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet read: what is kept of it, and what could not be."""

    content: Content
    problems: tuple[Problem, ...]


def checked(given: Mapping[str, Any], *, keys: Iterable[str] | None = None) -> Checked:
    """Return the sheet with every value in its one form, and the problems found.

    keys  the fields to read; all of them when None. A field that is not given is empty. A field
          with a problem is left empty: a sheet is never half a value.
    """
    wanted = [FIELD_BY_KEY[key] for key in keys] if keys is not None else FIELDS
    content: Content = {}
    problems: list[Problem] = []
    for field in wanted:
        found: list[Problem] = []
        value = _value(field, given.get(field.key), found)
        content[field.key] = field.empty if found else value
        problems += found
    problems += _between_fields(content)
    return Checked(content, tuple(problems))


def missing(content: Content) -> tuple[Problem, ...]:
    """Return what a sheet still lacks before it can be sent for publication."""
    lacking = [
        Problem(field.key, f"« {field.label} » est à remplir avant l’envoi.")
        for field in FIELDS
        if field.required and not content[field.key]
    ]
    if not content["territories"] and not content["place_note"]:
        lacking.append(
            Problem("territories", "Dites où : un territoire officiel, ou des lieux en mots.")
        )
    return tuple(lacking)


def without_unseen(text: str) -> str:
    """Return a text without the characters that no one sees and no database wants."""
    return _UNSEEN.sub("", text)


def _value(field: Field, given: Any, problems: list[Problem]) -> Any:
    if given is None or given == "":
        return field.empty
    try:
        return _READERS[field.kind](field, given)
    except _Refused as refused:
        problems.append(Problem(field.key, refused.message, refused.row, refused.column))
        return field.empty


class _Refused(Exception):
    """One value that cannot be kept, and why."""

    def __init__(self, message: str, *, row: int | None = None, column: str = "") -> None:
        super().__init__(message)
        self.message, self.row, self.column = message, row, column


def _text(field: Field, given: Any) -> str:
    text = " ".join(_plain(field, given).split())
    if field.key == "country_code":
        text = text.upper()
        if not _COUNTRY.fullmatch(text):
            raise _Refused("Écrivez le code du pays en deux lettres, comme FR ou BE.")
    return _bounded(field, text)


def _long(field: Field, given: Any) -> str:
    lines = _plain(field, given).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _bounded(field, "\n".join(line.rstrip() for line in lines).strip())


def _plain(field: Field, given: Any) -> str:
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise _Refused(f"« {field.label} » doit être un texte.")
    return _UNSEEN.sub("", str(given))


def _bounded(field: Field, text: str) -> str:
    if len(text) > field.longest:
        raise _Refused(
            f"« {field.label} » compte {len(text)} caractères : {field.longest} au plus."
        )
    return text


def _url(field: Field, given: Any) -> str:
    text = _text(field, given)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in text:
        raise _Refused(f"« {text[:80]} » n’est pas une adresse : elle commence par https://")
    return text


def _choice(field: Field, given: Any) -> str:
    assert field.choices is not None
    word = _plain(field, given).strip()
    if word in field.choices.values:
        return word
    by_label = {_folded(label): value for value, label in field.choices.choices}
    if _folded(word) in by_label:
        return str(by_label[_folded(word)])
    known = ", ".join(str(label) for label in field.choices.labels)
    raise _Refused(f"« {word[:60]} » n’est pas dans la liste de « {field.label} » : {known}.")


def _folded(word: Any) -> str:
    return " ".join(str(word).replace("’", "'").casefold().split())


def _choices(field: Field, given: Any) -> list[str]:
    assert field.choices is not None
    words = given if isinstance(given, list | tuple) else _plain(field, given).split(";")
    found = {_choice(field, word) for word in words if str(word).strip()}
    return [value for value in field.choices.values if value in found]


def _year(field: Field, given: Any) -> int:
    text = _plain(field, given).strip()
    if not re.fullmatch(r"\d{4}", text) or not EARLIEST_YEAR <= int(text) <= LATEST_YEAR:
        raise _Refused(f"« {text[:20]} » n’est pas une année : quatre chiffres, comme 2019.")
    return int(text)


def _number(field: Field, given: Any) -> str | None:
    text = re.sub(r"[\s\u00a0\u202f€%]", "", _plain(field, given)).replace(",", ".")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or text.lower().find("e") >= 0:
        raise _Refused(f"« {str(given)[:30]} » n’est pas un nombre, comme 12 ou 7,5.")
    if not field.least <= number <= field.most:
        bounds = f"de {field.least:f} à {field.most:f}".replace(".", ",")
        raise _Refused(f"« {str(given)[:30]} » : « {field.label} » va {bounds}.")
    kept = number.quantize(Decimal(1).scaleb(-field.decimals)) + 0  # adding 0: no minus before it
    return format(kept.normalize(), "f")


def _territories(field: Field, given: Any) -> list[str]:
    references = given if isinstance(given, list | tuple) else _plain(field, given).split(";")
    kept = {str(reference).strip() for reference in references if str(reference).strip()}
    unread = sorted(one for one in kept if not _REFERENCE.fullmatch(one))
    if unread:
        raise _Refused(f"Territoire illisible : {unread[0][:60]}.")
    if len(kept) > MOST_TERRITORIES:
        raise _Refused(f"{len(kept)} territoires : {MOST_TERRITORIES} au plus.")
    return sorted(kept)


def _records(field: Field, given: Any) -> list[Content]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, Mapping) for one in given):
        raise _Refused(f"« {field.label} » doit être une liste.")
    if len(given) > MOST_RECORDS:
        raise _Refused(f"« {field.label} » compte {len(given)} lignes : {MOST_RECORDS} au plus.")
    rows = []
    for number, row in enumerate(given):
        record = _record(field, row, number)
        if record is not None and record not in rows:
            rows.append(record)
    return rows


def _record(field: Field, row: Mapping[str, Any], number: int) -> Content | None:
    """Return one line, None for a line in which nothing but choices is given."""
    problems: list[Problem] = []
    record = {column.key: _value(column, row.get(column.key), problems) for column in field.columns}
    if problems:
        first = problems[0]
        raise _Refused(f"Ligne {number + 1} : {first.message}", row=number, column=first.key)
    told = [column for column in field.columns if column.kind != "choice" or column.required]
    if all(record[column.key] == column.empty for column in told):
        return None
    lacking = [column for column in field.columns if column.required and not record[column.key]]
    if lacking:
        raise _Refused(
            f"Ligne {number + 1} : « {lacking[0].label} » est à remplir.",
            row=number,
            column=lacking[0].key,
        )
    return record


_READERS: Final = {
    "text": _text,
    "long": _long,
    "url": _url,
    "choice": _choice,
    "choices": _choices,
    "year": _year,
    "number": _number,
    "territories": _territories,
    "records": _records,
}


def _between_fields(content: Content) -> list[Problem]:
    problems = []
    start, end = content.get("start_year"), content.get("end_year")
    if start and end and end < start:
        problems.append(Problem("end_year", "L’année de fin précède celle du lancement."))
    return problems
