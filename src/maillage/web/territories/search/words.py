"""What people type before the name of a territory, and how official names are shortened.

Everything here works on folded text (`maillage.sources.names.fold_name`): lower case, no accents,
one space between words, Saint as st.
"""

import re
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from maillage.sources.names import fold_name

LONG_FORMS: Final = (
    ("communaute de communes", "cc"),
    ("communaute d agglomeration", "ca"),
    ("communaute urbaine", "cu"),
    ("com com", "cc"),
    ("comcom", "cc"),
)
"""Long forms of the legal nature of an EPCI, with the short one that Insee writes."""

KIND_WORDS: Final = (
    ("communes", "commune"),
    ("commune", "commune"),
    ("ville", "commune"),
    ("intercommunalite", "epci"),
    ("interco", "epci"),
    ("epci", "epci"),
    ("agglomeration", "epci"),
    ("agglo", "epci"),
    ("metropole", "epci"),
    ("cc", "epci"),
    ("ca", "epci"),
    ("cu", "epci"),
    ("departement", "department"),
    ("dept", "department"),
    ("dpt", "department"),
    ("dep", "department"),
    ("region", "region"),
    ("bassin de vie", "living_zone"),
    ("bv", "living_zone"),
    ("zone d emploi", "employment_zone"),
    ("ze", "employment_zone"),
)
LEAST_LETTERS_MISSPELT: Final = 5
KIND_WORD_SIMILARITY: Final = 0.8
_LINKS: Final = re.compile(r"^(?:(?:de la|de l|des|du|de|d|la|le|les|l) )+(?=\S)")
_PLACE: Final = re.compile(r"^(?P<name>.*\D) (?P<place>\d{2,3}|2[ab]|\d{5})$")


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, understood.

    text   the whole, folded
    name   the name alone, without the word for the kind, without a department at the end
    kind   kind asked for by a word ("departement du gers"), or ""
    place  department code or postal code at the end ("st denis 974"), or ""
    """

    text: str
    name: str
    kind: str = ""
    place: str = ""


def understand(query: str) -> Question:
    """Return what was typed, understood: « Département du Gers » → name gers, kind department."""
    text = short_form(fold_name(query[:100]))
    name, place = text, ""
    match = _PLACE.match(text)
    if match:
        name, place = match["name"], match["place"].upper()
    word, kind = _kind_word(name)
    if kind:
        return Question(text, without_links(name.removeprefix(f"{word} ")), kind, place)
    return Question(text, name, "", place)


def _kind_word(name: str) -> tuple[str, str]:
    """Return the word for a kind that a query begins with, as typed, and the kind; or nothing."""
    for word, kind in KIND_WORDS:
        if name.startswith(f"{word} "):
            return word, kind
    first, _, rest = name.partition(" ")
    if rest and len(first) >= LEAST_LETTERS_MISSPELT:
        for word, kind in KIND_WORDS:
            if OSA.normalized_similarity(first, word) >= KIND_WORD_SIMILARITY:
                return first, kind
    return "", ""


def short_form(folded: str) -> str:
    """Return a folded name with the long forms of the nature of an EPCI made short."""
    for long, short in LONG_FORMS:
        if folded.startswith(f"{long} "):
            return short + folded.removeprefix(long)
    return folded


def with_saint_finished(folded: str) -> str:
    """Return a query being typed that ends in "sai" or "sain" with the folded "st"; else nothing.

    Names are folded with Saint as st, which a half-typed Saint does not begin.
    """
    before, _, last = folded.rpartition(" ")
    return f"{before} st".strip() if last in ("sai", "sain") else ""


def without_links(folded: str) -> str:
    """Return a folded name without the articles and prepositions it begins with."""
    return _LINKS.sub("", folded)


def names_of(kind: str, name: str) -> tuple[str, ...]:
    """Return the folded names under which a territory is found, the official one first.

    A commune without its article ("Le Havre" → "havre"), an EPCI without its nature
    ("CC du Haut Béarn" → "haut bearn").
    """
    folded = short_form(fold_name(name))
    names = [folded]
    if kind == "epci":
        for word in ("cc", "ca", "cu", "metropole", "eurometropole"):
            if folded.startswith(f"{word} "):
                names.append(without_links(folded.removeprefix(f"{word} ")))
    shorter = without_links(folded)
    if shorter != folded:
        names.append(shorter)
    return tuple(dict.fromkeys(names))
