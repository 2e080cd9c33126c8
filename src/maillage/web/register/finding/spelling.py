"""The words of the index, for « did you mean », and what the ranking must know of its terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Final

from django.db import connection

from maillage.engines.textsearch.analyser import QueryTerm
from maillage.engines.textsearch.ranking import Statistics
from maillage.engines.textsearch.spelling import Vocabulary, vocabulary_of
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.texts import FIELD_WEIGHTS
from maillage.web.register.models.search import SearchState, SearchTerm, SearchWord

FEW_WORDS: Final = 5_000
SECONDS_KEPT: Final = 60.0
"""A large vocabulary is read again at most that often: a new word may wait, it is still found."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A vocabulary, the index it was read from, and when."""

    database: str
    revision: int
    read_at: float
    vocabulary: Vocabulary


_reading = Lock()
_kept: list[_Kept] = []


def index_state() -> SearchState:
    """Return the state of the index; an empty one before anything was indexed."""
    return SearchState.objects.filter(pk=1).first() or SearchState(lengths=[0] * len(FIELD_WEIGHTS))


def current_vocabulary(state: SearchState) -> Vocabulary:
    """Return the words of the index, kept from one request to the next."""
    database = str(connection.settings_dict["NAME"])
    with _reading:
        if _kept and _is_fresh(_kept[0], state, database):
            return _kept[0].vocabulary
        counts = dict(SearchWord.objects.values_list("word", "count"))
        vocabulary = vocabulary_of(counts, known=french_analyser().lexicon.words)
        _kept[:] = [_Kept(database, state.revision, monotonic(), vocabulary)]
        return vocabulary


def _is_fresh(kept: _Kept, state: SearchState, database: str) -> bool:
    if kept.database != database or kept.revision > state.revision:
        return False
    recent = monotonic() - kept.read_at < SECONDS_KEPT and len(kept.vocabulary) > FEW_WORDS
    return kept.revision == state.revision or recent


def statistics_for(query: Sequence[QueryTerm], state: SearchState) -> Statistics:
    """Return what the ranking must know: of all the entries, the terms of the query only."""
    terms = frozenset().union(*(term.all_terms() for term in query))
    texts_with = dict(
        SearchTerm.objects.filter(term__in=sorted(terms)).values_list("term", "n_texts")
    )
    n_texts = max(state.n_texts, 1)
    means = {
        field: max(total / n_texts, 1.0)
        for field, total in zip(FIELD_WEIGHTS, state.lengths, strict=True)
    }
    return Statistics(state.n_texts, means, texts_with)
