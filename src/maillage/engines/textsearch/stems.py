"""The stems under which a word is stored, and those under which it is looked for.

Snowball's French stemmer expects accents; people leave them out. Folding then stemming ("A", what
PostgreSQL's `unaccent, french_stem` does) loses isolé/isolée; stemming then folding ("B") loses
queries without accents. Both stems are stored. On the query's side, rules put back the accent that
may be missing and the other gender or number where Snowball stops short.
"""

import threading
from functools import lru_cache
from typing import Final

import Stemmer

from maillage.engines.textsearch.words import fold

ACCENT_RULES: Final = (
    ("ees", "ées"),
    ("ee", "ée"),
    ("eres", "ères"),
    ("ere", "ère"),
    ("es", "és"),
    ("e", "é"),
)
"""Ending typed, ending perhaps meant: isole → isolé, infirmiere → infirmière."""

INFLECTION_RULES: Final = (
    ("euse", "eur", 5),
    ("eur", "euse", 5),
    ("trice", "teur", 6),
    ("teur", "trice", 6),
    ("ere", "er", 6),
    ("er", "ère", 6),
    ("ive", "if", 4),
    ("if", "ive", 3),
    ("euve", "euf", 4),
    ("euf", "euve", 4),
    ("eux", "eu", 4),
    ("eu", "eux", 4),
    ("ail", "aux", 6),
    ("aux", "ail", 6),
    ("eau", "elle", 6),
    ("elle", "eau", 6),
    ("arite", "aire", 6),
    ("aire", "arité", 6),
    ("bilite", "ble", 8),
    ("ble", "bilité", 6),
)
"""Ending, other ending, least letters: where Snowball gives the two genders or numbers apart.

Words shorter than the least would meet strangers: maux/mail, pelle/peau.
"""

LONGEST_KNOWN: Final = 200_000
_STEMMERS: Final = threading.local()


def stemmer_version() -> str:
    """Return the version of the stemmer: another one may give other stems, so a new index."""
    return str(Stemmer.version())


@lru_cache(maxsize=LONGEST_KNOWN)
def stored_stems(word: str) -> tuple[str, ...]:
    """Return the one or two folded stems under which a word in lower case is stored."""
    folded = fold(word)
    if not _is_inflected(folded):
        return (folded,) if folded else ()
    first, second = _stem(folded), fold(_stem(word))
    return (first,) if first == second else (first, second)


@lru_cache(maxsize=LONGEST_KNOWN)
def other_stems(word: str) -> tuple[str, ...]:
    """Return the further stems under which a word of a query is looked for, sorted."""
    folded = fold(word)
    if not _is_inflected(folded):
        return ()
    forms = [
        folded[: -len(typed)] + meant for typed, meant in ACCENT_RULES if folded.endswith(typed)
    ]
    forms += _inflections(folded)
    found = {stem for form in forms for stem in (_stem(fold(form)), fold(_stem(form)))}
    return tuple(sorted(found.difference(stored_stems(word))))


def _inflections(folded: str) -> list[str]:
    """Return the singular of a word, and its other gender or number.

    The singular too: of "dangers" Snowball keeps the "er" that it cuts off "danger".
    """
    singular = folded[:-1] if folded.endswith("s") else folded
    others = [
        singular[: -len(ending)] + other
        for ending, other, least in INFLECTION_RULES
        if len(singular) >= least and singular.endswith(ending)
    ]
    return [singular, *others]


def _is_inflected(folded: str) -> bool:
    """Numbers, and words with a digit in them, have no other form; nor have single letters."""
    return len(folded) > 1 and folded.isalpha()


def _stem(word: str) -> str:
    """Return Snowball's stem. One stemmer per thread: it keeps a buffer."""
    stemmer = getattr(_STEMMERS, "french", None)
    if stemmer is None:
        stemmer = _STEMMERS.french = Stemmer.Stemmer("french", 0)
    return str(stemmer.stemWord(word))
