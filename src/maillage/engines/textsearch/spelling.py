"""The words of a body of texts, and those of them that look like a misspelt one.

A word is found from a misspelling by the letters that both keep: each word is stored under every
way of leaving out up to two of its first nine letters (Garbe's "symmetric delete", 2012), as one
sorted array of 64-bit hashes. A look-up is 46 searches in that array, then an exact distance for
the few words met: thousands of times fewer than comparing with every word.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from maillage.core.errors import InputError
from maillage.engines.textsearch.stems import other_stems, stored_stems
from maillage.engines.textsearch.stop_words import is_stop_word
from maillage.engines.textsearch.words import Word, fold

MOST_EDITS: Final = 2
LETTERS_HASHED: Final = 9
EDITS_BY_LENGTH: Final = ((3, 0), (6, 1))
"""Words shorter than 3 letters are never corrected, shorter than 6 by one edit, others by two."""

EDIT_COST: Final = 12.0
"""One more edit is worth a word e¹² times rarer: in practice the fewest edits win."""

FIRST_LETTER_COST: Final = 2.0
DOUBLED_LETTER_GAIN: Final = 2.0

_START: Final = f"<U{LETTERS_HASHED}"
_NOTHING: Final = LETTERS_HASHED
_KEPT: Final = np.array(
    [
        (*kept, *[_NOTHING] * n_deleted)
        for n_deleted in range(MOST_EDITS + 1)
        for kept in combinations(range(LETTERS_HASHED), LETTERS_HASHED - n_deleted)
    ]
)
_WEIGHTS: Final = np.array(
    [pow(0x9E3779B97F4A7C15, power, 2**64) for power in range(1, LETTERS_HASHED + 1)],
    dtype=np.uint64,
)

IntArray = NDArray[np.int64]
HashArray = NDArray[np.uint64]


@dataclass(frozen=True)
class Vocabulary:
    """Every word that can be searched, once per spelling without accents. See `vocabulary_of`.

    spellings  without accents, sorted, length n_words
    written    the commonest way to write each, accents and all, length n_words
    counts     how often each is met, 1 or more, shape (n_words,)
    terms      every term under which a text may be stored
    keys       hashes of the spellings with letters left out, sorted, shape (n_keys,)
    owners     the spelling each key comes from, shape (n_keys,)
    """

    spellings: tuple[str, ...]
    written: tuple[str, ...]
    counts: IntArray
    terms: frozenset[str]
    keys: HashArray
    owners: IntArray
    _place: dict[str, int]
    _lengths: IntArray

    def __len__(self) -> int:
        return len(self.spellings)

    def place(self, word: str) -> int:
        """Return where a word stands in `spellings`, whatever its accents; -1 if it does not."""
        return self._place.get(fold(word), -1)

    def knows(self, word: str) -> bool:
        """Say whether some text has the word, perhaps in another inflection or with accents."""
        if self.place(word) >= 0:
            return True
        return not self.terms.isdisjoint((*stored_stems(word), *other_stems(word)))

    def closest(
        self, word: str, *, limit: int = 5, edits: int = MOST_EDITS
    ) -> list[tuple[str, float]]:
        """Return the words that `word` may have meant, the likeliest first, with their merit.

        Merit is the logarithm of the count less what the differences cost: letters left out,
        added, changed or swapped (optimal string alignment), a first letter changed; a letter
        doubled or not doubled costs less. At most `edits` of them, fewer in a short word. Only
        the order of merits has a meaning.
        """
        folded = fold(word)
        edits = min(edits, edits_allowed(folded))
        places = self._candidates(folded, edits)
        if not places.size:
            return []
        found = [self.spellings[place] for place in places]
        distance = process.cdist([folded], found, scorer=OSA.distance, score_cutoff=edits)[0]
        near = np.flatnonzero(distance <= edits)
        merits = [
            (self._merit(folded, int(places[rank]), int(distance[rank])), found[rank])
            for rank in near
        ]
        merits.sort(key=lambda item: (-item[0], item[1]))
        return [(self.written[self._place[name]], merit) for merit, name in merits[:limit]]

    def _candidates(self, folded: str, edits: int) -> IntArray:
        """Return the places of the spellings that share letters enough with a word."""
        if not edits or not self.spellings:
            return np.empty(0, dtype=np.int64)
        hashes = np.unique(_hashes([folded]))
        low = np.searchsorted(self.keys, hashes, side="left")
        high = np.searchsorted(self.keys, hashes, side="right")
        met = [self.owners[start:stop] for start, stop in zip(low, high, strict=True)]
        places = np.unique(np.concatenate(met))
        return places[np.abs(self._lengths[places] - len(folded)) <= edits]

    def _merit(self, folded: str, place: int, distance: int) -> float:
        other = self.spellings[place]
        merit = float(np.log(self.counts[place])) - EDIT_COST * distance
        if other[0] != folded[0]:
            merit -= FIRST_LETTER_COST
        if _undoubled(other) == _undoubled(folded):
            merit += DOUBLED_LETTER_GAIN
        return merit


def edits_allowed(folded: str) -> int:
    """Return how many letters may differ between a word, without accents, and its correction."""
    for length, edits in EDITS_BY_LENGTH:
        if len(folded) < length:
            return edits
    return MOST_EDITS


def countable_words(words: Iterable[Word]) -> list[str]:
    """Return those of the words of a text that a vocabulary counts, accents kept."""
    return [word.text for word in words if _is_countable(word.text)]


def vocabulary_of(counts: Mapping[str, int], *, known: Iterable[str] = ()) -> Vocabulary:
    """Return the vocabulary of words counted in texts, accents kept ("précarité": 12).

    `known` are words to know besides, however rare, written as they should be shown: those of
    the lexicon, acronyms in capitals. InputError if a count is not 1 or more.
    """
    _check(counts)
    total: Counter[str] = Counter()
    commonest: dict[str, tuple[int, str]] = {}
    for word, count in counts.items():
        spelling = fold(word)
        if not _is_countable(word):
            continue
        total[spelling] += count
        # The most accents settles a tie: capitals and haste lose them, nothing adds them.
        merit = (count, word)
        commonest[spelling] = max(merit, commonest.get(spelling, merit))
    written = {spelling: word for spelling, (_, word) in commonest.items()}
    for word in known:
        spelling = fold(word)
        if _is_countable(word):
            total[spelling] = max(1, total[spelling])
            if word != spelling:
                written[spelling] = word
            written.setdefault(spelling, word)
    return _indexed(total, written)


def _indexed(total: Mapping[str, int], written: Mapping[str, str]) -> Vocabulary:
    spellings = tuple(sorted(total))
    hashes = _hashes(spellings)
    owners = np.repeat(np.arange(len(spellings)), len(_KEPT))
    order = np.argsort(hashes, kind="stable")
    return Vocabulary(
        spellings=spellings,
        written=tuple(written[spelling] for spelling in spellings),
        counts=np.array([total[spelling] for spelling in spellings], dtype=np.int64),
        terms=frozenset(stem for word in written.values() for stem in stored_stems(word.lower())),
        keys=hashes[order],
        owners=owners[order],
        _place={spelling: place for place, spelling in enumerate(spellings)},
        _lengths=np.array([len(spelling) for spelling in spellings], dtype=np.int64),
    )


def _hashes(spellings: Sequence[str]) -> HashArray:
    """Return the hash of each spelling under each way of leaving letters out, one after another.

    Shape (n_spellings × 46,). A polynomial of the letters kept, modulo 2⁶⁴; what is left out and
    what lies after the end weighs nothing. Two texts may share a hash; the exact distance tells
    them apart.
    """
    letters = np.array([spelling[:LETTERS_HASHED] for spelling in spellings], dtype=_START)
    codes = np.zeros((len(spellings), LETTERS_HASHED + 1), dtype=np.uint64)
    codes[:, :-1] = letters.view(np.uint32).reshape(-1, LETTERS_HASHED)
    hashes = np.zeros((len(spellings), len(_KEPT)), dtype=np.uint64)
    for rank, weight in enumerate(_WEIGHTS):
        hashes += codes[:, _KEPT[:, rank]] * weight
    return hashes.ravel()


def _undoubled(word: str) -> str:
    return "".join(
        letter for letter, before in zip(word, "\0" + word, strict=False) if letter != before
    )


def _is_countable(word: str) -> bool:
    return word.isalpha() and not is_stop_word(word)


def _check(counts: Mapping[str, int]) -> None:
    wrong = next((item for item in counts.items() if item[1] < 1), None)
    if wrong:
        raise InputError(f"{wrong[0]!r} is counted {wrong[1]} times; expected 1 or more.")
