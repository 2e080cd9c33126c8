"""Why a record resembles a sheet, in words that its author can check."""

from collections.abc import Collection
from typing import Final

from maillage.engines.textsearch.analyser import AS_TYPED, Alternative, QueryTerm
from maillage.engines.textsearch.highlight import matches
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.duplicates.blocks import places_around
from maillage.web.register.duplicates.likeness import Fingerprint
from maillage.web.register.models import Initiative

_WORDS_TOLD: Final = 6


def reasons(asked: Fingerprint, other: Initiative) -> tuple[str, ...]:
    """Return what a record has in common with a sheet, in French: words, holders, places.

    Ask for `holders` and `territories` beforehand.
    """
    holders = [
        one.name for one in other.holders.all() if _in_common(one.name, asked.telling_holders)
    ]
    told = (
        ("mots en commun", _in_common(f"{other.title}\n{other.promise}", asked.what)),
        ("porteur", holders),
        ("lieu", _places(asked, other)),
    )
    return tuple(f"{label} : {', '.join(what)}" for label, what in told if what)


def _in_common(text: str, stems: Collection[str]) -> list[str]:
    """Return the first words of a text with one of these stems, as written, each stem once."""
    analyser = french_analyser()
    asked = QueryTerm("", 0, 0, tuple(Alternative(stem, AS_TYPED) for stem in sorted(stems)))
    found: dict[frozenset[str], str] = {}
    for span in matches(text, [asked], analyser):
        word = text[span.start : span.end]
        found.setdefault(frozenset(analyser.index_terms(word)), word)
    return list(found.values())[:_WORDS_TOLD]


def _places(asked: Fingerprint, other: Initiative) -> list[str]:
    """Return the places of a record that are one of the sheet, hold one, or are inside one."""
    linked = [
        one.name
        for one in other.territories.all()
        if f"{one.kind}:{one.code}" in asked.places | asked.around
        or not asked.places.isdisjoint(places_around([one]))
    ]
    if not linked and _in_common(other.place_note, asked.place_words):
        return [other.place_note]
    return linked
