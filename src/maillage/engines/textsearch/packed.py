"""Ranking packed texts: the order of `ranking.rank`, thousands of texts in a few milliseconds.

A text is packed as 64-bit words: the lengths of its fields, then one word per term, 40 bits of
hash and 8 bits of count for each of at most three fields. A database stores the bytes and gives
them back; the order is computed here, so it is the same whatever the database.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError
from maillage.engines.textsearch.analyser import QueryTerm
from maillage.engines.textsearch.ranking import (
    LENGTH_WEIGHT,
    SATURATION,
    SCALE,
    Ranked,
    Statistics,
)
from maillage.engines.textsearch.stems import LONGEST_KNOWN

MOST_FIELDS: Final = 3
MOST_COUNT: Final = 255
_COUNT_BITS: Final = 8
_HASH_SHIFT: Final = MOST_FIELDS * _COUNT_BITS
_LENGTH_BITS: Final = 21
_MOST_LENGTH: Final = 2**_LENGTH_BITS - 1

WordArray = NDArray[np.uint64]
FloatArray = NDArray[np.float64]


@lru_cache(maxsize=LONGEST_KNOWN)
def term_hash(term: str) -> int:
    """Return 40 bits that stand for a term: among a million terms, two seldom share them."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=5).digest(), "little")


def pack(fields: Sequence[Mapping[str, int]]) -> bytes:
    """Return a text ready to store, from the counts of its terms field by field.

    A count above 255 is stored as 255. InputError for more than three fields.
    """
    if len(fields) > MOST_FIELDS:
        raise InputError(f"{len(fields)} fields cannot be packed: at most {MOST_FIELDS}.")
    lengths = 0
    words: dict[int, int] = {}
    for place, counts in enumerate(fields):
        lengths |= min(sum(counts.values()), _MOST_LENGTH) << (place * _LENGTH_BITS)
        for term, count in counts.items():
            key = term_hash(term)
            words[key] = words.get(key, 0) | min(count, MOST_COUNT) << (place * _COUNT_BITS)
    packed = [lengths, *(key << _HASH_SHIFT | counts for key, counts in sorted(words.items()))]
    return np.array(packed, dtype="<u8").tobytes()


@dataclass(frozen=True)
class PackedTexts:
    """Packed texts read together.

    ids      shape (n_texts,)
    keys     hash of each term of each text, 0 at the place of the lengths, shape (n_words,)
    words    the packed words, shape (n_words,)
    starts   where each text begins in them, shape (n_texts,)
    """

    ids: NDArray[np.int64]
    keys: WordArray
    words: WordArray
    starts: NDArray[np.int64]

    def lengths(self, place: int) -> FloatArray:
        """Return the number of terms of one field, repeated ones included, shape (n_texts,)."""
        words = self.words[self.starts] >> np.uint64(place * _LENGTH_BITS)
        return (words & np.uint64(_MOST_LENGTH)).astype(np.float64)


def read_packed(ids: Sequence[int], texts: Sequence[bytes | memoryview]) -> PackedTexts:
    """Return texts as `pack` made them, ready to rank; one id for each."""
    sizes = np.array([len(text) for text in texts], dtype=np.int64) // 8
    words = np.frombuffer(b"".join(texts), dtype="<u8").astype(np.uint64)
    starts = np.cumsum(sizes) - sizes
    keys = words >> np.uint64(_HASH_SHIFT)
    keys[starts] = 0
    return PackedTexts(np.array(ids, dtype=np.int64), keys, words, starts)


def rank_packed(
    query: Sequence[QueryTerm],
    texts: PackedTexts,
    statistics: Statistics,
    *,
    field_weights: Mapping[str, float],
) -> list[Ranked]:
    """Return the texts, which all answer the query, the best first, then by id.

    `field_weights` names the fields in the order in which they were packed; `statistics` must
    know their mean lengths and the terms of the query. The formula is that of `ranking.rank`.
    """
    if not len(texts.ids):
        return []
    weights = [
        weight / _norm(texts, place, statistics.mean_length.get(name, 1.0))
        for place, (name, weight) in enumerate(field_weights.items())
    ]
    points = np.zeros(len(texts.ids), dtype=np.int64)
    for term in query:
        frequency = _frequency(term, texts, weights)
        gain = SCALE * statistics.rarity(term) * frequency / (SATURATION + frequency)
        points += gain.astype(np.int64)
    order = np.lexsort((texts.ids, -points))
    return [Ranked(int(texts.ids[row]), int(points[row])) for row in order]


def _norm(texts: PackedTexts, place: int, mean_length: float) -> FloatArray:
    relative = texts.lengths(place) / (mean_length or 1.0)  # 0 when the field is always empty
    return np.asarray(1 - LENGTH_WEIGHT + LENGTH_WEIGHT * relative, dtype=np.float64)


def _frequency(term: QueryTerm, texts: PackedTexts, weights: Sequence[FloatArray]) -> FloatArray:
    """Return how often each text has what is asked for, weighted, shape (n_texts,)."""
    best = np.zeros(len(texts.ids))
    for alternative in term.alternatives:
        found = alternative.weight * _weighted(alternative.term, texts, weights)
        np.maximum(best, found, out=best)
    if term.parts:
        parts = [_frequency(part, texts, weights) for part in term.parts]
        np.maximum(best, np.minimum.reduce(parts) / 2, out=best)
    return best


def _weighted(term: str, texts: PackedTexts, weights: Sequence[FloatArray]) -> FloatArray:
    """Return the weighted count of a term in each text, shape (n_texts,)."""
    total = np.zeros(len(texts.ids))
    where = np.flatnonzero(texts.keys == np.uint64(term_hash(term)))
    rows = np.searchsorted(texts.starts, where, side="right") - 1
    for place, weight in enumerate(weights):
        counts = texts.words[where] >> np.uint64(place * _COUNT_BITS) & np.uint64(MOST_COUNT)
        total[rows] += weight[rows] * counts.astype(np.float64)
    return total
