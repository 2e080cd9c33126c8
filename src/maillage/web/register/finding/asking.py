"""Ask for initiatives: which ones, in what order; the one way in of every public surface."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db.models import QuerySet

from maillage.engines.textsearch.analyser import QueryTerm
from maillage.engines.textsearch.correction import Correction
from maillage.engines.textsearch.postings import (
    Postings,
    in_order,
    matching,
    terms_of,
    texts_with,
)
from maillage.engines.textsearch.ranking import Statistics
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.criteria import Criteria
from maillage.web.register.finding.keeping import index_state
from maillage.web.register.finding.postings import postings_of_words
from maillage.web.register.finding.selecting import Selection, selection_of
from maillage.web.register.finding.snapshot import (
    IdArray,
    Snapshot,
    current_snapshot,
)
from maillage.web.register.finding.spelling import corrected
from maillage.web.register.finding.texts import FIELD_WEIGHTS
from maillage.web.register.models import Initiative
from maillage.web.register.models.search import SearchState

SHOWN_IN_LISTS: Final = ("territories", "holders", "tags")


@dataclass(frozen=True, slots=True)
class Question:
    """The words asked for, as understood.

    terms       what every answer has; empty without words worth searching
    correction  what was changed of what was typed; None when nothing was or might have been
    """

    text: str
    terms: tuple[QueryTerm, ...]
    correction: Correction | None

    @property
    def asks_nothing(self) -> bool:
        """Say whether there are words, but only such as every text has."""
        return bool(self.text) and not self.terms

    @property
    def changes_to_tell(self) -> bool:
        """Say whether other words than those typed are looked for: the page must tell it."""
        return self.correction is not None and bool(self.correction.to_tell)


class Found:
    """Initiatives in their order, read from the database only where they are looked at.

    They are read by slices and no other way: one that is taken back meanwhile leaves its slice
    shorter, where a place would name another one or none.
    """

    __iter__ = None

    def __init__(self, keys: IdArray) -> None:
        """Take their numbers, in order."""
        self._keys = keys

    def __len__(self) -> int:
        return self._keys.size

    @property
    def numbers(self) -> IdArray:
        """The numbers of the initiatives, in order."""
        return self._keys

    def __getitem__(self, place: slice) -> list[Initiative]:
        """Return the initiatives of a slice, details of lists included."""
        return self.read(self.keys(place))

    def keys(self, place: slice | None = None) -> list[int]:
        """Return numbers in order: all of them, or those of a slice."""
        return list(self._keys[slice(None) if place is None else place].tolist())

    def read(self, keys: Sequence[int], *, details: Sequence[str] = SHOWN_IN_LISTS) -> list[Any]:
        """Return these initiatives in this order, if they are still public."""
        found = (
            Initiative.objects.public()
            .filter(pk__in=keys)
            .order_by()
            .prefetch_related(*details)
            .in_bulk()
        )
        return [found[key] for key in keys if key in found]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, as understood, and what answers.

    selection  which ones, part by part of the criteria
    found      the same, in order
    """

    criteria: Criteria
    question: Question
    selection: Selection
    found: Found

    @property
    def initiatives(self) -> QuerySet[Initiative]:
        """Return the query of all of them, in no order."""
        return self.selection.initiatives()


def answer(criteria: Criteria) -> Answer:
    """Return the public initiatives that answer the criteria."""
    snapshot = current_snapshot()
    question = understand(criteria, snapshot.state)
    postings = postings_of_words(terms_of(question.terms))
    selection = _selection(criteria, question, postings, snapshot)
    if criteria.order == "pertinence":
        keys = _by_relevance(question, selection, postings)
    else:
        order = _order(criteria.order, snapshot)
        keys = order[selection.mask()[order]]
    return Answer(criteria, question, selection, Found(keys))


def select(criteria: Criteria, question: Question) -> QuerySet[Initiative]:
    """Return the public initiatives that answer the criteria, as a query, in no order."""
    postings = postings_of_words(terms_of(question.terms))
    return _selection(criteria, question, postings, current_snapshot()).initiatives()


def understand(criteria: Criteria, state: SearchState | None = None) -> Question:
    """Return the words asked for: corrected unless the visitor wants them as typed."""
    analyser = french_analyser()
    if not criteria.text:
        return Question("", (), None)
    if criteria.exact:
        return Question(criteria.text, tuple(analyser.query_terms(criteria.text)), None)
    correction = corrected(criteria.text, state or index_state())
    return Question(criteria.text, tuple(correction.query_terms(analyser)), correction)


def _selection(
    criteria: Criteria, question: Question, postings: Mapping[str, Postings], snapshot: Snapshot
) -> Selection:
    """Return what answers the criteria; words that every text has (« de la ») find nothing."""
    words = None
    if question.asks_nothing:
        words = np.zeros(snapshot.columns.size, dtype=np.bool_)
    elif question.terms:
        words = matching(question.terms, postings, size=snapshot.columns.size)
    return selection_of(criteria, snapshot, words=words)


def _order(name: str, snapshot: Snapshot) -> IdArray:
    orders = {"recent": snapshot.by_change, "titre": snapshot.by_title, "annee": snapshot.by_year}
    return orders[name]()


def _by_relevance(
    question: Question, selection: Selection, postings: Mapping[str, Postings]
) -> IdArray:
    """Rank the latest answers by how well they answer; the others follow, the latest first."""
    state, columns = selection.snapshot.state, selection.snapshot.columns
    n_texts = max(state.n_texts, 1)
    means = {
        name: max(total / n_texts, 1.0)
        for name, total in zip(FIELD_WEIGHTS, state.lengths, strict=True)
    }
    return in_order(
        question.terms,
        selection.keys(),
        postings,
        Statistics(state.n_texts, means, texts_with(postings)),
        lengths=columns.lengths,
        field_weights=FIELD_WEIGHTS,
    )
