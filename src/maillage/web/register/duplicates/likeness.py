"""How much two sheets are alike: title, promise, holders, places, compared by their stems."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from rapidfuzz import fuzz

from maillage.engines.textsearch.analyser import Analyser
from maillage.studies.french_analyser import french_analyser

TITLE_WEIGHT: Final = 0.40
PROMISE_WEIGHT: Final = 0.25
HOLDER_WEIGHT: Final = 0.15
PLACE_WEIGHT: Final = 0.20
LEAST_LIKENESS: Final = 0.40
"""Below, two sheets are not shown as likely the same; set on the labelled pairs of the tests."""

_COMMON_HOLDER_WORDS: Final = frozenset(
    (
        "communaut",
        "commun",
        "agglomer",
        "departement",
        "conseil",
        "departemental",
        "region",
        "regional",
        "associ",
        "ville",
        "mairi",
        "syndicat",
        "pay",
        "centre",
        "hospitali",
        "hospitalier",
        "cpts",
    )
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared of a sheet: the stems of its words, and its places by code."""

    title: frozenset[str]
    promise: frozenset[str]
    holders: frozenset[str]
    places: frozenset[str]
    place_words: frozenset[str]


def fingerprint(
    *,
    title: str,
    promise: str = "",
    holders: Iterable[str] = (),
    places: Iterable[str] = (),
    place_note: str = "",
) -> Fingerprint:
    """Return the fingerprint of a sheet; `places` are "kind:code"."""
    return Fingerprint(
        _stems(title),
        _stems(promise),
        _stems(" ".join(holders)),
        frozenset(places),
        _stems(place_note),
    )


def likeness(one: Fingerprint, other: Fingerprint) -> float:
    """Return how much two sheets are alike, from 0 to 1; what one of them lacks is not counted.

    A title of one may be told in the promise of the other: both are also compared together.
    """
    texts = max(
        _set_likeness(one.title, other.title),
        0.9 * _set_likeness(one.title | one.promise, other.title | other.promise),
    )
    parts = [
        (TITLE_WEIGHT, texts, True),
        (
            PROMISE_WEIGHT,
            _set_likeness(one.promise, other.promise),
            bool(one.promise and other.promise),
        ),
        (
            HOLDER_WEIGHT,
            _set_likeness(one.holders, other.holders),
            bool(one.holders and other.holders),
        ),
        (PLACE_WEIGHT, _place_likeness(one, other), _has_place(one) and _has_place(other)),
    ]
    told = [(weight, value) for weight, value, both in parts if both]
    return sum(weight * value for weight, value in told) / sum(weight for weight, _ in told)


@cache
def _analyser() -> Analyser:
    return french_analyser()


def _stems(text: str) -> frozenset[str]:
    return frozenset(_analyser().index_terms(text))


def _has_place(one: Fingerprint) -> bool:
    return bool(one.places or one.place_words)


def _place_likeness(one: Fingerprint, other: Fingerprint) -> float:
    by_code = _overlap(one.places, other.places)
    by_word = _overlap(one.place_words, other.place_words)
    return max(by_code, by_word)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set that is in the other."""
    if not one or not other:
        return 0.0
    return len(one & other) / min(len(one), len(other))


def _set_likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return a likeness of two sets of stems; a misspelt stem still counts for most of itself."""
    if not one or not other:
        return 0.0
    small, large = sorted((one, other), key=len)
    best = [max(_stem_likeness(stem, found) for found in large) for stem in small]
    shared = sum(best)
    return 0.5 * shared / len(small) + 0.5 * 2 * shared / (len(small) + len(large))


def _stem_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) < 4:
        return 0.0
    ratio = fuzz.ratio(one, other, score_cutoff=80.0) / 100.0
    return ratio if ratio >= 0.8 else 0.0


def keys_of(one: Fingerprint) -> frozenset[str]:
    """Return the keys under which a sheet is found by those that resemble it."""
    return (
        frozenset(f"w:{stem[:50]}" for stem in one.title | one.promise)
        | frozenset(f"h:{stem[:50]}" for stem in one.holders - _COMMON_HOLDER_WORDS)
        | frozenset(f"p:{place}" for place in one.places)
        | frozenset(f"n:{stem[:50]}" for stem in one.place_words)
    )
