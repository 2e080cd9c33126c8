"""Where a text answers a query, and which extract to show.

Places, never markup: the page escapes the text and puts its own marks, so that nothing written in
a field can reach the page as HTML.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maillage.core.errors import InputError
from maillage.engines.textsearch.analyser import Analyser, QueryTerm


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text: text[start:end]."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a text to show, and what to mark in it.

    span          the piece
    marks         places to mark, in the whole text, all within `span`
    starts_later  something of the text comes before: show an ellipsis
    ends_sooner   something comes after
    """

    span: Span
    marks: tuple[Span, ...]
    starts_later: bool
    ends_sooner: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Text to show as it is, escaped, marked or not."""

    text: str
    is_mark: bool


def matches(text: str, query: Iterable[QueryTerm], analyser: Analyser) -> list[Span]:
    """Return the places of a text that answer the query, in order, none touching another."""
    wanted: frozenset[str] = frozenset().union(*(term.all_terms() for term in query))
    spans: list[Span] = []
    for start, end in analyser.places(text, wanted):
        if spans and start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, end))
        else:
            spans.append(Span(start, end))
    return spans


def extract(text: str, spans: Sequence[Span], *, length: int) -> Extract:
    """Return the piece of at most `length` characters that holds most of the spans.

    The earliest such piece; it starts and ends between words where it can. Without spans, the
    start of the text. InputError if `length` is not 1 or more.
    """
    if length < 1:
        raise InputError(f"An extract of {length} characters was asked for; expected 1 or more.")
    best = _fullest(spans, length)
    room = max(0, length - (best[-1].end - best[0].start)) if best else length
    start = max(0, best[0].start - room // 3) if best else 0
    start = _after_a_space(text, max(0, min(start, len(text) - length)), best)
    end = _before_a_space(text, min(len(text), start + length), best)
    marks = tuple(Span(each.start, min(each.end, end)) for each in best)
    return Extract(Span(start, end), marks, start > 0, end < len(text))


def pieces(text: str, shown: Extract) -> list[Piece]:
    """Return an extract cut where marks start and end; joined, they are the extract itself."""
    cut: list[Piece] = []
    at = shown.span.start
    for mark in shown.marks:
        cut += [Piece(text[at : mark.start], False), Piece(text[mark.start : mark.end], True)]
        at = mark.end
    cut.append(Piece(text[at : shown.span.end], False))
    return [piece for piece in cut if piece.text]


def _fullest(spans: Sequence[Span], length: int) -> Sequence[Span]:
    """Return the longest run of spans within `length` characters, the first of the longest."""
    best: Sequence[Span] = spans[:1]
    ends = [span.end for span in spans]
    for rank, span in enumerate(spans):
        stop = bisect_left(ends, span.start + length + 1)
        if stop - rank > len(best):
            best = spans[rank:stop]
    return best


def _after_a_space(text: str, start: int, kept: Sequence[Span]) -> int:
    """Return the start of the next word, if no span starts before it."""
    if start == 0 or text[start - 1].isspace():
        return start
    latest = kept[0].start if kept else len(text)
    found = text.find(" ", start, latest)
    return start if found < 0 else found + 1


def _before_a_space(text: str, end: int, kept: Sequence[Span]) -> int:
    """Return the end of the word before, if no span ends after it."""
    if end == len(text) or text[end].isspace():
        return end
    earliest = kept[-1].end if kept else 0
    found = text.rfind(" ", earliest, end)
    return end if found <= 0 else found
