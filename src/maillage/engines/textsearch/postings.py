"""Postings: for each term, the texts that have it; which texts answer from them, and in what order.

Texts have numbers; 8,192 numbers in a row make a block. What a block has of one term is a sorted
array of 32-bit words, one for each text: 13 bits for its place in the block, then how often each of
at most three fields has the term, on 5, 6 and 8 bits. A database stores the bytes and gives them
back; matching and order are computed here, so they are the same whatever the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError
from maillage.engines.textsearch.analyser import QueryTerm
from maillage.engines.textsearch.ranking import (
    LENGTH_WEIGHT,
    MOST_CANDIDATES,
    SATURATION,
    SCALE,
    Statistics,
)

BLOCK: Final = 8_192
COUNT_BITS: Final = (5, 6, 8)
"""Bits of the count in each field; a count too large for them is kept as the largest."""

_COUNTS: Final = sum(COUNT_BITS)
_SHIFTS: Final = (0, COUNT_BITS[0], COUNT_BITS[0] + COUNT_BITS[1])
_MOST: Final = tuple((1 << bits) - 1 for bits in COUNT_BITS)
_STORED: Final = np.dtype("<u4")

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IdArray = NDArray[np.int64]
WordArray = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Postings:
    """The texts that have one term.

    ids    their numbers, ascending, shape (n_texts,)
    words  their postings, shape (n_texts,)
    """

    ids: IdArray
    words: WordArray

    def __len__(self) -> int:
        return self.ids.size


NOBODY: Final = Postings(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint32))


def block_of(text_id: int) -> tuple[int, int]:
    """Return the block of a text and its place in it."""
    return divmod(text_id, BLOCK)


def packed_counts(fields: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Return term → how often each field has it, packed, from the counts field by field.

    InputError for more than three fields.
    """
    if len(fields) > len(COUNT_BITS):
        raise InputError(f"{len(fields)} fields cannot be packed: at most {len(COUNT_BITS)}.")
    packed: dict[str, int] = {}
    for counts, most, shift in zip(fields, _MOST, _SHIFTS, strict=False):
        for term, count in counts.items():
            packed[term] = packed.get(term, 0) | (count if count < most else most) << shift
    return packed


def posting(place: int, packed: int = 0) -> int:
    """Return the posting of the text at a place of its block, with its packed counts."""
    return place << _COUNTS | packed


def patched(stored: bytes, *, gone: Sequence[int] = (), added: Sequence[int] = ()) -> bytes:
    """Return the postings of a block without some places and with further postings.

    A posting added takes the place of the one that was there. Empty when nothing is left.
    """
    if not stored:
        return np.array(sorted(added), dtype=_STORED).tobytes()
    words = np.frombuffer(stored, dtype=_STORED)
    places = np.array(sorted({*gone, *(word >> _COUNTS for word in added)}), dtype=_STORED)
    # Where each of the places would stand, had it counts of 0: there or just after, if it is there.
    at = np.searchsorted(words, places << _COUNTS)
    there = at[words[np.minimum(at, words.size - 1)] >> _COUNTS == places]
    new = np.concatenate((np.delete(words, there), np.array(added, dtype=_STORED)))
    new.sort()
    return new.tobytes()


def read_postings(blocks: Iterable[tuple[int, bytes | memoryview]]) -> Postings:
    """Return the postings of one term from its blocks, given in ascending order."""
    ids, words = [], []
    for block, stored in blocks:
        part = np.frombuffer(stored, dtype=_STORED)
        words.append(part)
        ids.append((part >> _COUNTS).astype(np.int64) + block * BLOCK)
    return Postings(np.concatenate(ids), np.concatenate(words)) if ids else NOBODY


def terms_of(query: Sequence[QueryTerm]) -> frozenset[str]:
    """Return every term whose postings a query needs."""
    return frozenset[str]().union(*(term.all_terms() for term in query))


def texts_with(postings: Mapping[str, Postings]) -> dict[str, int]:
    """Return how many texts have each term, for `Statistics`."""
    return {term: len(found) for term, found in postings.items()}


def matching(
    query: Sequence[QueryTerm], postings: Mapping[str, Postings], *, size: int
) -> BoolArray:
    """Return which texts have all that a query asks for, shape (size,), by number.

    Numbers of `size` and above are left out. An empty query is answered by every number.
    """
    found = np.ones(size, dtype=np.bool_)
    for term in query:
        found &= _having(term, postings, size)
    return found


def _having(term: QueryTerm, postings: Mapping[str, Postings], size: int) -> BoolArray:
    found = np.zeros(size, dtype=np.bool_)
    for alternative in term.alternatives:
        ids = postings.get(alternative.term, NOBODY).ids
        found[ids[: np.searchsorted(ids, size)]] = True
    if term.parts:
        found |= matching(term.parts, postings, size=size)
    return found


def in_order(
    query: Sequence[QueryTerm],
    answering: IdArray,
    postings: Mapping[str, Postings],
    statistics: Statistics,
    *,
    lengths: NDArray[np.uint32],
    field_weights: Mapping[str, float],
) -> IdArray:
    """Return the numbers of the texts that answer, ascending ones given, the best first.

    The 2,000 of the greatest numbers are ranked as `ranking.rank` does; the others follow, the
    latest first. `lengths` is the number of terms of each field of every text, by number, shape
    (size, n_fields), fields in the order of `field_weights`.
    """
    candidates = answering[-MOST_CANDIDATES:]
    points = scores(
        query,
        candidates,
        postings,
        statistics,
        lengths=lengths[candidates],
        field_weights=field_weights,
    )
    ranked = candidates[np.lexsort((candidates, -points))]
    return np.concatenate((ranked, answering[: -candidates.size or None][::-1]))


def scores(
    query: Sequence[QueryTerm],
    candidates: IdArray,
    postings: Mapping[str, Postings],
    statistics: Statistics,
    *,
    lengths: NDArray[np.uint32],
    field_weights: Mapping[str, float],
) -> IdArray:
    """Return the points of texts that all answer, shape (n_candidates,): those of `ranking.rank`.

    lengths        number of terms of each field of each of them, shape (n_candidates, n_fields)
    field_weights  field → weight, in the order in which the postings count them
    """
    fields = [
        (weight, _norm(lengths[:, place], statistics.mean_length.get(name, 1.0)))
        for place, (name, weight) in enumerate(field_weights.items())
    ]
    points = np.zeros(candidates.size, dtype=np.int64)
    for term in query:
        frequency = _frequency(term, candidates, postings, fields)
        gain = SCALE * statistics.rarity(term) * frequency / (SATURATION + frequency)
        points += gain.astype(np.int64)
    return points


def _norm(lengths: NDArray[np.uint32], mean_length: float) -> FloatArray:
    relative = lengths / (mean_length or 1.0)  # 0 when the field is always empty
    return np.asarray(1 - LENGTH_WEIGHT + LENGTH_WEIGHT * relative, dtype=np.float64)


Fields = Sequence[tuple[float, FloatArray]]


def _frequency(
    term: QueryTerm, candidates: IdArray, postings: Mapping[str, Postings], fields: Fields
) -> FloatArray:
    """Return how often each text has what is asked for, weighted, shape (n_candidates,)."""
    best = np.zeros(candidates.size)
    for alternative in term.alternatives:
        counted = _weighted(postings.get(alternative.term, NOBODY), candidates, fields)
        np.maximum(best, alternative.weight * counted, out=best)
    if term.parts:
        parts = [_frequency(part, candidates, postings, fields) for part in term.parts]
        np.maximum(best, np.minimum.reduce(parts) / 2, out=best)
    return best


def _weighted(postings: Postings, candidates: IdArray, fields: Fields) -> FloatArray:
    """Return the weighted count of a term in each candidate, shape (n_candidates,)."""
    total = np.zeros(candidates.size)
    if not len(postings):
        return total
    at = np.minimum(np.searchsorted(postings.ids, candidates), len(postings) - 1)
    words = np.where(postings.ids[at] == candidates, postings.words[at], 0)
    for (weight, norm), most, shift in zip(fields, _MOST, _SHIFTS, strict=False):
        total += weight * (words >> shift & most) / norm
    return total
