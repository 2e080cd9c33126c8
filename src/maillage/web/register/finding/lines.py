"""What lists show of initiatives, read field by field: whole sheets cost four times as much."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.engines.textsearch.analyser import QueryTerm
from maillage.engines.textsearch.highlight import Piece, extract, matches, pieces
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.presenting import named_places
from maillage.web.register.models import Holder, Initiative, Tag
from maillage.web.register.models.choices import Facet, Theme

EXTRACT_LENGTH: Final = 220
READ_FOR_EXTRACT: Final = 5_000
_FIELDS: Final = (
    "public_id",
    "slug",
    "title",
    "promise",
    "description",
    "stage",
    "start_year",
    "place_note",
)
_MARKDOWN: Final = re.compile(
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

    address       of its page
    marked_title  its title in pieces, marked where they answer; the page escapes them
    extract       its promise, or the piece of its description that answers when neither its title
                  nor its promise does, in pieces too
    """

    public_id: str
    address: str
    title: str
    promise: str
    stage: str
    start_year: int | None
    themes: list[str]
    holders: str
    places: str
    marked_title: list[Piece]
    extract: list[Piece]


def lines_of(numbers: Iterable[int], terms: Sequence[QueryTerm]) -> list[Line]:
    """Return the lines of initiatives, in their order, those that are public still.

    Four queries, however many. Marked where they answer the words asked for.
    """
    keys = [int(number) for number in numbers]
    shown = Initiative.objects.public().filter(pk__in=keys).order_by().only(*_FIELDS).in_bulk()
    themes, holders, places = _themes_of(shown), _holders_of(shown), _places_of(shown)
    return [
        _line(shown[key], terms, themes=themes[key], holders=holders[key], places=places[key])
        for key in keys
        if key in shown
    ]


def _line(
    initiative: Initiative,
    terms: Sequence[QueryTerm],
    *,
    themes: list[str],
    holders: list[str],
    places: list[str],
) -> Line:
    title = _marked(initiative.title, terms, length=len(initiative.title) + 1)
    promise = _marked(initiative.promise, terms, length=len(initiative.promise) + 1)
    told = not terms or any(piece.is_mark for piece in (*title, *promise))
    return Line(
        public_id=initiative.public_id,
        address=initiative.get_absolute_url(),
        title=initiative.title,
        promise=initiative.promise,
        stage=initiative.get_stage_display(),
        start_year=initiative.start_year,
        themes=[str(theme.label) for theme in Theme if theme in themes],
        holders=", ".join(holders),
        places=named_places(places) or initiative.place_note,
        marked_title=title,
        extract=promise if promise and told else _extract(initiative, terms) or promise,
    )


def _themes_of(shown: Iterable[int]) -> Mapping[int, list[str]]:
    tags = Tag.objects.filter(initiative__in=shown, facet=Facet.THEME)
    return _by_number(tags.values_list("initiative_id", "value"))


def _holders_of(shown: Iterable[int]) -> Mapping[int, list[str]]:
    return _by_number(
        Holder.objects.filter(initiative__in=shown).values_list("initiative_id", "name")
    )


def _places_of(shown: Iterable[int]) -> Mapping[int, list[str]]:
    pairs = Initiative.territories.through.objects.filter(initiative__in=shown).order_by("pk")
    return _by_number(pairs.values_list("initiative_id", "territory__name"))


def _by_number(rows: Iterable[tuple[int, str]]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for number, word in rows:
        found[number].append(word)
    return found


def _extract(initiative: Initiative, terms: Sequence[QueryTerm]) -> list[Piece]:
    """Return the piece of the description that answers; its start if the promise is missing."""
    text = _MARKDOWN.sub(r"\1", initiative.description[:READ_FOR_EXTRACT])
    inside = _marked(text, terms, length=EXTRACT_LENGTH)
    found = not initiative.promise or any(piece.is_mark for piece in inside)
    return inside if found else []


def _marked(text: str, terms: Sequence[QueryTerm], *, length: int) -> list[Piece]:
    if not text:
        return []
    spans = matches(text, terms, french_analyser()) if terms else []
    shown = extract(text, spans, length=length)
    before = [Piece("… ", False)] if shown.starts_later else []
    after = [Piece(" …", False)] if shown.ends_sooner else []
    return [*before, *pieces(text, shown), *after]
