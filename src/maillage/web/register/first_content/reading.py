"""The reviewed files of the first content, one initiative each."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Final

from maillage.core.errors import InputError
from maillage.web.register.content.checking import checked, missing
from maillage.web.register.content.fields import FIELD_BY_KEY, Content, empty_content

SOURCE: Final = "Premier fonds de Maillage"
EXAMPLES: Final = "Exemples fictifs de Maillage"
"""The name under which each lot is brought in; also the reason of its changes."""


@dataclass(frozen=True, slots=True)
class FirstSheet:
    """One file: its name, which never changes, its sheet, and what it comes from, by name."""

    key: str
    content: Content
    relations: tuple[tuple[str, str], ...]


def read_first_content() -> list[FirstSheet]:
    """Return every sheet, those that others point at first.

    Raises InputError for a file that does not hold a whole sheet with its source, or a figure
    without one.
    """
    return _read_folder("sheets")


def read_examples() -> list[FirstSheet]:
    """Return the invented sheets of the fictional department. Raises as `read_first_content`."""
    return _read_folder("fictional_sheets")


def _read_folder(name: str) -> list[FirstSheet]:
    folder = resources.files("maillage.web.register.first_content") / name
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    sheets = [
        read_sheet(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8"))
        for file in files
    ]
    return sorted(sheets, key=lambda sheet: (bool(sheet.relations), sheet.key))


def read_sheet(key: str, text: str) -> FirstSheet:
    """Return one sheet. Raises InputError as `read_first_content` does."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{key}.toml is not TOML: {error}.") from error
    unknown = sorted(set(given) - set(FIELD_BY_KEY))
    if unknown:
        raise InputError(f"{key}.toml has the unknown fields {unknown}; see content/fields.py.")
    relations = tuple((one["kind"], one["target"]) for one in given.pop("relations", []))
    read = checked(empty_content() | given)
    problems = [*read.problems, *missing(read.content)]
    if problems:
        raise InputError(f"{key}.toml: {problems[0].key}: {problems[0].message}")
    if not read.content["source_name"]:
        raise InputError(f"{key}.toml names no source: say where it was read.")
    unsourced = [one["label"] for one in read.content["figures"] if not one["source"]]
    if unsourced:
        raise InputError(f"{key}.toml: the figure {unsourced[0]!r} has no source.")
    return FirstSheet(key, read.content, relations)
