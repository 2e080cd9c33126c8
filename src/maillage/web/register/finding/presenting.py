"""What lists show of an initiative, and the words of the criteria in force."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from maillage.engines.textsearch.analyser import QueryTerm
from maillage.engines.textsearch.highlight import Piece, extract, matches, pieces
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.criteria import FILTERS, Criteria, Filter
from maillage.web.register.finding.facets import region_names
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import Facet
from maillage.web.territories.models import Territory

EXTRACT_LENGTH = 220
READ_FOR_EXTRACT = 5_000
_MARKDOWN = re.compile(
    r"(?m)^[^\S\n]*(?:#+|[-*>]|\d+\.)[^\S\n]+|\*\*|__|`"
    r"|\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)"
)
"""What a description is set with, which an extract leaves out; a link keeps its words.

Nothing is looked for beyond its line, nor the end of a link far from its beginning: each place of a
text is read a bounded number of times.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """An initiative in a list.

    title, extract  in pieces, marked where they answer; the page escapes them
    """

    initiative: Initiative
    title: list[Piece]
    extract: list[Piece]
    themes: list[str]
    holders: str
    places: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One criterion in force, and the address without it."""

    text: str
    query: str


def lines_of(initiatives: Sequence[Initiative], terms: Sequence[QueryTerm]) -> list[Line]:
    """Return the lines of a list, marked where they answer the words asked for."""
    return [
        Line(
            initiative=each,
            title=_marked(each.title, terms, length=len(each.title) + 1),
            extract=_extract(each, terms),
            themes=each.labels(Facet.THEME),
            holders=", ".join(holder.name for holder in each.holders.all()),
            places=places_of(each),
        )
        for each in initiatives
    ]


def _extract(initiative: Initiative, terms: Sequence[QueryTerm]) -> list[Piece]:
    """Return the promise, or the piece of the description that answers when it does not."""
    shown = _marked(initiative.promise, terms, length=len(initiative.promise) + 1)
    if initiative.promise and (not terms or any(piece.is_mark for piece in shown)):
        return shown
    text = _MARKDOWN.sub(r"\1", initiative.description[:READ_FOR_EXTRACT])
    inside = _marked(text, terms, length=EXTRACT_LENGTH)
    found = any(piece.is_mark for piece in inside)
    return inside if found or not initiative.promise else shown


def _marked(text: str, terms: Sequence[QueryTerm], *, length: int) -> list[Piece]:
    if not text:
        return []
    spans = matches(text, terms, french_analyser()) if terms else []
    shown = extract(text, spans, length=length)
    before = [Piece("… ", False)] if shown.starts_later else []
    after = [Piece(" …", False)] if shown.ends_sooner else []
    return [*before, *pieces(text, shown), *after]


def places_of(initiative: Initiative, *, most: int = 4) -> str:
    """Return the names of the territories, the first ones and how many more."""
    names = [territory.name for territory in initiative.territories.all()]
    if not names:
        return initiative.place_note
    more = len(names) - most
    return ", ".join(names[:most]) + (f" et {more} de plus" if more > 0 else "")


def chips_of(criteria: Criteria) -> list[Chip]:
    """Return the criteria in force, each with the address that lifts it."""
    chips = []
    if criteria.text:
        chips.append(Chip(f"« {criteria.text} »", criteria.without("q").query()))
    for each in FILTERS:
        values = criteria.values.get(each.name, ())
        labels = _labels(each, values)
        for value in values:
            text = f"{each.label} : {labels[value]}"
            chips.append(Chip(text, criteria.without(each.name, value).query()))
    if criteria.territory:
        text = f"Territoire : {territory_name(criteria.territory)}"
        chips.append(Chip(text, criteria.without("territoire").query()))
    years = _years(criteria)
    if years:
        chips.append(Chip(years, criteria.without("annees").query()))
    return chips


def title_of(criteria: Criteria) -> str:
    """Return the criteria in one line, for titles of files, feeds and messages."""
    return " ; ".join(chip.text for chip in chips_of(criteria)) or "toutes les initiatives"


def left_out(criteria: Criteria) -> list[str]:
    """Return the sentence that says what is made nothing of, for files and feeds; none without."""
    told = " ; ".join(each.in_french for each in criteria.unknown)
    return [f"Non compris dans l’adresse, et laissé de côté : {told}."] if told else []


def territory_name(reference: str) -> str:
    """Return the name of the territory of a reference "kind-code", else its code."""
    kind, _, code = reference.partition("-")
    names = Territory.objects.filter(kind=kind, code=code).values_list("name", flat=True)
    return names.first() or code


def _labels(each: Filter, values: Sequence[str]) -> dict[str, str]:
    """Return the words of each value of a filter; those of regions are read once."""
    if each.choices is None:
        names = region_names(values) if values else {}
        return {value: names.get(value, value) for value in values}
    labels = dict(each.choices.choices)
    return {value: str(labels.get(value, "aucune")) for value in values}


def _years(criteria: Criteria) -> str:
    first, last = criteria.first_year, criteria.last_year
    if first is not None and last is not None:
        return f"Lancement : {first} à {last}"
    if first is not None:
        return f"Lancement : depuis {first}"
    return f"Lancement : jusqu’en {last}" if last is not None else ""
