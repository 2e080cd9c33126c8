"""The page a territory shows to whoever might settle there: what it has, and nothing of its needs.

A showcase is a list of sections, whatever they are made of: words written by the territory will
be sections like the others.
"""

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from django.utils.safestring import SafeString, mark_safe

from maillage.studies.store.tables import IntArray
from maillage.web.atlas.profiles.portrait import Link, Portrait
from maillage.web.atlas.profiles.subject import Subject
from maillage.web.territories.models import territory_url
from maillage.web.ui.words import number, typeset

_CARE: Final = (
    "emergency",
    "maternity",
    "hospital",
    "health_house",
    "health_centre",
    "pharmacy",
    "laboratory",
)
_CHILDREN: Final = ("primary_school", "middle_school", "high_school")
_TOWNS: Final = 6
_HELPED_ZONES: Final = frozenset({"ZIP", "ZAC", "ZAR"})
_SCRIPT_ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a territory has: "Pharmacies", "6"."""

    label: str
    count: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the showcase: things to count, or sentences; who says so at its foot."""

    anchor: str
    title: str
    intro: str
    items: tuple[Item, ...] = ()
    sentences: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Showcase:
    """What a territory shows of itself.

    welcome  one sentence under the name, also told to social networks
    towns    the communes most populated, or nearest to a lone commune
    """

    welcome: str
    sections: tuple[Section, ...]
    towns: tuple[Link, ...]


def showcase_of(portrait: Portrait) -> Showcase:
    """Return the showcase of a territory; a section with nothing to say is left out."""
    sections = [
        _strengths(portrait),
        _services(
            portrait,
            _CARE,
            anchor="soins",
            title="Pour se soigner, et pour soigner à plusieurs",
            intro="Des confrères, des équipes et des plateaux techniques sur place.",
        ),
        _services(
            portrait,
            _CHILDREN,
            anchor="ecoles",
            title="Pour grandir et apprendre",
            intro="Des écoles de la maternelle au lycée, pour les familles qui s’installent.",
        ),
        _aids(portrait),
    ]
    return Showcase(
        welcome=_welcome(portrait),
        sections=_said_once([one for one in sections if one.items or one.sentences]),
        towns=_towns(portrait),
    )


def _said_once(sections: list[Section]) -> tuple[Section, ...]:
    """Return the sections; those in a row that share a source tell it under the last of them."""
    repeated = [one.source == following.source for one, following in pairwise(sections)] + [
        False
    ] * bool(sections)
    return tuple(
        replace(one, source="") if is_repeated else one
        for one, is_repeated in zip(sections, repeated, strict=True)
    )


def structured_data(subject: Subject, showcase: Showcase, *, url: str) -> SafeString:
    """Return the page as schema.org data, safe to stand inside a script element."""
    units, rows = subject.store.units, subject.rows
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "AdministrativeArea",
        "name": subject.name,
        "description": showcase.welcome,
        "url": url,
        "identifier": subject.code,
    }
    placed = rows[~np.isnan(units["lon"][rows])]
    if placed.size:
        data["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(float(units["lat"][placed].mean()), 4),
            "longitude": round(float(units["lon"][placed].mean()), 4),
        }
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_SCRIPT_ESCAPES))


def _welcome(portrait: Portrait) -> str:
    at = portrait.subject.french.at
    people = f" : {portrait.population} habitants" if portrait.population else ""
    inside = "" if portrait.is_lone_commune else f", {portrait.composition}"
    return typeset(f"Bienvenue {at}{people}{inside}.")


def _strengths(portrait: Portrait) -> Section:
    sources = dict.fromkeys(one.provenance for one in portrait.strengths)
    return Section(
        anchor="atouts",
        title="Ses atouts",
        intro="Là où ce territoire fait mieux que la plupart des autres.",
        sentences=tuple(one.sentence for one in portrait.strengths),
        source=" ; ".join(sources),
    )


def _services(
    portrait: Portrait, kinds: tuple[str, ...], *, anchor: str, title: str, intro: str
) -> Section:
    found = {service.kind: service for service in portrait.report.services}
    items = [
        Item(
            typeset(found[kind].label[:1].upper() + found[kind].label[1:]),
            number(found[kind].count),
            f"{found[kind].pupils} élèves" if found[kind].pupils else "",
        )
        for kind in kinds
        if kind in found
    ]
    return Section(anchor, title, intro, tuple(items), source=portrait.service_sources)


def _aids(portrait: Portrait) -> Section:
    zoning = portrait.report.zoning
    titles = dict.fromkeys(
        aid.title for share in zoning.shares if share.value in _HELPED_ZONES for aid in share.aids
    )
    return Section(
        anchor="accueil",
        title="Un accueil pour les médecins qui s’installent",
        intro="Selon la commune choisie, un médecin peut recevoir :",
        sentences=tuple(typeset(title) for title in titles),
        source=typeset(f"Aides relues le {zoning.checked_on:%d/%m/%Y}. {zoning.advice}"),
    )


def _towns(portrait: Portrait) -> tuple[Link, ...]:
    store = portrait.subject.store
    codes = [one.code for one in portrait.communes[:_TOWNS]]
    rows: IntArray = np.array([store.row_of[code] for code in codes], dtype=np.int64)
    return tuple(
        Link(
            str(store.units["name"][row]),
            "",
            territory_url("commune", str(store.units["code"][row]), str(store.units["name"][row])),
        )
        for row in rows.tolist()
    )
