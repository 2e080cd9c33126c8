"""Legal parameters of rosters, each with its article and the day on which it was read.

A list of our own, reviewed by hand (`reference/roster_rules.toml`): no figure of law is in code.
"""

import tomllib
from importlib.resources import files
from typing import Any, Final

import numpy as np

from maillage.core.errors import InputError
from maillage.core.tables import Array, Column, Schema, Table
from maillage.sources.names import text_array

ROSTER_RULES = Schema(
    "roster_rules",
    (
        Column("rule", "text", meaning="Name of the rule in the engine."),
        Column(
            "statuses", "text", nullable=True, meaning="Whom it binds, by spaces; all if empty."
        ),
        Column("value", "int", meaning="In the unit beside it."),
        Column("unit", "text", meaning="min, days or months."),
        Column("article", "text", meaning="The text of law, in French."),
        Column("text", "text", meaning="What it says, in French, for those it binds."),
        Column("since", "text", meaning="Day on which it came into force, ISO."),
        Column("checked", "text", meaning="What the text was read in, in French."),
    ),
    key=("rule", "statuses"),
)

_UNITS: Final = ("min", "days", "months")


def read_roster_rules() -> Table:
    """Read the list that comes with the code."""
    text = files("maillage.sources").joinpath("reference/roster_rules.toml").read_text("utf-8")
    return parse_roster_rules(text)


def parse_roster_rules(text: str) -> Table:
    """Return the table of a list in the form of `roster_rules.toml`; InputError when it is not."""
    try:
        content = tomllib.loads(text)
        rows = [_row(entry) for entry in content["rule"]]
        columns = {column.name: _array(column, rows) for column in ROSTER_RULES.columns}
        note = f"Checked on {content['checked_on']}, to be reviewed by {content['next_review']}."
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError(
            f"The list of roster rules cannot be read ({type(error).__name__}: {error}). Expected "
            "checked_on, next_review, and rules with the fields of its first lines."
        ) from error
    return Table(ROSTER_RULES, columns, (note,))


def _array(column: Column, rows: list[dict[str, Any]]) -> Array:
    values = [row[column.name] for row in rows]
    return np.array(values, dtype=np.int64) if column.kind == "int" else text_array(values)


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    if entry["unit"] not in _UNITS or entry["value"] < 1:
        raise InputError(
            f"{entry['rule']}: {entry['value']} {entry['unit']}; expected 1 or more, in one of "
            f"{_UNITS}."
        )
    return {**entry, "statuses": " ".join(entry["statuses"]), "since": str(entry["since"])}
