"""How the French say a territory's name after "of", "at" and "the": "du Gers", "à Oloron"…

Articles of departments and regions are those of the official geographic code (column TNCC).
"""

from dataclasses import dataclass
from typing import Final

_VOWELS: Final = "aàâäeéèêëiîïoôöuûüyœæ"

_DEPARTMENTS: Final = {
    "le": "14 15 18 20 25 29 30 32 39 41 45 46 47 56 59 62 63 67 68 69 81 82 83 84 90 94 95",
    "la": "16 17 19 21 23 24 26 2A 2B 31 33 42 43 44 48 50 51 52 53 55 57 58 70 72 73 74 76 80 85 "
    "86 87 93 971 972 973",
    "les": "04 05 06 08 13 22 40 64 65 66 78 79 88 92",
    "l'": "01 02 03 07 09 10 11 12 27 34 36 38 60 61 89 91",
}
_REGIONS: Final = {
    "le": "24 44",
    "la": "01 02 03 27 28 53 75 93 94 99",
    "les": "32 52",
    "l'": "11 76 84",
}
_EPCI_NOUNS: Final = {
    "CC": "communauté de communes",
    "CA": "communauté d'agglomération",
    "CU": "communauté urbaine",
}
_AT_ONLY: Final = frozenset({"75", "974", "976"})
_IN: Final = frozenset({"2A", "2B", "971", "972", "973"})
_AT_REGIONS: Final = frozenset({"04", "06"})


@dataclass(frozen=True, slots=True)
class FrenchName:
    """A territory's name with the words that bring it into a sentence.

    name  as on a title: "Gers", "Le Mans"
    of    "du Gers", "du Mans", "d'Oloron-Sainte-Marie"
    at    "dans le Gers", "au Mans", "à Oloron-Sainte-Marie"; `at_start` has a capital
    the   "le Gers", "Le Mans", "l'intercommunalité Haut-Béarn"
    """

    name: str
    of: str
    at: str
    the: str

    @property
    def at_start(self) -> str:
        """The words of `at` with a capital, to begin a sentence."""
        return self.at[:1].upper() + self.at[1:]

    @property
    def the_start(self) -> str:
        """The words of `the` with a capital, to begin a sentence."""
        return self.the[:1].upper() + self.the[1:]


def french_name(kind: str, code: str, name: str) -> FrenchName:
    """Return the sentence forms of a territory of any kind; "custom" is a list named by a user."""
    if kind == "commune":
        return _commune(name)
    if kind == "department":
        return _department(code, name)
    if kind == "region":
        return _region(code, name)
    if kind == "nation":
        return FrenchName(name, f"de {name}", f"en {name}", f"la {name}")
    return _described(kind, name)


def _commune(name: str) -> FrenchName:
    for article, of, at in (("Le ", "du ", "au "), ("Les ", "des ", "aux ")):
        if name.startswith(article):
            rest = name.removeprefix(article)
            return FrenchName(name, of + rest, at + rest, name)
    return FrenchName(name, _elided("de", name), f"à {name}", name)


def _department(code: str, name: str) -> FrenchName:
    article = _article(_DEPARTMENTS, code)
    if not article:
        place = "à" if code in _AT_ONLY else "en"
        return FrenchName(name, _elided("de", name), f"{place} {name}", name)
    at = f"en {name}" if code in _IN else f"dans {_the(article, name)}"
    return FrenchName(name, _of(article, name), at, _the(article, name))


def _region(code: str, name: str) -> FrenchName:
    if code in _AT_REGIONS:
        return FrenchName(name, f"de {name}", f"à {name}", name)
    article = _article(_REGIONS, code)
    feminine = article in ("la", "l'", "")
    at = f"en {name}" if feminine else f"dans {_the(article, name)}"
    of = _elided("de", name) if feminine else _of(article, name)
    return FrenchName(name, of, at, _the(article, name) if article else name)


def _described(kind: str, name: str) -> FrenchName:
    if kind == "epci":
        return _epci(name)
    noun, linked = {
        "living_zone": ("le bassin de vie", _commune(name).of),
        "employment_zone": ("la zone d'emploi", _commune(name).of),
    }.get(kind, ("le territoire", f"« {name} »"))
    of = f"d{'u' if noun.startswith('le ') else 'e la'} {noun.partition(' ')[2]} {linked}"
    return FrenchName(name, of, f"dans {noun} {linked}", f"{noun} {linked}")


def _epci(name: str) -> FrenchName:
    """Say "la communauté de communes du Haut-Béarn" for "CC du Haut-Béarn".

    "Bordeaux Métropole" bears its noun in its name and takes no article.
    """
    first, _, rest = name.partition(" ")
    noun = _EPCI_NOUNS.get(first)
    if noun and rest:
        the = f"la {noun} {rest}"
    elif first in ("Communauté", "Métropole"):
        the = f"la {first.lower()} {rest}"
    elif first == "Eurométropole":
        the = f"l'{name}"
    elif "Métropole" in name:
        return FrenchName(name, _elided("de", name), f"dans {name}", name)
    else:
        the = f"l'intercommunalité {name}"
    return FrenchName(name, f"de {the}", f"dans {the}", the)


def is_plural(written: float) -> bool:
    """Say whether the French put a noun in the plural after a number: from 2 on, 1,9 excluded."""
    return abs(written) >= 2


def _article(articles: dict[str, str], code: str) -> str:
    return next((article for article, codes in articles.items() if code in codes.split()), "")


def _the(article: str, name: str) -> str:
    return f"{article}{name}" if article.endswith("'") else f"{article} {name}"


def _of(article: str, name: str) -> str:
    if article in ("le", "les"):
        return f"{'du' if article == 'le' else 'des'} {name}"
    return f"de {_the(article, name)}"


def _elided(word: str, name: str) -> str:
    """Return "d'Oloron" or "de Pau"; a name in H keeps its "de"."""
    return f"{word[:-1]}'{name}" if name[:1].casefold() in _VOWELS else f"{word} {name}"
