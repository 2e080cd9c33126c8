"""French text into the terms to store, and a query into the terms to look for.

What is stored are plain lower-case terms without accents, fit for FTS5 as for
`tsvector('simple')`: the stems of each word, the compound written as one, and the term of each
concept of the lexicon that the text names. What is looked for is a list of `QueryTerm`, all of
which a text must satisfy.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Final, NamedTuple

from maillage.engines.textsearch.lexicon import WORDS_ALONE, Lexicon, Phrase, stored_keys, word_keys
from maillage.engines.textsearch.stems import (
    LONGEST_KNOWN,
    other_stems,
    stemmer_version,
    stored_stems,
)
from maillage.engines.textsearch.stop_words import is_stop_word
from maillage.engines.textsearch.words import ELIDED, Word, compounds, fold, joined, tokenise

RULES_VERSION: Final = "1"
"""Change it with any change of what is stored for a text: every index is then built again."""

AS_TYPED: Final = 1.0
OTHER_INFLECTION: Final = 0.9
SAME_MEANING: Final = 0.6

MOST_WORDS_ASKED: Final = 64
"""A longer query is read up to there: nobody types one, and a database has its own limits."""

_VOWELS: Final = frozenset("aeiouyh")


class Occurrence(NamedTuple):
    """A term where a text has it: text[start:end] is what was written."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """A term that answers for what was typed, and for how much: 1 as typed, less otherwise."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """Something asked for: a word, a compound, or a phrase of the lexicon.

    typed         as it stands in the query
    start, end    where it stands in the query, in characters
    alternatives  any one of them in a text is enough
    parts         or else, when there are any, all of these are
    """

    typed: str
    start: int
    end: int
    alternatives: tuple[Alternative, ...]
    parts: tuple["QueryTerm", ...] = ()

    def is_in(self, terms: frozenset[str] | set[str]) -> bool:
        """Say whether a text with these terms has what is asked for."""
        if any(alternative.term in terms for alternative in self.alternatives):
            return True
        return bool(self.parts) and all(part.is_in(terms) for part in self.parts)

    def all_terms(self) -> frozenset[str]:
        """Return every term that may answer, those of the parts included."""
        own = (alternative.term for alternative in self.alternatives)
        return frozenset(own).union(*(part.all_terms() for part in self.parts))


class _Asked(NamedTuple):
    """A word of a query, and the compound it is part of, if any, written as one word."""

    word: Word
    whole: Word | None


@dataclass(frozen=True, slots=True)
class Analyser:
    """The French analyser with its lexicon. Texts and queries must meet the same one."""

    lexicon: Lexicon = WORDS_ALONE
    _known: dict[tuple[str, bool], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def fingerprint(self) -> str:
        """Return what an index must have been built with; another one asks for a new index."""
        return f"{RULES_VERSION}-{stemmer_version()}-{self.lexicon.fingerprint}"

    def index_terms(self, text: str) -> list[str]:
        """Return the terms to store for a text, repeated as in the text: those of `occurrences`."""
        return self.terms_of_words(list(tokenise(text)))

    def terms_of_words(self, words: list[Word]) -> list[str]:
        """Return the terms to store for a text already cut into words."""
        found = [term for word in words for term in self._terms(word.text, word.capitals)]
        for start, stop in compounds(words):
            whole = _whole(words[start:stop])
            found += self._terms(whole.text, whole.capitals)
        return found + [occurrence.term for occurrence in self._of_phrases(words)]

    def occurrences(self, text: str) -> list[Occurrence]:
        """Return the terms of a text with their places, in the order of their starts."""
        words = list(tokenise(text))
        found = [
            Occurrence(term, word.start, word.end)
            for word in _with_wholes(words)
            for term in self._terms(word.text, word.capitals)
        ]
        found += self._of_phrases(words)
        found.sort(key=lambda occurrence: occurrence.start)
        return found

    def places(self, text: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
        """Return where a text has one of the terms wanted, as (start, end), sorted.

        The places of those of `occurrences`, found without naming all the others.
        """
        words = list(tokenise(text))
        found = [
            (word.start, word.end)
            for word in _with_wholes(words)
            if not wanted.isdisjoint(self._terms(word.text, word.capitals))
        ]
        if not wanted.isdisjoint(self.lexicon.named_by_phrases):
            phrases = self._of_phrases(words)
            found += [(each.start, each.end) for each in phrases if each.term in wanted]
        return sorted(found)

    def query_terms(self, text: str) -> list[QueryTerm]:
        """Return what a query asks for, in its order; a text answers when it has all of it.

        A query made of common words only ("de la") asks for nothing: an empty list.
        """
        asked = self._asked(text)
        keys = [word_keys(each.word.text) for each in asked]
        found: list[QueryTerm] = []
        position = 0
        while position < len(asked):
            phrase = next(iter(self.lexicon.phrases(keys, position)), None)
            length = len(phrase.keys) if phrase else _compound_length(asked, position)
            found.append(self._query_term(text, asked[position : position + length], phrase))
            position += length
        return found

    def _asked(self, text: str) -> list[_Asked]:
        """Return the words of a query that are worth looking for.

        Of "l hopital", typed without its apostrophe, the l goes; that of "hépatite c" stays. A
        query all in capitals is read as if it were not.
        """
        words = list(islice(tokenise(text), MOST_WORDS_ASKED))
        if len(words) > 1 and all(word.capitals or len(word.text) == 1 for word in words):
            words = [word._replace(capitals=False) for word in words]
        whole_of: dict[int, Word] = {}
        for start, stop in compounds(words):
            whole_of.update(dict.fromkeys(range(start, stop), _whole(words[start:stop])))
        return [
            _Asked(word, whole_of.get(position))
            for position, word in enumerate(words)
            if not self._is_common(word) and not _is_elided(words, position)
        ]

    def _is_common(self, word: Word) -> bool:
        """Say whether a word is not worth looking for; DES the diploma is, des is not."""
        return is_stop_word(word.text) and not (
            word.capitals and self.lexicon.acronym(word.text, capitals=True)
        )

    def _terms(self, word: str, capitals: bool) -> tuple[str, ...]:
        """Return the terms to store for a word, remembered: texts repeat their words."""
        known = self._known.get((word, capitals))
        if known is not None:
            return known
        terms = self.lexicon.acronym(word, capitals=capitals)
        if not is_stop_word(word):
            terms = [*stored_stems(word), *terms, *self.lexicon.family(stored_stems(word))]
        if len(self._known) >= LONGEST_KNOWN:
            self._known.clear()
        return self._known.setdefault((word, capitals), tuple(dict.fromkeys(terms)))

    def _of_phrases(self, words: list[Word]) -> Iterator[Occurrence]:
        """Yield the concepts that a text names by several words, common words left out."""
        words = [word for word in words if not is_stop_word(word.text)]
        keys = [stored_keys(word.text) for word in words]
        for at, word in enumerate(words):
            if self.lexicon.starts_phrase(keys[at]):
                for term, length in _named(self.lexicon.phrases(keys, at)):
                    yield Occurrence(term, word.start, words[at + length - 1].end)

    def _query_term(self, text: str, asked: list[_Asked], phrase: Phrase | None) -> QueryTerm:
        """Return the term asked for by one word, by linked words or by a phrase."""
        words = [each.word for each in asked]
        wholes = {each.whole for each in asked}
        whole = wholes.pop() if len(wholes) == 1 else None
        if len(words) == 1 and not whole:
            return self._single(text, words[0])
        alternatives = [Alternative(phrase.term, AS_TYPED)] if phrase else []
        if whole:
            alternatives += self._alternatives(whole)
        start, end = words[0].start, words[-1].end
        parts = tuple(self._single(text, word) for word in words)
        return QueryTerm(text[start:end], start, end, _best(alternatives), parts)

    def _single(self, text: str, word: Word) -> QueryTerm:
        typed = text[word.start : word.end]
        return QueryTerm(typed, word.start, word.end, _best(self._alternatives(word)))

    def _alternatives(self, word: Word) -> list[Alternative]:
        """Return what answers for a word: its concept alone for an acronym in capitals."""
        acronyms = self.lexicon.acronym(word.text, capitals=True)
        if acronyms and word.capitals:
            return [Alternative(term, AS_TYPED) for term in acronyms]
        stored = [Alternative(term, AS_TYPED) for term in stored_stems(word.text)]
        others = [Alternative(term, OTHER_INFLECTION) for term in other_stems(word.text)]
        concepts = (*acronyms, *self.lexicon.family(word_keys(word.text)))
        return [*stored, *others, *(Alternative(term, SAME_MEANING) for term in concepts)]


def _is_elided(words: list[Word], position: int) -> bool:
    """Say whether a word is a lone consonant before a vowel: the l of "l hopital"."""
    after = words[position + 1 : position + 2]
    return words[position].text in ELIDED and bool(after) and fold(after[0].text)[:1] in _VOWELS


def _compound_length(asked: list[_Asked], position: int) -> int:
    """Return how many words from `position` on belong to one compound; 1 for a word alone."""
    whole = asked[position].whole
    rest = takewhile(lambda each: whole and each.whole == whole, asked[position + 1 :])
    return 1 + sum(1 for _ in rest)


def _with_wholes(words: list[Word]) -> list[Word]:
    """Return the words of a text, then its compounds, each written as one word."""
    return [*words, *(_whole(words[start:stop]) for start, stop in compounds(words))]


def _whole(words: list[Word]) -> Word:
    """Return a compound as one word over the place of all its parts."""
    capitals = all(word.capitals for word in words)
    return Word(joined(words), words[0].start, words[-1].end, capitals)


def _named(phrases: list[Phrase]) -> Iterable[tuple[str, int]]:
    """Return each concept once, with the number of words of the longest phrase that names it."""
    longest: dict[str, int] = {}
    for phrase in phrases:
        longest.setdefault(phrase.term, len(phrase.keys))
    return longest.items()


def _best(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Return each term once, with its greatest weight, in the order given."""
    weights: dict[str, float] = {}
    for alternative in alternatives:
        weights[alternative.term] = max(alternative.weight, weights.get(alternative.term, 0.0))
    return tuple(Alternative(term, weight) for term, weight in weights.items())
