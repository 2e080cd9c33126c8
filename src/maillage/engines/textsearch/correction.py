"""What a query was perhaps meant to say: spelling and accents, word by word, never in silence.

The result holds what was typed, what is proposed, and each change with its place, so that a page
can say "résultats pour … ; chercher plutôt …".
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from maillage.engines.textsearch.lexicon import WORDS_ALONE, Lexicon
from maillage.engines.textsearch.spelling import Vocabulary
from maillage.engines.textsearch.stop_words import is_stop_word
from maillage.engines.textsearch.words import ELIDED, Word, fold, tokenise

LEAST_LETTERS_APART: Final = 3
MOST_WORDS_CORRECTED: Final = 12
"""A query of more words is not a query typed by hand: the words after that stay as they are."""

Kind = Literal["spelling", "accents"]
_VOWELS: Final = frozenset("aeiouyh")


@dataclass(frozen=True, slots=True)
class Change:
    """A word of the query and what it is replaced with.

    kind   "accents" when only accents or case differ, which finds the same texts; else "spelling"
    start  where the word starts in the query as typed
    end    where it ends
    """

    typed: str
    meant: str
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A query as typed, as proposed, and the changes that lead from one to the other."""

    typed: str
    text: str
    changes: tuple[Change, ...]

    @property
    def misspelt(self) -> tuple[Change, ...]:
        """Return the changes to tell the reader about: another word than was typed."""
        return tuple(change for change in self.changes if change.kind == "spelling")


def correct(query: str, vocabulary: Vocabulary, *, lexicon: Lexicon = WORDS_ALONE) -> Correction:
    """Return the query with each unknown word replaced by the likeliest known one, if any.

    A word is known when some text has it in any inflection. Acronyms of the lexicon are known;
    numbers and very short words stay as they are.
    """
    words = [word for word in tokenise(query) if not is_stop_word(word.text)]
    changes = [_change(query, word, vocabulary, lexicon) for word in words[:MOST_WORDS_CORRECTED]]
    made = tuple(change for change in changes if change)
    return Correction(query, _applied(query, made), made)


def _change(query: str, word: Word, vocabulary: Vocabulary, lexicon: Lexicon) -> Change | None:
    typed = query[word.start : word.end]
    if lexicon.acronym(word.text, capitals=True) or not word.text.isalpha():
        return None
    kind: Kind = "accents"
    place = vocabulary.place(word.text)
    if place >= 0:
        meant = vocabulary.written[place]
        if meant == word.text or not word.text.isascii():
            return None
    elif vocabulary.knows(word.text):
        return None
    else:
        kind, meant = "spelling", _meant(word.text, vocabulary)
    return Change(typed, meant, kind, word.start, word.end) if meant else None


def _meant(word: str, vocabulary: Vocabulary) -> str:
    """Return the word or the two words most likely meant; "" when nothing comes near."""
    near = vocabulary.closest(word, limit=1)
    apart = _apart(fold(word), vocabulary)
    if near and not apart:
        return near[0][0]
    if apart and (not near or apart[1] > near[0][1]):
        return apart[0]
    return near[0][0] if near else ""


def _apart(folded: str, vocabulary: Vocabulary) -> tuple[str, float] | None:
    """Return two words written as one, and their merit: an elided article, or a missing space.

    "lhopital" is l'hôpital; "centremedical" is centre médical. One sign is missing: one edit.
    """
    best: tuple[str, float] | None = None
    for cut in range(1, len(folded)):
        first, second = folded[:cut], folded[cut:]
        place = vocabulary.place(second)
        if place < 0:
            continue
        merit = float(np.log(vocabulary.counts[place])) - 7.0
        if first in ELIDED and second[0] in _VOWELS:
            text = f"{first}'{vocabulary.written[place]}"
        else:
            other = vocabulary.place(first)
            if other < 0 or min(cut, len(second)) < LEAST_LETTERS_APART:
                continue
            merit = min(merit, float(np.log(vocabulary.counts[other])) - 7.0)
            text = f"{vocabulary.written[other]} {vocabulary.written[place]}"
        if best is None or merit > best[1]:
            best = (text, merit)
    return best


def _applied(query: str, changes: tuple[Change, ...]) -> str:
    pieces = []
    end = 0
    for change in changes:
        pieces += [query[end : change.start], change.meant]
        end = change.end
    return "".join([*pieces, query[end:]])
