"""Acronyms, phrases and families of words that mean the same, for the search engine.

A list of our own, written and reviewed by hand (`reference/synonyms.toml`): no stemmer knows that
CPTS is a communauté professionnelle territoriale de santé, or that an hôpital is hospitalier.
"""

import re
import tomllib
from datetime import date
from importlib.resources import files
from typing import Any, Final

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.names import text_array

SYNONYMS = Schema(
    "synonyms",
    (
        Column("concept", "text", meaning="One thing meant; lower-case letters and digits."),
        Column("text", "text", meaning="A way to write it."),
        Column("kind", "text", meaning="acronym, acronym_in_capitals or form."),
        Column("subject", "text", meaning="Part of the list, in French."),
        Column("reviewed_by", "text"),
        Column("reviewed_on", "text", meaning="ISO date."),
    ),
    key=("concept", "text"),
)

_KINDS: Final = {
    "acronyms": "acronym",
    "acronyms_in_capitals": "acronym_in_capitals",
    "forms": "form",
}
_NAME: Final = re.compile("[a-z][a-z0-9]*")


def read_synonyms() -> Table:
    """Read the list that comes with the code."""
    text = files("maillage.sources").joinpath("reference/synonyms.toml").read_text("utf-8")
    return parse_synonyms(text)


def parse_synonyms(text: str) -> Table:
    """Return the table of a list in the form of `synonyms.toml`; InputError when it is not."""
    try:
        reviews = tomllib.loads(text)["review"]
        rows = [row for review in reviews for row in _rows(review)]
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as error:
        raise InputError(
            f"The list of synonyms cannot be read ({type(error).__name__}: {error}). Expected "
            "reviews with by, on, subject and concepts, each concept with a name and forms."
        ) from error
    _check_names([concept["name"] for review in reviews for concept in review["concepts"]])
    columns = {
        column.name: text_array(row[rank] for row in rows)
        for rank, column in enumerate(SYNONYMS.columns)
    }
    return Table(SYNONYMS, columns, ())


def _rows(review: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the rows of the concepts that one person read on one day."""
    by, on, subject = review["by"], review["on"], review["subject"]
    if not by.strip() or not isinstance(on, date):
        raise InputError(
            f"{subject}: by is {by!r} and on is {on!r}; expected who read it, and a date."
        )
    rows: list[tuple[str, ...]] = []
    for concept in review["concepts"]:
        name = concept["name"]
        unknown = set(concept) - {"name", *_KINDS}
        if unknown:
            raise InputError(f"{name}: {sorted(unknown)} is unknown; expected {list(_KINDS)}.")
        rows += [
            (name, written, kind, subject, by, on.isoformat())
            for key, kind in _KINDS.items()
            for written in concept.get(key, [])
        ]
    return rows


def _check_names(names: list[str]) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise InputError(f"{name!r} is not the name of a concept: a-z, then a-z and 0-9.")
        if names.count(name) > 1:
            raise InputError(f"The concept {name!r} is listed twice; put its forms together.")
