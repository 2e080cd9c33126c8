"""Figures and words as French readers write them, and the order in which they look for them."""

import re
import unicodedata
from math import isnan
from typing import Final

from maillage.studies.indicators import french_number

NOT_AVAILABLE: Final = "non disponible"
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae"})
_MARKS: Final = re.compile("[\u0300-\u036f]+")
_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")
_BEFORE_UNIT: Final = re.compile(r"(?<=\d) (?=%|min\b|€|km\b|[0-9]{3}\b)")
_BEFORE_HIGH_MARK: Final = re.compile(r" (?=[:;?!»])")


def number(value: float, *, decimals: int = 0) -> str:
    """Return "1 204" or "2,3", in words when there is no figure."""
    return NOT_AVAILABLE if isnan(value) else french_number(value, decimals=decimals)


def percent(share: float, *, decimals: int = 0) -> str:
    """Return a share from 0 to 1 as "12 %", in words when there is no figure."""
    if isnan(share):
        return NOT_AVAILABLE
    return f"{french_number(share * 100, decimals=decimals)}\u202f%"


def counted(count: int, singular: str, plural: str = "") -> str:
    """Return "1 commune" or "12 communes"."""
    words = singular if count < 2 else plural or f"{singular}s"
    return f"{french_number(count, decimals=0)} {words}"


def typeset(text: str) -> str:
    """Return a sentence with the spaces that must not break and the apostrophe of printers."""
    text = _BEFORE_UNIT.sub("\u202f", text.replace("'", "’"))
    return _BEFORE_HIGH_MARK.sub("\u00a0", text).replace("« ", "«\u00a0")


def sentence_of(text: str) -> str:
    """Return a text as a sentence: a capital, a full stop; "" stays empty."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def alphabetical(text: str) -> str:
    """Return the key that puts texts in the order of a French dictionary, on any database.

    Neither accents nor capitals nor what stands between words count: "L’Œuvre" is "l oeuvre".
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return _BETWEEN_WORDS.sub(" ", _MARKS.sub("", plain)).strip()
