"""Which texts answer a query, the best first: BM25 over fields, the same on every database.

The plain reference: what a database does with FTS5 or `tsvector` is held to it. Scores are whole
numbers, so that no order depends on how a machine rounds; equal scores are ordered by id.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from maillage.core.errors import InputError
from maillage.engines.textsearch.analyser import QueryTerm

MOST_CANDIDATES: Final = 2_000
"""Texts ranked for one query; those with the greatest ids, the latest, when more of them answer."""

SATURATION: Final = 1.2
LENGTH_WEIGHT: Final = 0.75
SCALE: Final = 10_000
"""Points of a score of 1: four digits are kept, the rest is dropped."""


@dataclass(frozen=True, slots=True)
class IndexedText:
    """A text as stored: how often each field has each term.

    id      whole number, the order of ties
    fields  field → term → count
    """

    id: int
    fields: Mapping[str, Mapping[str, int]]

    def terms(self) -> frozenset[str]:
        """Return every term of every field."""
        return frozenset(term for counts in self.fields.values() for term in counts)

    def length(self, field: str) -> int:
        """Return how many terms a field has, repeated ones included; 0 without the field."""
        return sum(self.fields.get(field, {}).values())


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a ranking must know of all the texts.

    n_texts     how many there are
    mean_length field → mean number of terms
    texts_with  term → number of texts that have it in any field
    """

    n_texts: int
    mean_length: Mapping[str, float]
    texts_with: Mapping[str, int]

    def rarity(self, term: QueryTerm) -> float:
        """Return the weight of something asked for: the rarer, the more it tells (above 0).

        The commonest of its alternatives counts; of a phrase whose words are apart, the rarest
        word. (Lucene's form of the inverse document frequency: never below 0.)
        """
        n_with = self._texts_with(term)
        return log(1 + (self.n_texts - n_with + 0.5) / (n_with + 0.5))

    def _texts_with(self, term: QueryTerm) -> int:
        found = [self.texts_with.get(each.term, 0) for each in term.alternatives]
        if term.parts:
            found.append(min(self._texts_with(part) for part in term.parts))
        return min(max(found, default=0), self.n_texts)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A text that answers, and its score in points: only the order has a meaning."""

    id: int
    score: int


def statistics_of(texts: Iterable[IndexedText]) -> Statistics:
    """Return what `rank` must know of these texts."""
    n_texts = 0
    length: Counter[str] = Counter()
    texts_with: Counter[str] = Counter()
    for text in texts:
        n_texts += 1
        texts_with.update(text.terms())
        for field in text.fields:
            length[field] += text.length(field)
    means = {field: total / n_texts for field, total in length.items()}
    return Statistics(n_texts, means, texts_with)


def index_text(text_id: int, fields: Mapping[str, Sequence[str]]) -> IndexedText:
    """Return a text ready to rank, from the terms of its fields (`Analyser.index_terms`)."""
    return IndexedText(text_id, {field: Counter(terms) for field, terms in fields.items()})


def rank(
    query: Sequence[QueryTerm],
    texts: Iterable[IndexedText],
    statistics: Statistics,
    *,
    field_weights: Mapping[str, float],
    limit: int | None = None,
) -> list[Ranked]:
    """Return the texts that have all that the query asks for, the best first, then by id.

    `field_weights` says how much a word counts in each field; a field without a weight is not
    read. BM25F (Robertson and Zaragoza 2009): counts are weighted over the fields before they
    saturate. An empty query has no answer. InputError if a weight is not above 0.
    """
    wrong = {field: weight for field, weight in field_weights.items() if not weight > 0}
    if wrong or not field_weights:
        raise InputError(f"Weights of fields {dict(field_weights)}: expected numbers above 0.")
    if not query:
        return []
    found = [text for text in texts if answers(query, text, fields=field_weights)]
    found.sort(key=lambda text: -text.id)
    rarities = [statistics.rarity(term) for term in query]
    ranked = []
    for text in found[:MOST_CANDIDATES]:
        frequencies = (_frequency(term, text, statistics, field_weights) for term in query)
        points = (
            int(SCALE * rarity * frequency / (SATURATION + frequency))
            for rarity, frequency in zip(rarities, frequencies, strict=True)
        )
        ranked.append(Ranked(text.id, sum(points)))
    ranked.sort(key=lambda each: (-each.score, each.id))
    return ranked[:limit]


def answers(query: Sequence[QueryTerm], text: IndexedText, *, fields: Iterable[str]) -> bool:
    """Say whether these fields of a text, taken together, have all that a query asks for."""
    terms = {term for field in fields for term in text.fields.get(field, ())}
    return all(asked.is_in(terms) for asked in query)


def _frequency(
    term: QueryTerm,
    text: IndexedText,
    statistics: Statistics,
    field_weights: Mapping[str, float],
) -> float:
    """Return how often a text has what is asked for, weighted: its best alternative counts.

    Of a phrase whose words stand apart, the least frequent word counts, for half.
    """
    found = [
        alternative.weight * _weighted(alternative.term, text, statistics, field_weights)
        for alternative in term.alternatives
    ]
    if term.parts:
        parts = [_frequency(part, text, statistics, field_weights) for part in term.parts]
        found.append(min(parts) / 2)
    return max(found, default=0.0)


def _weighted(
    term: str, text: IndexedText, statistics: Statistics, field_weights: Mapping[str, float]
) -> float:
    """Return the count of a term over the fields: weighted, less in a longer field than usual."""
    total = 0.0
    for field, weight in field_weights.items():
        count = text.fields.get(field, {}).get(term, 0)
        if count:
            relative = text.length(field) / statistics.mean_length.get(field, 1.0)
            total += weight * count / (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * relative)
    return total
