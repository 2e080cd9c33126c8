"""Names of places and headers of files, folded so that two spellings of one name compare equal.

Producers write "L'Haÿ-les-Roses", "L HAY LES ROSES" and "HAY LES ROSES"; "Saint-Étienne" and
"ST ETIENNE"; "Œting", "Oeting" and "OETING". A folded name is a key for comparison, never shown.
"""

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

TextArray = NDArray[np.object_]

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")
_SHORT_WORDS = {"saint": "st", "sainte": "ste", "saints": "sts", "saintes": "stes"}
_ARTICLES = frozenset({"l", "le", "la", "les", "los"})


def fold_accents(text: str) -> str:
    """Return `text` in lower case without accents or ligatures: "Œuilly-Été" → "oeuilly-ete"."""
    lower = text.casefold().translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", lower)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def fold_name(text: str, *, keep_article: bool = True) -> str:
    """Return the name of a place as a key for comparison, in lower case.

    Accents, ligatures, hyphens and apostrophes go; Saint and Sainte become st and ste, as in
    La Poste's files. Without `keep_article` a leading Le, La, Les, L' goes too, as in the NCC
    names of the official geographic code; a name that is only an article keeps it.
    """
    words = _NOT_A_WORD.sub(" ", fold_accents(text)).split()
    words = [_SHORT_WORDS.get(word, word) for word in words]
    if not keep_article and len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)


def fold_names(texts: Iterable[str], *, keep_article: bool = True) -> TextArray:
    """Return `fold_name` of each text, shape (n_texts,); a name met twice is folded once."""
    folded: dict[str, str] = {}
    keys = []
    for text in texts:
        key = folded.get(text)
        if key is None:
            key = folded[text] = fold_name(text, keep_article=keep_article)
        keys.append(key)
    return text_array(keys)


def fold_header(text: str) -> str:
    """Return the header of a column as a key: no accents, one space at most, no outer spaces.

    Line breaks, no-break spaces, trailing spaces and curly apostrophes vary from year to year
    in the workbooks of one producer.
    """
    return _SPACES.sub(" ", fold_accents(text.replace("’", "'"))).strip()


def text_array(texts: Iterable[str]) -> TextArray:
    """Return texts as an object array of shape (n_texts,); numpy alone would cut or nest them."""
    values = list(texts)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
