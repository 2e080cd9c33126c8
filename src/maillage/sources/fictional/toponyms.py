"""Invented French-sounding place names: none is a commune of the official list (a test checks)."""

from typing import Final

from numpy.random import Generator

RIVERS: Final = ("Vézille", "Orgave", "Tresnoire", "Aulméone")
_PREPOSITION: Final = ("sur-Vézille", "sur-Orgave", "sur-Tresnoire", "sur-Aulméone")
DEPARTMENT: Final = "Vézillois (département fictif)"
REGION: Final = "Région fictive"

_STEMS: Final = (
    "Ambroz", "Arvell", "Balzerg", "Belvign", "Brézen", "Calvéz", "Chantezel", "Courzel", "Dorvén",
    "Échamb", "Épinoz", "Fauvarn", "Fréjol", "Gardévr", "Grézol", "Hauterv", "Jalvén", "Lamboz",
    "Lusarn", "Malvez", "Mérigol", "Montarz", "Morvez", "Nolvign", "Orbazer", "Palvéz", "Pervenz",
    "Queyrel", "Ravold", "Rozenv", "Salvézin", "Sérignol", "Tarvéz", "Trémoz", "Urvign", "Valmér",
    "Vernéz", "Vignol", "Yvrell", "Zévar",
)  # fmt: skip
_ENDINGS: Final = (
    "ac", "an", "anges", "argues", "ay", "euil", "ières", "igny", "oire", "olles",
    "onne", "ons", "oux",
)  # fmt: skip
_SAINTS: Final = (
    "Saint-Œdric", "Saint-Aldegrin", "Saint-Mévrard", "Saint-Vaubrun", "Saint-Ozan",
    "Saint-Thévrin",
    "Saint-Ébrouard", "Saint-Guivénal", "Saint-Lézin-Vieux", "Saint-Cœurdoux", "Sainte-Ozélie",
    "Sainte-Vénarde", "Sainte-Almodie", "Sainte-Rozenne", "Sainte-Yvelle",
)  # fmt: skip
_SAINT_ENDINGS: Final = (
    "", "-le-Haut", "-en-Val", "-des-Landes", "-la-Forêt", "-de-Brousse", "-sous-Bois", "-lès-Prés",
)  # fmt: skip
_NOUNS: Final = (
    "L'Épinaie-Vieille", "L'Auvergnaise", "L'Hermitière-Haute", "L'Orgerie-Blanche",
    "La Ferrandaie",
    "La Roche-Vézine", "La Combe-Aigrette", "La Tour-d'Orgave", "La Chênelaie", "La Motte-Aulmé",
    "Le Haut-Vézillat", "Le Bois-Tresnoir", "Le Col-de-Brume", "Le Pont-d'Aulme", "Le Mas-Sarrazel",
    "Les Essarts-d'Orgave", "Les Trois-Vézilles", "Les Œillets-Blancs", "Les Ormelaies",
    "Les Granges-Zévar",
)  # fmt: skip
PREFECTURE: Final = "Orvézac"
ISLAND: Final = "L'Île-d'Ouvrelle"

# Type of article of the official code (TNCC): its rank is the code of the article.
ARTICLES: Final = {"Le ": "2", "La ": "3", "Les ": "4", "L'": "5"}
_LIGATURES: Final = str.maketrans({"Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae"})
_ACCENTS: Final = str.maketrans("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜàâäçéèêëîïôöùûü", "AAACEEEEIIOOUUUaaaceeeeiioouuu")


def possible_names() -> set[str]:
    """Return every name that can be drawn without a river in it."""
    plain = {stem + ending for stem in _STEMS for ending in _ENDINGS}
    saints = {saint + ending for saint in _SAINTS for ending in _SAINT_ENDINGS}
    return plain | saints | set(_NOUNS) | {PREFECTURE, ISLAND}


def draw_names(rng: Generator, rivers: list[int | None]) -> list[str]:
    """Return one name per place, all different; `rivers` says on which river a place may stand."""
    plain = sorted(possible_names() - {PREFECTURE, ISLAND})
    rare = [name for name in plain if not _is_plain(name)]
    common = [name for name in plain if _is_plain(name)]
    rng.shuffle(rare)
    rng.shuffle(common)
    names: list[str] = []
    for river in rivers:
        pool = rare if rare and rng.random() < 0.3 else common
        base = pool.pop() if pool else f"{_STEMS[len(names) % len(_STEMS)]}on-{len(names)}"
        by_water = river is not None and rng.random() < 0.6 and base.count("-") < 2
        names.append(f"{base}-{_PREPOSITION[river]}" if by_water and river is not None else base)
    return names


def article_type(name: str) -> str:
    """Return the TNCC code of a name: its article, else 1 before a vowel, else 0."""
    for article, code in ARTICLES.items():
        if name.startswith(article):
            return code
    return "1" if capitals(name)[0] in "AEIOUY" else "0"


def without_article(name: str) -> str:
    """Return the name as NCCENR writes it, without its article."""
    for article in ARTICLES:
        if name.startswith(article):
            return name[len(article) :]
    return name


def capitals(name: str) -> str:
    """Return the name in capitals without accents, hyphens or apostrophes, as NCC writes it."""
    bare = without_accents(name).upper()
    return bare.replace("-", " ").replace("'", " ")


def without_accents(name: str) -> str:
    """Return the name without accents or ligatures."""
    return name.translate(_LIGATURES).translate(_ACCENTS)


def _is_plain(name: str) -> bool:
    return "-" not in name and "'" not in name and " " not in name
