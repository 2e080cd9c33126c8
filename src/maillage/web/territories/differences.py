"""What a new version of the store changes in the list of territories; nothing here writes."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import slugify

from maillage.studies.store import Store

Key = tuple[str, str]
Fields = dict[str, Any]

FIELDS = (
    "name",
    "slug",
    "department_code",
    "region_code",
    "epci_code",
    "population",
    "n_units",
    "cog_year",
    "ended",
    "ended_on",
    "successor_codes",
    "lon",
    "lat",
    "west",
    "south",
    "east",
    "north",
)


@dataclass(frozen=True, slots=True)
class Addition:
    """A territory that the database lacks."""

    key: Key
    fields: Fields


@dataclass(frozen=True, slots=True)
class Edition:
    """A territory that is there, with other values; `changed` names the fields that differ."""

    key: Key
    fields: Fields
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """A territory that the new version no longer has and of which it says nothing."""

    key: Key


Difference = Addition | Edition | Ending


def differences(existing: Mapping[Key, Fields], store: Store) -> Iterator[Difference]:
    """Yield what must change for `existing` to say what `store` says.

    A commune code that ended is a territory too, marked as such, with its successors.
    """
    wanted = territories_wanted(store)
    for key, fields in wanted.items():
        found = existing.get(key)
        if found is None:
            yield Addition(key, fields)
            continue
        changed = tuple(name for name in FIELDS if found[name] != fields[name])
        if changed:
            yield Edition(key, fields, changed)
    for key, fields in existing.items():
        if key not in wanted and not fields["ended"]:
            yield Ending(key)


def territories_wanted(store: Store) -> dict[Key, Fields]:
    """Return the fields of each territory of the store, ended communes included, by key."""
    wanted = {
        (row["kind"], row["code"]): _fields_of(row, cog_year=store.cog_year)
        for row in store.territories.rows()
    }
    for code, changes in _changes_by_code(store).items():
        # A commune may come back under its old code: what exists today wins.
        wanted.setdefault(("commune", code), _fields_of_ended(changes, cog_year=store.cog_year))
    return wanted


def _changes_by_code(store: Store) -> dict[str, list[dict[str, Any]]]:
    by_code: dict[str, list[dict[str, Any]]] = {}
    for row in store.code_changes.rows():
        by_code.setdefault(row["code"], []).append(row)
    return by_code


def _fields_of(row: Mapping[str, Any], *, cog_year: int) -> Fields:
    # Rounded once here, so that a database and a Parquet file compare equal.
    points = {
        side: _rounded(row[side]) for side in ("lon", "lat", "west", "south", "east", "north")
    }
    population = row["population"]
    return {
        "name": row["name"],
        "slug": slugify(row["name"])[:200],
        "department_code": row["department_code"],
        "region_code": row["region_code"],
        "epci_code": row["epci_code"],
        "population": None if math.isnan(population) else round(population),
        "n_units": row["n_units"],
        "cog_year": cog_year,
        "ended": False,
        "ended_on": None,
        "successor_codes": [],
        **points,
    }


def _fields_of_ended(changes: Iterable[Mapping[str, Any]], *, cog_year: int) -> Fields:
    rows = list(changes)
    days = [row["ended_on"] for row in rows if row["ended_on"]]
    name = rows[0]["name"] or rows[0]["code"]
    return {
        "name": name,
        "slug": slugify(name)[:200],
        "department_code": "",
        "region_code": "",
        "epci_code": "",
        "population": None,
        "n_units": 0,
        "cog_year": cog_year,
        "ended": True,
        "ended_on": date.fromisoformat(max(days)) if days else None,
        "successor_codes": sorted({row["successor_code"] for row in rows}),
        **dict.fromkeys(("lon", "lat", "west", "south", "east", "north")),
    }


def _rounded(degrees: float) -> float | None:
    return None if math.isnan(degrees) else round(degrees, 6)
