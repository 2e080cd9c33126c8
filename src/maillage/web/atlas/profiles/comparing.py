"""Two to four territories side by side, as `/comparer/?t=departement:64&t=departement:40` asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from maillage.studies import figures
from maillage.studies.findings import is_known, source_told
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.studies.store.membership import NATION_CODE
from maillage.web.atlas.profiles.subject import Subject, custom_subject, official_subject
from maillage.web.territories.kinds import KIND_BY_NAME, KIND_BY_SLUG
from maillage.web.territories.models import territory_url
from maillage.web.territories.search import Found, index_of, search
from maillage.web.ui.charts import Bar, Chart, bar_chart
from maillage.web.ui.words import percent, typeset

MOST: Final = 4
_PROPOSED: Final = 8
_UNKNOWN: Final = "n. d."
_LEFT_OUT: Final = frozenset({"apl_gp_previous"})


@dataclass(frozen=True, slots=True)
class Column:
    """One territory of the comparison, with the address of the page without it."""

    name: str
    detail: str
    url: str
    without_url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: its figure in each territory, the nation's last."""

    title: str
    detail: str
    modelled: bool
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A territory that may be added, and the address of the page with it."""

    name: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks to compare, and in words what it asks in vain."""

    subjects: tuple[Subject, ...]
    problems: tuple[str, ...]

    @property
    def is_full(self) -> bool:
        """True when there is no room for one more."""
        return len(self.subjects) >= MOST


def read_asked(store: Store, tokens: Sequence[str]) -> Asked:
    """Return the territories that "departement:64" tokens name, each once, four at most."""
    found: dict[tuple[str, str], Subject] = {}
    problems = []
    for token in tokens[: MOST * 3]:
        slug, _, code = token.partition(":")
        kind = KIND_BY_SLUG.get(slug)
        try:
            if kind is None:
                raise Http404
            subject = (
                custom_subject(store, code)
                if kind.name == "custom"
                else official_subject(store, kind.name, code.upper())
            )
        except Http404:
            problems.append(f"« {token[:40]} » ne désigne aucun territoire des données chargées.")
            continue
        found.setdefault((subject.kind, subject.code), subject)
    subjects = tuple(found.values())
    if len(subjects) > MOST:
        problems.append(f"On compare au plus {MOST} territoires : les premiers sont gardés.")
    return Asked(subjects[:MOST], tuple(problems))


def columns_of(asked: Asked) -> tuple[Column, ...]:
    """Return the heads of the table."""
    return tuple(
        Column(
            subject.name,
            subject.kind_words.label,
            territory_url(subject.kind, subject.code, subject.name),
            _address([other for other in asked.subjects if other is not subject]),
        )
        for subject in asked.subjects
    )


def lines_of(store: Store, asked: Asked) -> tuple[Line, ...]:
    """Return every indicator that one of the territories knows."""
    known = [item for item in figures.all_told(store) if is_known(store, item)]
    lines = [_line(store, asked, item) for item in known if item.id not in _LEFT_OUT]
    return tuple(line for line in lines if any(one != _UNKNOWN for one in line.figures[:-1]))


def access_chart(store: Store, asked: Asked) -> Chart | None:
    """Return bars of access in each territory and in the nation; None when none is known."""
    item = figures.told(store, "apl_gp")
    bars = [
        Bar(subject.name, value, item.written(value), highlighted=True)
        for subject in asked.subjects
        if not isnan(value := figures.value(store, item, subject.rows))
    ]
    if not bars:
        return None
    nation = _nation(store, item)
    bars.append(Bar(store.territory_name("nation", NATION_CODE), nation, item.written(nation)))
    return bar_chart(
        bars,
        title=f"Accès aux généralistes, {item.unit}, {item.year}",
        description=" ; ".join(f"{bar.label} : {bar.text}" for bar in bars),
        columns=("Territoire", f"APL {item.year}"),
    )


def choices_for(store: Store, asked: Asked, query: str) -> tuple[Choice, ...]:
    """Return the territories that a search proposes to add."""
    found = search(index_of(store), query, limit=_PROPOSED)
    there = {(one.kind, one.code) for one in asked.subjects}
    return tuple(_choice(asked, one) for one in found if (one.kind, one.code) not in there)


def tokens_of(subjects: Sequence[Subject]) -> list[str]:
    """Return the territories as addresses write them."""
    return [f"{subject.kind_words.slug}:{subject.code}" for subject in subjects]


def _choice(asked: Asked, found: Found) -> Choice:
    kind = KIND_BY_NAME[found.kind]
    place = f", {found.department_name}" if found.department_name else ""
    token = f"{kind.slug}:{found.code}"
    return Choice(found.name, f"{kind.label}{place}", _address(asked.subjects, token))


def _address(subjects: Sequence[Subject], *more: str) -> str:
    query = urlencode({"t": [*tokens_of(subjects), *more]}, doseq=True, safe=":")
    return f"{reverse('atlas:compare')}?{query}" if query else reverse("atlas:compare")


def _line(store: Store, asked: Asked, item: Indicator) -> Line:
    written = [_written(store, item, subject) for subject in asked.subjects]
    if item.is_class:
        nation = ""
    else:
        value = _nation(store, item)
        nation = _UNKNOWN if isnan(value) else typeset(item.written(value))
    parts = [item.unit, f"{source_told(store, item)}, {item.year}"]
    return Line(
        typeset(item.title),
        typeset(". ".join(part for part in parts if part)),
        item.modelled,
        (*written, nation),
    )


def _written(store: Store, item: Indicator, subject: Subject) -> str:
    if not item.is_class:
        value = figures.value(store, item, subject.rows)
        return _UNKNOWN if isnan(value) else typeset(item.written(value))
    shares = figures.class_shares(store, item, subject.rows)
    known = sorted(((share, name) for name, share in shares.items() if name), reverse=True)
    told = (f"{item.label_of(name)} : {percent(share)}" for share, name in known)
    return typeset(", ".join(told)) or _UNKNOWN


def _nation(store: Store, item: Indicator) -> float:
    return float(figures.values_by_territory(store, item, "nation")[0])
