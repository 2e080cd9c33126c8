"""What is asked for, read from an address: the same words for pages, files, feeds, interface.

An unknown value is left out, and told: an old link still shows something, and a page says what it
shows and what it made nothing of. The interface refuses it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import QueryDict

from maillage.web.register.content.checking import without_unseen
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import (
    FACET_CHOICES,
    EvidenceLevel,
    Facet,
    FunderKind,
    HolderKind,
    Stage,
)
from maillage.web.territories.models import Territory

LONGEST_QUERY: Final = 300
SORTS: Final = ("pertinence", "recent", "titre", "annee")
YEARS: Final = (1900, 2100)
KINDS_TO_LOOK_IN: Final = tuple(
    kind.value
    for kind in Territory.Kind
    if kind not in (Territory.Kind.LIVING_ZONE, Territory.Kind.EMPLOYMENT_ZONE)
)
"""Kinds of territories whose communes are known here: a row does not say in which zone it lies."""

TERRITORY: Final = f"({'|'.join(KINDS_TO_LOOK_IN)})-[0-9A-Za-z]{{1,16}}"
REGION: Final = "[0-9A-Za-z]{2}"
LONGEST_TOLD: Final = 60
NO_VALUE: Final = ("aucune",)
"""What a filter asks for when nothing can answer it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter by words of a list.

    name     in addresses
    label    above its choices
    choices  value → words; empty for those that come from the data (regions)
    facet    the facet of `Tag`, or None
    path     else the path from an initiative to the value
    """

    name: str
    label: str
    choices: type[TextChoices] | None
    facet: Facet | None = None
    path: str = ""

    def values_of(self, initiative: Initiative) -> set[str]:
        """Return the values that an initiative has; details should be prefetched."""
        if self.facet:
            return {tag.value for tag in initiative.tags.all() if tag.facet == self.facet}
        relation, _, name = self.path.rpartition("__")
        rows = getattr(initiative, relation).all() if relation else [initiative]
        return {value for row in rows if (value := getattr(row, name))}


def _tags(name: str, facet: Facet) -> Filter:
    return Filter(name, str(facet.label), FACET_CHOICES[facet], facet)


FILTERS: Final = (
    _tags("theme", Facet.THEME),
    _tags("sujet", Facet.SUB_THEME),
    _tags("reponse", Facet.ANSWER_KIND),
    Filter("avancement", "Avancement", Stage, path="stage"),
    Filter("porteur", "Type de porteur", HolderKind, path="holders__kind"),
    Filter("region", "Région", None, path="territories__region_code"),
    _tags("milieu", Facet.TERRITORY_KIND),
    _tags("public", Facet.PUBLIC),
    _tags("profession", Facet.PROFESSION),
    _tags("dispositif", Facet.SCHEME),
    Filter("financeur", "Financeur", FunderKind, path="budget_lines__funder_kind"),
    Filter("preuve", "Niveau de preuve", EvidenceLevel, path="evidence_level"),
    _tags("facteur", Facet.SUCCESS_FACTOR),
    _tags("besoin", Facet.SUPPORT_NEED),
)
FILTER_BY_NAME: Final = MappingProxyType({each.name: each for each in FILTERS})


@dataclass(frozen=True, slots=True)
class Unknown:
    """What an address asks for and nothing here is: the parameter, and its value, cut."""

    name: str
    found: str

    @property
    def expected(self) -> str:
        """Say what the parameter takes, for those who program."""
        if self.name in FILTER_BY_NAME:
            choices = FILTER_BY_NAME[self.name].choices
            return "one of " + ", ".join(choices.values) if choices else f"a code like {REGION}"
        return {
            "territoire": f"a kind and a code, like department-64, as in {TERRITORY}",
            "tri": "one of " + ", ".join(SORTS),
            "exact": "1",
        }.get(self.name, f"a year from {YEARS[0]} to {YEARS[1]}")

    @property
    def in_french(self) -> str:
        """Say to visitors what is not understood."""
        if self.name in FILTER_BY_NAME:
            label = FILTER_BY_NAME[self.name].label
            return f"« {self.found} » n’est pas une valeur du filtre « {label} »"
        meant = {
            "territoire": "un territoire, écrit comme « department-64 »",
            "tri": "un ordre de la liste",
            "exact": "« 1 »",
        }.get(self.name, f"une année, de {YEARS[0]} à {YEARS[1]}")
        return f"« {self.found} » n’est pas {meant}"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What initiatives to find.

    text        the words to search, as typed
    exact       the words as typed, without correction
    values      filter → the values asked for, any of them
    territory   "kind-code" of the territory to look in, or ""
    first_year, last_year  years of launch, both included; None for no bound
    sort        one of `SORTS`
    unknown     what else the address asks for, left out
    """

    text: str = ""
    exact: bool = False
    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    territory: str = ""
    first_year: int | None = None
    last_year: int | None = None
    sort: str = ""
    unknown: tuple[Unknown, ...] = field(default=(), compare=False)

    @property
    def order(self) -> str:
        """The sort in force: by relevance for words, else the latest changed first."""
        if self.sort and not (self.sort == "pertinence" and not self.text):
            return self.sort
        return "pertinence" if self.text else "recent"

    @property
    def is_empty(self) -> bool:
        """Say whether everything public answers."""
        return replace(self, sort="", exact=False) == Criteria()

    def pairs(self) -> list[tuple[str, str]]:
        """Return the criteria as pairs of an address, always in the same order."""
        found = [("q", self.text)] if self.text else []
        for each in FILTERS:
            found += [(each.name, value) for value in self.values.get(each.name, ())]
        if self.territory:
            found.append(("territoire", self.territory))
        years = (("annee_de", self.first_year), ("annee_a", self.last_year))
        found += [(name, str(year)) for name, year in years if year is not None]
        if self.sort:
            found.append(("tri", self.sort))
        if self.exact:
            found.append(("exact", "1"))
        return found

    def query(self) -> str:
        """Return the criteria as the end of an address, always the same for the same ones."""
        return urlencode(self.pairs())

    def without(self, name: str, value: str = "") -> "Criteria":
        """Return the criteria less one value of a filter, or less the words, territory or years."""
        if name in FILTER_BY_NAME:
            kept = tuple(each for each in self.values.get(name, ()) if each != value)
            values = {**self.values, name: kept} if kept else dict(self.values)
            if not kept:
                values.pop(name, None)
            return replace(self, values=MappingProxyType(values))
        if name == "q":
            return replace(self, text="", exact=False)
        if name == "territoire":
            return replace(self, territory="")
        return replace(self, first_year=None, last_year=None)

    def within(self, kept: "Criteria") -> "Criteria":
        """Return what a visitor asks for, never outside of what is set once for all.

        The words and the order are the visitor's; a filter of which no value is left finds nothing.
        """
        values = dict(self.values)
        for name, allowed in kept.values.items():
            mine = values.get(name, allowed)
            values[name] = tuple(value for value in mine if value in allowed) or NO_VALUE
        first = [year for year in (self.first_year, kept.first_year) if year is not None]
        last = [year for year in (self.last_year, kept.last_year) if year is not None]
        return replace(
            self,
            values=MappingProxyType(values),
            territory=kept.territory or self.territory,
            first_year=max(first, default=None),
            last_year=min(last, default=None),
        )


def read_criteria(asked: QueryDict) -> Criteria:
    """Return the criteria of an address; what is unknown is set apart, what is empty ignored."""
    values, unknown = {}, []
    for each in FILTERS:
        given = dict.fromkeys(value for value in asked.getlist(each.name) if value)
        known = [value for value in given if _is_known(each, value)]
        if known:
            values[each.name] = tuple(sorted(known))
        unknown += [_unknown(each.name, value) for value in given if value not in known]
    single = {name: asked.get(name, "") for name, _ in _SINGLE}
    for name, is_known in _SINGLE:
        if single[name] and not is_known(single[name]):
            unknown.append(_unknown(name, single[name]))
            single[name] = ""
    return Criteria(
        text=" ".join(without_unseen(asked.get("q", "")).split())[:LONGEST_QUERY],
        exact=bool(single["exact"]),
        values=MappingProxyType(values),
        territory=single["territoire"],
        first_year=int(single["annee_de"]) if single["annee_de"] else None,
        last_year=int(single["annee_a"]) if single["annee_a"] else None,
        sort=single["tri"],
        unknown=tuple(unknown),
    )


def criteria_of(query: str) -> Criteria:
    """Return the criteria of a query kept as text (`Criteria.query`)."""
    return read_criteria(QueryDict(query))


def _is_known(each: Filter, value: str) -> bool:
    if value in NO_VALUE:
        return True
    if each.choices is None:
        return re.fullmatch(REGION, value) is not None
    return value in each.choices.values


def _is_territory(text: str) -> bool:
    return re.fullmatch(TERRITORY, text) is not None


def _is_year(text: str) -> bool:
    return re.fullmatch("[0-9]{4}", text) is not None and YEARS[0] <= int(text) <= YEARS[1]


def _unknown(name: str, value: str) -> Unknown:
    told = " ".join(without_unseen(value).split())
    return Unknown(name, told if len(told) <= LONGEST_TOLD else f"{told[: LONGEST_TOLD - 1]}…")


_SINGLE: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("territoire", _is_territory),
    ("annee_de", _is_year),
    ("annee_a", _is_year),
    ("tri", SORTS.__contains__),
    ("exact", "1".__eq__),
)
"""What an address says once, besides words and filters, and whether a value is one."""
