"""Words and phrases that mean the same, which no stemmer can know: acronyms and families of words.

The lexicon is data, reviewed by people, handed to the analyser. Each concept becomes one term of
its own in the index, beside the words: "CPTS" and "communauté professionnelle territoriale de
santé" are stored with the same term, and each finds the other exactly, in any database.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from maillage.core.errors import InputError
from maillage.engines.textsearch.stems import LONGEST_KNOWN, other_stems, stored_stems
from maillage.engines.textsearch.stop_words import is_stop_word
from maillage.engines.textsearch.words import fold, tokenise

CONCEPT_MARK: Final = "00"
"""Starts the term of a concept: letters and digits alone go through every database's parser."""

Keys = frozenset[str]
_CONCEPT: Final = re.compile("[a-z][a-z0-9]*")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a concept.

    concept      name of the concept, lower-case letters and digits: "cpts"
    text         a word, an acronym or a phrase: "CPTS"
    is_acronym   compared letter by letter and never stemmed
    also_a_word  the same letters are a common word (AMI, PASS, SAS): an acronym in capitals only
    """

    concept: str
    text: str
    is_acronym: bool = False
    also_a_word: bool = False

    def __post_init__(self) -> None:
        if not _CONCEPT.fullmatch(self.concept):
            raise InputError(
                f"{self.concept!r} is not the name of a concept: lower-case letters and digits, "
                "without accents."
            )
        words = [word.text for word in tokenise(self.text)]
        if not words or (not self.is_acronym and all(map(is_stop_word, words))):
            raise InputError(f"{self.text!r} ({self.concept}) has no word that can be searched.")
        if self.is_acronym and len(words) != 1:
            raise InputError(f"{self.text!r} ({self.concept}) is not an acronym: one word.")
        if self.also_a_word and not self.is_acronym:
            raise InputError(f"{self.text!r} ({self.concept}): only an acronym is also a word.")

    @property
    def term(self) -> str:
        """Return the term under which the concept is stored: "00cpts"."""
        return CONCEPT_MARK + self.concept


@dataclass(frozen=True, slots=True)
class Phrase:
    """A form of several words: the keys of each one, and the term of its concept."""

    keys: tuple[Keys, ...]
    term: str

    def fits(self, words: Sequence[Keys], at: int) -> bool:
        """Say whether the phrase is written in `words` from position `at` on."""
        end = at + len(self.keys)
        return end <= len(words) and all(
            not mine.isdisjoint(theirs)
            for mine, theirs in zip(self.keys, words[at:end], strict=True)
        )


@dataclass(frozen=True)
class Lexicon:
    """Forms, ready to be found in texts."""

    forms: tuple[Form, ...] = ()
    _acronyms: dict[str, dict[str, bool]] = field(init=False, repr=False, compare=False)
    _families: dict[str, set[str]] = field(init=False, repr=False, compare=False)
    _phrases: dict[str, list[Phrase]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_acronyms", {})
        object.__setattr__(self, "_families", {})
        object.__setattr__(self, "_phrases", {})
        for form in self.forms:
            self._add(form)

    def _add(self, form: Form) -> None:
        words = [word.text for word in tokenise(form.text)]
        if form.is_acronym:
            self._acronyms.setdefault(fold(words[0]), {})[form.term] = form.also_a_word
            return
        keys = [word_keys(word) for word in words if not is_stop_word(word)]
        if len(keys) == 1:
            for key in stored_stems(next(word for word in words if not is_stop_word(word))):
                self._families.setdefault(key, set()).add(form.term)
            return
        phrase = Phrase(tuple(keys), form.term)
        for key in keys[0]:
            self._phrases.setdefault(key, []).append(phrase)

    @property
    def fingerprint(self) -> str:
        """Return sixteen letters that change when any form does."""
        lines = sorted(
            f"{form.concept}\t{form.text}\t{form.is_acronym}\t{form.also_a_word}"
            for form in self.forms
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    @cached_property
    def named_by_phrases(self) -> frozenset[str]:
        """The terms of the concepts that several words together may name."""
        return frozenset(phrase.term for found in self._phrases.values() for phrase in found)

    @property
    def words(self) -> tuple[str, ...]:
        """Return every word of every form as written, once, sorted: known, however rare.

        Without the acronyms that are common words: the texts say how to write those.
        """
        found = {
            form.text[word.start : word.end]
            for form in self.forms
            if not form.also_a_word
            for word in tokenise(form.text)
        }
        return tuple(sorted(found))

    def acronym(self, word: str, *, capitals: bool) -> list[str]:
        """Return the terms of the concepts whose acronym is `word`, perhaps with a plural s.

        Where the acronym is also a common word, only when it is written in capitals.
        """
        folded = fold(word)
        known = self._acronyms.get(folded)
        if known is None and folded.endswith("s"):
            known = self._acronyms.get(folded[:-1])
        return [term for term, also_a_word in (known or {}).items() if capitals or not also_a_word]

    def family(self, keys: Iterable[str]) -> list[str]:
        """Return the terms of the concepts that have a word with one of these keys as a form."""
        found: set[str] = set()
        for key in keys:
            found |= self._families.get(key, set())
        return sorted(found)

    def starts_phrase(self, keys: Keys) -> bool:
        """Say whether some phrase starts with a word that has these keys."""
        return any(key in self._phrases for key in keys)

    def phrases(self, words: Sequence[Keys], at: int) -> list[Phrase]:
        """Return the phrases written in `words` from position `at` on, the longest first."""
        found = {
            phrase
            for key in words[at]
            for phrase in self._phrases.get(key, ())
            if phrase.fits(words, at)
        }
        return sorted(found, key=lambda phrase: (-len(phrase.keys), phrase.term))


@lru_cache(maxsize=LONGEST_KNOWN)
def stored_keys(word: str) -> Keys:
    """Return the keys of a word of a text."""
    return frozenset(stored_stems(word))


@lru_cache(maxsize=LONGEST_KNOWN)
def word_keys(word: str) -> Keys:
    """Return the keys by which a word of a phrase is recognised, inflected or without accents."""
    return frozenset((*stored_stems(word), *other_stems(word)))


def lexicon_of(forms: Iterable[Form]) -> Lexicon:
    """Return a lexicon; InputError when one form is given twice for one concept."""
    listed = tuple(forms)
    seen: set[tuple[str, str]] = set()
    for form in listed:
        key = (form.concept, fold(form.text))
        if key in seen:
            raise InputError(f"{form.text!r} is given twice for the concept {form.concept!r}.")
        seen.add(key)
    return Lexicon(listed)


WORDS_ALONE: Final = Lexicon()
"""The lexicon that knows no acronym and no family."""
