"""What the zoning of a territory's communes entitles a doctor to."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from maillage.core.errors import InputError
from maillage.studies import figures
from maillage.studies.store.reading import Store
from maillage.studies.store.tables import IntArray

AID_FIELDS = ("title", "who", "funder", "contact", "since", "source")


@dataclass(frozen=True, slots=True)
class Aid:
    """One aid: who may have it, who pays, whom to ask, since when, and who says so."""

    zones: tuple[str, ...]
    title: str
    who: str
    funder: str
    contact: str
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Aids:
    """The reviewed list of aids, with the day it was checked and what no longer exists."""

    checked_on: date
    next_review: date
    advice: str
    zoning_source: str
    aids: tuple[Aid, ...]
    limits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ZoneShare:
    """The part of a territory in one class of the zoning of doctors."""

    value: str
    label: str
    meaning: str
    communes: int
    people_share: float
    aids: tuple[Aid, ...]


@dataclass(frozen=True, slots=True)
class Zoning:
    """The zoning of a territory; `available` is False when no commune's is known."""

    available: bool
    year: str
    shares: tuple[ZoneShare, ...]
    advice: str
    checked_on: date
    limits: tuple[tuple[str, str], ...]


@cache
def aids() -> Aids:
    """Return the reviewed list. Raises InputError when an entry lacks a field."""
    text = files("maillage.studies.reference").joinpath("zonage_aids.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    for entry in raw["aids"]:
        if lacking := [name for name in AID_FIELDS if not entry.get(name)]:
            raise InputError(f"zonage_aids.toml: {entry.get('title')!r} lacks {lacking}.")
    return Aids(
        checked_on=raw["checked_on"],
        next_review=raw["next_review"],
        advice=raw["advice"],
        zoning_source=raw["zoning_source"],
        aids=tuple(Aid(**{**entry, "zones": tuple(entry["zones"])}) for entry in raw["aids"]),
        limits=tuple((entry["text"], entry["source"]) for entry in raw["limits"]),
    )


def zoning_of(store: Store, rows: IntArray) -> Zoning:
    """Return the zoning of doctors of the territory made of unit `rows`, most people first."""
    item = figures.told(store, "zonage_gp")
    shares = figures.class_shares(store, item, rows)
    counts = figures.units_by_class(store, item, rows)
    known = {value: count for value, count in counts.items() if value}
    meaning = {one.value: one.meaning for one in item.classes}
    listed = aids()
    parts = [
        ZoneShare(
            value=value,
            label=item.label_of(value),
            meaning=meaning.get(value, ""),
            communes=count,
            people_share=shares.get(value, 0.0),
            aids=tuple(aid for aid in listed.aids if value in aid.zones),
        )
        for value, count in known.items()
    ]
    ordered = tuple(sorted(parts, key=lambda part: -part.people_share))
    return Zoning(bool(known), item.year, ordered, listed.advice, listed.checked_on, listed.limits)
