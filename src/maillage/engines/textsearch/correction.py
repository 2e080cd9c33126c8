"""What a query was perhaps meant to say: spelling and accents, word by word, never in silence.

The result holds what was typed, what is proposed, and each change with its place, so that a page
can say "résultats pour … ; chercher plutôt …".
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from maillage.engines.textsearch.analyser import Alternative, Analyser, QueryTerm
from maillage.engines.textsearch.lexicon import WORDS_ALONE, Lexicon
from maillage.engines.textsearch.spelling import EDIT_COST, Vocabulary
from maillage.engines.textsearch.stems import other_stems, stored_stems
from maillage.engines.textsearch.stop_words import is_stop_word
from maillage.engines.textsearch.words import Word, fold, tokenise

LEAST_LETTERS_APART: Final = 3
APART_COST: Final = 1.5 * EDIT_COST
ELISION_COST: Final = 0.9 * EDIT_COST
"""A missing apostrophe is commoner than a missing space, or than any other slip."""

MOST_WORDS_CORRECTED: Final = 12
"""A query of more words is not a query typed by hand: the words after that stay as they are."""

MOST_OTHERS: Final = 2
RARE_COUNT: Final = 2
RARE_RATIO: Final = 50
"""A word met twice at most, beside one fifty times commoner a letter away, may be a slip."""

WIDENED: Final = 0.4
"""Weight of what was perhaps meant beside what is looked for."""

Kind = Literal["spelling", "accents", "widened"]
_VOWELS: Final = frozenset("aeiouyh")
_ELIDED_OFTEN: Final = frozenset(("l", "d"))


@dataclass(frozen=True, slots=True)
class Change:
    """A word of the query and what is looked for in its place.

    typed   as it stands in the query, from `start` to `end`
    meant   what replaces it; the same word when only `others` are added
    kind    "spelling" another word; "accents" only accents or case differ, the same texts are
            found; "widened" the word is kept
    others  words looked for as well, for less: nearly as likely as `meant`
    """

    typed: str
    meant: str
    kind: Kind
    start: int
    end: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A query as typed, as proposed, and the changes that lead from one to the other."""

    typed: str
    text: str
    changes: tuple[Change, ...]

    @property
    def to_tell(self) -> tuple[Change, ...]:
        """Return the changes to tell the reader about: more or other words than were typed."""
        return tuple(change for change in self.changes if change.kind != "accents")

    def query_terms(self, analyser: Analyser) -> list[QueryTerm]:
        """Return what to look for: the query as proposed, widened by what was perhaps meant."""
        terms = analyser.query_terms(self.text)
        shift = 0
        for change in self.changes:
            start = change.start + shift
            end = start + len(change.meant)
            shift += len(change.meant) - len(change.typed)
            if change.others:
                terms = [
                    _widened(term, change.others, analyser)
                    if start <= term.start and term.end <= end
                    else term
                    for term in terms
                ]
        return terms


def correct(query: str, vocabulary: Vocabulary, *, lexicon: Lexicon = WORDS_ALONE) -> Correction:
    """Return the query with each unknown word replaced by the likeliest known one, if any.

    A word that some text has in another inflection only, or that is very rare beside a common
    neighbour, is kept and its neighbours are added. Acronyms of the lexicon, numbers and very
    short words stay as they are.
    """
    words = [word for word in tokenise(query) if not is_stop_word(word.text)]
    changes = [
        _change(query, word, vocabulary)
        for word in words[:MOST_WORDS_CORRECTED]
        if word.text.isalpha() and not lexicon.acronym(word.text, capitals=True)
    ]
    made = tuple(change for change in changes if change)
    return Correction(query, _applied(query, made), made)


def _change(query: str, word: Word, vocabulary: Vocabulary) -> Change | None:
    typed = query[word.start : word.end]
    place = vocabulary.place(word.text)
    meant, others = typed, _neighbours(word.text, vocabulary)
    kind: Kind = "widened"
    if place >= 0:
        written = vocabulary.written[place]
        if not others and word.text.isascii() and written != word.text:
            meant, kind = written, "accents"
    elif not vocabulary.knows(word.text):
        meant, *others = _meant(word.text, vocabulary) or [typed]
        kind = "spelling"
    if meant == typed and not others:
        return None
    return Change(typed, meant, kind, word.start, word.end, tuple(others))


def _meant(word: str, vocabulary: Vocabulary) -> list[str]:
    """Return the words most likely meant, the likeliest first; none when nothing comes near."""
    near = vocabulary.closest(word, limit=1 + MOST_OTHERS)
    apart = _apart(fold(word), vocabulary)
    found = [text for text, merit in near if merit > near[0][1] - EDIT_COST / 2]
    if apart and (not near or apart[1] > near[0][1]):
        return [apart[0], *found[:MOST_OTHERS]]
    return found


def _neighbours(word: str, vocabulary: Vocabulary) -> list[str]:
    """Return the words one letter from a word that is not surely right, not its inflections."""
    place = vocabulary.place(word)
    count = int(vocabulary.counts[place]) if place >= 0 else 0
    if count > RARE_COUNT or (not count and not vocabulary.knows(word)):
        return []
    own = {*stored_stems(word), *other_stems(word)}
    found = []
    for text, _ in vocabulary.closest(word, edits=1):
        common = int(vocabulary.counts[vocabulary.place(text)]) >= RARE_RATIO * count
        if common and own.isdisjoint(stored_stems(text.lower())):
            found.append(text)
    return found[:MOST_OTHERS]


def _widened(term: QueryTerm, others: tuple[str, ...], analyser: Analyser) -> QueryTerm:
    """Return a term that the other words answer as well, for less."""
    added = {
        alternative.term: Alternative(alternative.term, WIDENED * alternative.weight)
        for other in others
        for each in analyser.query_terms(other)
        for alternative in each.alternatives
    }
    for alternative in term.alternatives:
        added.pop(alternative.term, None)
    return replace(term, alternatives=(*term.alternatives, *added.values()))


def _apart(folded: str, vocabulary: Vocabulary) -> tuple[str, float] | None:
    """Return two words written as one, and their merit: an elided article, or a missing space.

    "lhopital" is l'hôpital; "centremedical" is centre médical. One sign is missing: one edit.
    """
    readings = [
        reading
        for cut in range(1, len(folded))
        if (reading := _cut(folded[:cut], folded[cut:], vocabulary))
    ]
    return max(readings, key=lambda reading: (reading[1], reading[0]), default=None)


def _cut(first: str, second: str, vocabulary: Vocabulary) -> tuple[str, float] | None:
    """Return two halves as two words, if both are known, and their merit: that of the rarer."""
    place = vocabulary.place(second)
    if place < 0:
        return None
    written = vocabulary.written[place]
    merit = float(np.log(vocabulary.counts[place]))
    if first in _ELIDED_OFTEN and second[0] in _VOWELS:
        return f"{first}'{written}", merit - ELISION_COST
    other = vocabulary.place(first)
    if other < 0 or min(len(first), len(second)) < LEAST_LETTERS_APART:
        return None
    merit = min(merit, float(np.log(vocabulary.counts[other])))
    return f"{vocabulary.written[other]} {written}", merit - APART_COST


def _applied(query: str, changes: tuple[Change, ...]) -> str:
    pieces = []
    end = 0
    for change in changes:
        pieces += [query[end : change.start], change.meant]
        end = change.end
    return "".join([*pieces, query[end:]])
