"""Cutting French text into words, each knowing where it stands in the text it comes from.

A word is letters and digits. Hyphens and apostrophes separate, and are remembered: "sans-abri" is
two linked words, so that "sans abri" and "sansabri" can both be found. What is elided (l', d', qu')
goes; "C.P.T.S." is one word; the tails of inclusive writing ("infirmier·e·s") are part of the word
that they end and are not read.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

MOST_LETTERS: Final = 64
"""Longer words are cut: no word of any language is longer, a hostile field may be."""

_LISTED: Final = (
    "anti auto bi bio co e extra hyper hypo infra inter intra macro medico micro mono multi neo"
    " neuro non para peri pluri poly post pre psycho semi socio tele trans ultra"
)
PREFIXES: Final = frozenset(_LISTED.split())
"""Written apart as well as joined: "télé consultation", "télé-consultation", "téléconsultation"."""
_LONGEST_PREFIX: Final = max(map(len, PREFIXES))

ELIDED: Final = frozenset(
    ("l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu")
)
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE", "ß": "ss"})
_MARKS: Final = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ENDINGS: Final = (
    "(?:trice|rice|euse|enne|elle|ière|iere|ère|ere|ette|ale|aux|fe|ve|ne|le|te|se|ee|ée|e|x|s)s?"
)
_WORD: Final = re.compile(
    rf"(?P<dotted>(?<![\w.])(?:[^\W\d_a-zà-ÿ]\.){{2,}}(?:[^\W\d_a-zà-ÿ](?!\w))?)"
    rf"|(?P<plain>[^\W_]+(?:[{_MARKS}]+[^\W_]*)*)"
    rf"(?P<tail>(?=[·•‧.(-])(?:(?:[·•‧]\w{{1,5}})+|(?:\.{_ENDINGS})+(?!\w)|\((?:{_ENDINGS})\)s?(?!\w)"
    rf"|(?:-(?:e|ne|trice|euse))(?:-s)?(?![\w-])))?"
)
_LINK: Final = re.compile(rf"[-‐‑–−'’ʼ‘′`´{_MARKS}]+")
_APOSTROPHES: Final = frozenset("'’ʼ‘′`´")


class Word(NamedTuple):
    """A word of a text (a tuple: there are millions of them).

    text      in lower case, accents kept, ligatures opened: "cœur" is "coeur"
    start     where it starts in the original text, in characters
    end       where it ends, tail included; text[start:end] is what was written
    capitals  written with two letters or more, all of them capitals
    linked    a hyphen or an apostrophe, or the space after a prefix, ties it to the word before
    """

    text: str
    start: int
    end: int
    capitals: bool = False
    linked: bool = False


def tokenise(text: str) -> Iterator[Word]:
    """Yield the words of a text in order, elided articles left out."""
    before = ""
    end_before = -1
    for match in _WORD.finditer(text):
        written = match["plain"] or match["dotted"].replace(".", "")
        word = normalise(written[:MOST_LETTERS])
        start, end = match.span()
        if word in ELIDED and text[end : end + 1] in _APOSTROPHES:
            end_before = -1
            continue
        linked = end_before >= 0 and _is_linked(before, text[end_before:start], word)
        yield Word(word, start, end, len(written) > 1 and written.isupper(), linked)
        before, end_before = word, end


def _is_linked(before: str, between: str, word: str) -> bool:
    """Say whether what stands between two words ties them."""
    if between == " ":
        return len(before) <= _LONGEST_PREFIX and fold(before) in PREFIXES and word.isalpha()
    return _LINK.fullmatch(between) is not None


def compounds(words: list[Word]) -> Iterator[tuple[int, int]]:
    """Yield the runs of linked words, as (first, one past last) with at least two words each.

    Runs of digits alone (dates, telephone numbers) are not compounds.
    """
    start = 0
    for position in range(1, len(words) + 1):
        if position < len(words) and words[position].linked:
            continue
        run = words[start:position]
        if len(run) > 1 and not all(word.text.isdigit() for word in run):
            yield start, position
        start = position


def joined(words: list[Word]) -> str:
    """Return the words of a compound written as one: "sans-abri" is "sansabri"."""
    return "".join(word.text for word in words)[:MOST_LETTERS]


@lru_cache(maxsize=200_000)
def normalise(written: str) -> str:
    """Return a word in lower case, composed, ligatures opened, invisible characters gone."""
    if written.isascii():
        return written.lower()
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", written))
    return unicodedata.normalize("NFC", visible.lower().translate(_LIGATURES))


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Return `text` in lower case, without accents or ligatures: "Œuvré" is "oeuvre"."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKC", text).lower().translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", lower)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
