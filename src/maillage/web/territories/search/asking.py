"""Ask the index: codes first, then names as written, then names as they may have been meant."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from maillage.web.territories.search.index import IntArray, TerritoryIndex
from maillage.web.territories.search.words import Question, understand, with_saint_finished

EXACT: Final = 100.0
PREFIX: Final = 76.0
WORDS: Final = 60.0
MISSPELT: Final = 62.0
KIND_ASKED: Final = 40.0
PLACE_ASKED: Final = 40.0
FORMER_NAME: Final = -8.0
PLACE_IGNORED: Final = 30.0

CANDIDATES_KEPT: Final = 200
"""A short prefix has thousands of names: the largest places are enough to fill a list."""

CLOSEST_SPELLINGS: Final = 30
LEAST_SIMILARITY: Final = 0.68
_CODE: Final = re.compile(r"\d{1,9}|2[AB]\d{0,3}|2[AB]")


@dataclass(frozen=True, slots=True)
class Found:
    """One territory that answers.

    former_name   the name under which it was found, when that is no longer its own; else ""
    postal_code   the postal code by which it was found, else ""
    approximate   True when no name is spelt as typed: say so to the reader
    """

    kind: str
    code: str
    name: str
    department_code: str
    department_name: str
    population: float
    former_name: str = ""
    postal_code: str = ""
    approximate: bool = False


@dataclass(slots=True)
class _Hit:
    points: float
    former: int = -1
    postal_code: str = ""
    approximate: bool = False


Hits = dict[int, _Hit]


def search(
    index: TerritoryIndex, query: str, *, limit: int = 8, kinds: Collection[str] = ()
) -> list[Found]:
    """Return the territories that answer a query, best first, at most `limit`.

    `kinds` restricts the answer ("commune"…); all kinds when empty. Typing errors are forgiven
    only where no name is spelt as typed. An empty query has no answer.
    """
    question = understand(query)
    if not question.text:
        return []
    hits = _by_code(index, question)
    if not hits:
        hits = _by_name(index, question)
    if not _any_of(index, hits, kinds):
        hits = _by_likely_name(index, question)
    ranked = sorted(
        (
            (_points(index, question, row, hit), row, hit)
            for row, hit in hits.items()
            if not kinds or index.kinds[row] in kinds
        ),
        key=lambda item: (-item[0], index.names[item[1]], index.codes[item[1]]),
    )
    return [_found(index, row, hit) for _, row, hit in ranked[:limit]]


def _any_of(index: TerritoryIndex, hits: Hits, kinds: Collection[str]) -> bool:
    return any(not kinds or index.kinds[row] in kinds for row in hits)


def _points(index: TerritoryIndex, question: Question, row: int, hit: _Hit) -> float:
    points = hit.points + float(index.prior[row])
    if question.kind and index.kinds[row] == question.kind:
        points += KIND_ASKED
    if question.place and _is_in(index, row, question.place):
        points += PLACE_ASKED
    return points


def _is_in(index: TerritoryIndex, row: int, place: str) -> bool:
    if len(place) == 5:
        entries = index.postal.entries[index.postal.equal_to(place)]
        return row in entries or index.codes[row] == place
    return index.departments[row] == place


def _by_code(index: TerritoryIndex, question: Question) -> Hits:
    """Find by official code or postal code: "64400", "64", "2A004", "644" (start), a SIREN."""
    code = question.text.replace(" ", "").upper()
    if not _CODE.fullmatch(code):
        return {}
    hits: Hits = {}
    kinds = {5: ("commune",), 9: ("epci",), 4: ("employment_zone",)}.get(
        len(code), ("department", "region")
    )
    for kind in kinds:
        row = index.entry_of.get((kind, code))
        if row is not None:
            hits[row] = _Hit(EXACT if kind != "region" else WORDS)
    if len(code) >= 3:
        # A postal code is what people know by heart; an Insee code of the same digits comes after.
        where = index.postal.starting_with(code)
        for text, row in _largest(index, index.postal.texts[where], index.postal.entries[where]):
            hits.setdefault(row, _Hit(EXACT + 20.0, postal_code=text))
    return hits


def _by_name(index: TerritoryIndex, question: Question) -> Hits:
    """Find the names equal to the query, then those that begin with it, then by its words."""
    hits: Hits = {}
    _add_prefixed(index, hits, question.text)
    _add_by_words(index, hits, question.text.split(), base=WORDS)
    unfinished = with_saint_finished(question.text)
    if unfinished:
        _add_prefixed(index, hits, unfinished)
        _add_by_words(index, hits, unfinished.split(), base=WORDS)
    if question.name != question.text:
        # What stands beside the name was typed to choose among namesakes.
        less = PLACE_IGNORED if question.place else 0.0
        _add_prefixed(index, hits, question.name, less=less)
        _add_by_words(index, hits, question.name.split(), base=WORDS - less)
    return hits


def _add_prefixed(index: TerritoryIndex, hits: Hits, name: str, *, less: float = 0.0) -> None:
    where = index.keys.starting_with(name)
    entries = index.keys.entries[where]
    exact = index.keys.equal_to(name)
    kept = set(range(exact.start, exact.stop))
    kept.update((where.start + _order(index, entries)).tolist())
    for position in sorted(kept):
        text, row = index.keys.texts[position], int(index.keys.entries[position])
        former = int(index.keys.marks[position])
        points = EXACT if text == name else PREFIX + 15.0 * len(name) / len(text)
        points += (FORMER_NAME if former >= 0 else 0.0) - less
        _keep(hits, row, _Hit(points, former))


def _add_by_words(
    index: TerritoryIndex, hits: Hits, words: list[str], *, base: float, approximate: bool = False
) -> None:
    """Add the names that hold every word of the query, the last one perhaps unfinished."""
    common: IntArray | None = None
    for rank, word in enumerate(words):
        last = rank == len(words) - 1
        where = index.words.starting_with(word) if last else index.words.equal_to(word)
        entries = np.unique(index.words.entries[where])
        common = entries if common is None else np.intersect1d(common, entries)
    if common is None:
        return
    for row in common[_order(index, common)].tolist():
        share = len(words) / max(len(index.names[row].replace("-", " ").split()), len(words))
        _keep(hits, row, _Hit(base + 12.0 * share, approximate=approximate))


def _by_likely_name(index: TerritoryIndex, question: Question) -> Hits:
    """Find the names spelt nearly as typed, whole or word by word."""
    hits: Hits = {}
    if len(question.name) < 3:
        return hits
    for spelling, likeness in _closest(question.name, index.name_spellings):
        where = index.keys.equal_to(spelling)
        for position in range(where.start, where.stop):
            former = int(index.keys.marks[position])
            points = MISSPELT * likeness + 20.0 * (likeness - 0.5)
            _keep(hits, int(index.keys.entries[position]), _Hit(points, former, "", True))
    for words, likeness in _corrected(index, question.name.split()):
        _add_by_words(index, hits, words, base=MISSPELT * likeness, approximate=True)
    return hits


def _corrected(index: TerritoryIndex, words: list[str]) -> Iterator[tuple[list[str], float]]:
    """Yield the query with each unknown word replaced by a known one that looks like it."""
    versions: list[tuple[list[str], float]] = [([], 1.0)]
    for word in words:
        known = index.words.equal_to(word)
        if known.stop > known.start or len(word) < 4:
            choices = [(word, 1.0)]
        else:
            choices = _closest(word, index.word_spellings)[:6]
        versions = [
            ([*done, choice], likeness * similarity)
            for done, likeness in versions
            for choice, similarity in choices
        ][:36]
    yield from versions


def _closest(text: str, spellings: list[str]) -> list[tuple[str, float]]:
    answers = process.extract(
        text,
        spellings,
        scorer=OSA.normalized_similarity,
        score_cutoff=LEAST_SIMILARITY,
        limit=CLOSEST_SPELLINGS,
    )
    return [(spelling, likeness) for spelling, likeness, _ in answers]


def _order(index: TerritoryIndex, entries: IntArray) -> IntArray:
    """Return the positions of the CANDIDATES_KEPT entries with most points of their own."""
    if entries.size <= CANDIDATES_KEPT:
        return np.arange(entries.size)
    best = np.argpartition(-index.prior[entries], CANDIDATES_KEPT)[:CANDIDATES_KEPT]
    return best.astype(np.int64)


def _largest(
    index: TerritoryIndex, texts: list[str], entries: IntArray
) -> Iterator[tuple[str, int]]:
    for position in _order(index, entries).tolist():
        yield texts[position], int(entries[position])


def _keep(hits: Hits, row: int, hit: _Hit) -> None:
    if row not in hits or hits[row].points < hit.points:
        hits[row] = hit


def _found(index: TerritoryIndex, row: int, hit: _Hit) -> Found:
    department = index.departments[row]
    return Found(
        kind=index.kinds[row],
        code=index.codes[row],
        name=index.names[row],
        department_code=department,
        department_name=index.department_names.get(department, ""),
        population=float(index.population[row]),
        former_name=index.former_names[hit.former] if hit.former >= 0 else "",
        postal_code=hit.postal_code,
        approximate=hit.approximate,
    )
