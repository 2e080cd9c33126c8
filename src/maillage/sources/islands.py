"""Communes that no road links to the rest of the country: islands, and the forest of Guyane.

A list of our own, written by hand (`reference/islands.toml`), whose codes and names are checked
against the official geographic code. A crow-fly distance would take an inhabitant of Groix across
the sea in fifteen minutes; with this list such pairs have no travel time, and it is said.
"""

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

import numpy as np

from maillage.core.codes import parse_commune_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.names import text_array
from maillage.sources.text_columns import IntArray

ISLANDS = Schema(
    "islands",
    (
        Column("group", "text", meaning="Communes of one group are linked by road."),
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("cut_off_by", "text", meaning="sea or forest."),
        Column("access", "text", meaning="How one gets there, in French."),
    ),
    key=("commune_code",),
)

_CUT_OFF_BY: Final = ("sea", "forest")


def read_islands() -> Table:
    """Read the list that comes with the code."""
    text = files("maillage.sources").joinpath("reference/islands.toml").read_text("utf-8")
    return parse_islands(text)


def parse_islands(text: str) -> Table:
    """Return the table of a list in the form of `islands.toml`; InputError when it is not."""
    try:
        content = tomllib.loads(text)
        rows = [_row(group, place) for group in content["group"] for place in group["communes"]]
        written_on, source = content["written_on"], content["source"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError(
            f"The list of islands cannot be read ({type(error).__name__}: {error}). Expected "
            "written_on, source, and groups with name, cut_off_by, access and communes."
        ) from error
    columns = {
        column.name: text_array(row[rank] for row in rows)
        for rank, column in enumerate(ISLANDS.columns)
    }
    return Table(ISLANDS, columns, (f"Written on {written_on}. Source: {source}.",))


def _row(group: dict[str, Any], place: dict[str, str]) -> tuple[str, ...]:
    if group["cut_off_by"] not in _CUT_OFF_BY:
        raise InputError(
            f"{group['name']}: cut_off_by is {group['cut_off_by']!r}; expected one of "
            f"{_CUT_OFF_BY}."
        )
    code = parse_commune_code(place["code"])
    return (group["name"], code, place["name"], group["cut_off_by"], group["access"])


def road_groups(commune_codes: Iterable[str], islands: Table) -> IntArray:
    """Return the road group of each commune, shape (n_communes,): 0 for the rest of the country.

    Two communes may be linked by road only when their groups are equal. Departments overseas are
    in group 0: they are far enough apart for no distance to join them.
    """
    names = {name: rank + 1 for rank, name in enumerate(dict.fromkeys(islands["group"].tolist()))}
    group_of = {
        code: names[name]
        for code, name in zip(islands["commune_code"], islands["group"], strict=True)
    }
    return np.array([group_of.get(code, 0) for code in commune_codes], dtype=np.int64)
