"""Texts drawn from the list of words, and known items: queries that one text was made to answer."""

import random
from collections import Counter
from dataclasses import dataclass

from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.ranking import index_text, rank, statistics_of
from maillage.engines.textsearch.spelling import countable_words, vocabulary_of
from maillage.engines.textsearch.words import fold, tokenise
from tests.engines.textsearch.french_words import WORDS

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LEAST_LETTERS = 5
"""Words asked for have five letters or more: a slip in "bus" makes another word."""


@dataclass(frozen=True)
class Corpus:
    """Texts, their index, and the vocabulary that a query is corrected with."""

    texts: list[str]
    analyser: Analyser

    def __post_init__(self):
        indexed = [
            index_text(rank, {"text": self.analyser.index_terms(text)})
            for rank, text in enumerate(self.texts)
        ]
        having = {}
        for text in indexed:
            for term in text.terms():
                having.setdefault(term, set()).add(text.id)
        counts = Counter(word for text in self.texts for word in countable_words(tokenise(text)))
        for name, value in (
            ("indexed", indexed),
            ("having", having),
            ("statistics", statistics_of(indexed)),
            ("vocabulary", vocabulary_of(counts)),
        ):
            object.__setattr__(self, name, value)

    def search(self, asked, *, limit=10):
        """Return the ids of the best texts; those without one of the words are not looked at."""
        if not asked:
            return []
        near = [
            set().union(*(self.having.get(term, set()) for term in each.all_terms()))
            for each in asked
        ]
        candidates = [self.indexed[rank] for rank in sorted(set.intersection(*near))]
        answer = rank(asked, candidates, self.statistics, field_weights={"text": 1.0}, limit=limit)
        return [each.id for each in answer]


def draw_corpus(*, n_texts, seed, n_words=30):
    """Return texts of words drawn with the frequencies of Zipf's law."""
    chance = random.Random(seed)
    words = chance.sample(WORDS, len(WORDS))
    weights = [1 / (rank + 20) for rank in range(len(words))]
    return Corpus(
        [" ".join(chance.choices(words, weights, k=n_words)) for _ in range(n_texts)], Analyser()
    )


def draw_items(corpus, *, n_items, seed, n_words=3):
    """Return (id of a text, words of it): the rarest of ten of its words."""
    chance = random.Random(seed)
    items = []
    while len(items) < n_items:
        text_id = chance.randrange(len(corpus.texts))
        words = {word for word in corpus.texts[text_id].split() if len(word) >= LEAST_LETTERS}
        drawn = chance.sample(sorted(words), min(10, len(words)))
        counts = corpus.vocabulary.counts
        drawn.sort(key=lambda word: counts[corpus.vocabulary.place(word)])
        items.append((text_id, drawn[:n_words]))
    return items


def with_a_typo(word, chance):
    """Return a word with one letter left out, added, changed or swapped with the next."""
    kind, at = chance.randrange(4), chance.randrange(len(word) - 1)
    letter = chance.choice(LETTERS)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + letter + word[at:]
    if kind == 2:
        return word[:at] + letter + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def without_accents(words):
    return [fold(word) for word in words]
