"""How much two sheets are alike: what they do, who does it and where, by the stems of their words.

Rare words weigh more than common ones (the logarithm of Spärck Jones 1972): « Queyras » tells two
sheets apart or brings them together, « santé » does neither.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from rapidfuzz import fuzz

from maillage.engines.textsearch.analyser import Analyser
from maillage.studies.french_analyser import french_analyser

WHAT_WEIGHT: Final = 0.60
WHO_AND_WHERE_WEIGHT: Final = 0.20
PLACE_WEIGHT: Final = 0.20
LIKELY_SAME: Final = 0.36
"""From there on, two sheets are said to be likely the same; set on two labelled sets of the tests.

It tells two tiers apart and hides nothing: what is below is shown as near.
"""

_SAME_ROOT: Final = 0.75
"""What « Beauce » and « beauceron » count for: an inhabitant's name seldom shares the stem."""

_INSIDE: Final = 0.5
"""What a commune counts for in an EPCI or a department of the other sheet: half of the same place.

Chosen beforehand: the labelled sets of the tests tell places by words, never by codes.
"""

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
    """What is compared of a sheet: the stems of its words, and its places by code.

    `around` are the larger places that those of the sheet are in, as "kind:code".
    """

    title: frozenset[str]
    promise: frozenset[str]
    holders: frozenset[str]
    places: frozenset[str]
    place_words: frozenset[str]
    around: frozenset[str] = frozenset()

    @property
    def what(self) -> frozenset[str]:
        """The stems of what is done: a title of one may be told in the promise of the other."""
        return self.title | self.promise

    @property
    def telling_holders(self) -> frozenset[str]:
        """The stems of holders without those of their legal forms, which many share."""
        return self.holders - _COMMON_HOLDER_WORDS


def fingerprint(
    *,
    title: str,
    promise: str = "",
    holders: Iterable[str] = (),
    places: Iterable[str] = (),
    place_note: str = "",
    around: Iterable[str] = (),
) -> Fingerprint:
    """Return the fingerprint of a sheet; `places` and `around` are "kind:code"."""
    return Fingerprint(
        _stems(title),
        _stems(promise),
        _stems(" ".join(holders)),
        frozenset(places),
        _stems(place_note),
        frozenset(around),
    )


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much each stem tells, above 0; `usual` for those that are not listed."""

    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    usual: float = 1.0

    def of(self, stem: str) -> float:
        """Return how much a stem tells."""
        return self.weights.get(stem, self.usual)


EQUAL: Final = Rarity()
"""Every stem tells as much."""


def likeness(one: Fingerprint, other: Fingerprint, *, rarity: Rarity = EQUAL) -> float:
    """Return how much two sheets are alike, from 0 to 1; what one of them lacks is not counted.

    A title of one may be told in the promise of the other, a place in the name of a body: what is
    done is compared as a whole, then who and where.
    """
    told = [(WHAT_WEIGHT, _both_ways(one.what, other.what, rarity))]
    here, there = one.holders | one.place_words, other.holders | other.place_words
    if here and there:
        told.append((WHO_AND_WHERE_WEIGHT, _both_ways(here, there, rarity)))
    if _has_place(one) and _has_place(other):
        told.append((PLACE_WEIGHT, _place_likeness(one, other, rarity)))
    return sum(weight * value for weight, value in told) / sum(weight for weight, _ in told)


@cache
def _analyser() -> Analyser:
    return french_analyser()


def _stems(text: str) -> frozenset[str]:
    return frozenset(_analyser().index_terms(text))


def _has_place(one: Fingerprint) -> bool:
    return bool(one.places or one.place_words)


def _place_likeness(one: Fingerprint, other: Fingerprint, rarity: Rarity) -> float:
    """Return how far a place of one is, or is inside, one of the other: by code or by words."""
    inside = one.places & other.around or other.places & one.around
    return max(
        _overlap(one.places, other.places),
        _INSIDE if inside else 0.0,
        _covered(one.place_words, other.title | other.holders | other.place_words, rarity),
        _covered(other.place_words, one.title | one.holders | one.place_words, rarity),
    )


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set that is in the other."""
    if not one or not other:
        return 0.0
    return len(one & other) / min(len(one), len(other))


def _both_ways(one: frozenset[str], other: frozenset[str], rarity: Rarity) -> float:
    return (_covered(one, other, rarity) + _covered(other, one, rarity)) / 2


def _covered(one: frozenset[str], other: frozenset[str], rarity: Rarity) -> float:
    """Return the share of what the stems of `one` tell that `other` tells too."""
    if not one or not other:
        return 0.0
    weights = {stem: rarity.of(stem) for stem in one}
    found = sum(
        weight * (1.0 if stem in other else max(_stem_likeness(stem, each) for each in other))
        for stem, weight in weights.items()
    )
    return found / sum(weights.values())


@lru_cache(maxsize=200_000)
def _stem_likeness(one: str, other: str) -> float:
    """Return how far two stems are one word: misspelt, or of the same root."""
    shorter = min(len(one), len(other))
    if shorter < 4:
        return 0.0
    if one[:5] == other[:5] or one[:shorter] == other[:shorter]:
        return _SAME_ROOT
    return fuzz.ratio(one, other, score_cutoff=80.0) / 100.0


def keys_of(one: Fingerprint) -> frozenset[str]:
    """Return the keys under which a sheet is found by those that resemble it."""
    return (
        frozenset(f"w:{stem[:50]}" for stem in one.what)
        | frozenset(f"h:{stem[:50]}" for stem in one.telling_holders)
        | frozenset(f"p:{place}" for place in one.places)
        | frozenset(f"n:{stem[:50]}" for stem in one.place_words)
    )


def keys_asked(one: Fingerprint) -> frozenset[str]:
    """Return the keys to look for: its own, and those of sheets about the places around it.

    The places around are asked for, never stored: an import writes no key more.
    """
    return keys_of(one) | frozenset(f"p:{place}" for place in one.around)
