"""Ask for initiatives: which ones, in what order; the one way in of every public surface."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, overload

from django.db.models import F, Q, QuerySet

from maillage.engines.textsearch.analyser import QueryTerm
from maillage.engines.textsearch.correction import Correction, correct
from maillage.engines.textsearch.packed import rank_packed, read_packed
from maillage.engines.textsearch.ranking import MOST_CANDIDATES
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.criteria import FILTER_BY_NAME, FILTERS, Criteria
from maillage.web.register.finding.databases import matching
from maillage.web.register.finding.spelling import current_vocabulary, index_state, statistics_for
from maillage.web.register.finding.texts import FIELD_WEIGHTS
from maillage.web.register.models import Initiative
from maillage.web.register.models.search import SearchState
from maillage.web.territories.models import Territory

SHOWN_IN_LISTS: Final = ("territories", "holders", "tags")
_ORDERS: Final = {
    "recent": ("-updated_at", "-pk"),
    "titre": ("title", "pk"),
    "annee": (F("start_year").desc(nulls_last=True), "-pk"),
}


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


class Found(Sequence[Initiative]):
    """Initiatives in their order, read from the database only where they are looked at."""

    def __init__(self, initiatives: QuerySet[Initiative], first: Sequence[int], count: int) -> None:
        """Take the answer, the numbers of those ranked first, and how many there are in all."""
        self._initiatives = initiatives
        self._first = tuple(first)
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Initiative: ...
    @overload
    def __getitem__(self, place: slice) -> list[Initiative]: ...
    def __getitem__(self, place: int | slice) -> Initiative | list[Initiative]:
        """Return the initiative or the initiatives at a place, details of lists included."""
        if isinstance(place, int):
            return self.read([self.keys(slice(place, place + 1))[0]])[0]
        return self.read(self.keys(place))

    def keys(self, place: slice | None = None) -> list[int]:
        """Return numbers in order: all of them, or those of a slice."""
        start, stop, _ = (place or slice(None)).indices(self._count)
        found = list(self._first[start:stop])
        after = max(start - len(self._first), 0)
        left = stop - start - len(found)
        if left > 0:
            rest = self._initiatives
            if self._first:
                rest = rest.filter(pk__lt=min(self._first)).order_by("-pk")
            found += rest.values_list("pk", flat=True)[after : after + left]
        return found

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

    initiatives  the query of all of them, in no order
    found        the same, in order
    """

    criteria: Criteria
    question: Question
    initiatives: QuerySet[Initiative]
    found: Found


def answer(criteria: Criteria) -> Answer:
    """Return the public initiatives that answer the criteria."""
    state = index_state()
    question = understand(criteria, state)
    initiatives = select(criteria, question)
    if criteria.order == "pertinence":
        found = _by_relevance(initiatives, question, state)
    else:
        ordered = initiatives.order_by(*_ORDERS[criteria.order])
        found = Found(ordered, (), ordered.count())
    return Answer(criteria, question, initiatives, found)


def understand(criteria: Criteria, state: SearchState | None = None) -> Question:
    """Return the words asked for: corrected unless the visitor wants them as typed."""
    analyser = french_analyser()
    if not criteria.text:
        return Question("", (), None)
    if criteria.exact:
        return Question(criteria.text, tuple(analyser.query_terms(criteria.text)), None)
    vocabulary = current_vocabulary(state or index_state())
    corrected = correct(criteria.text, vocabulary, lexicon=analyser.lexicon)
    return Question(criteria.text, tuple(corrected.query_terms(analyser)), corrected)


def select(
    criteria: Criteria, question: Question, *, except_filter: str = ""
) -> QuerySet[Initiative]:
    """Return the public initiatives that answer, each once, in no order.

    `except_filter` leaves one filter out, to count what its other values would give.
    """
    found = Initiative.objects.public().order_by()
    if question.asks_nothing:
        return found.none()
    if question.terms:
        found = found.filter(pk__in=matching(question.terms))
    for name, values in criteria.values.items():
        if name != except_filter:
            condition = FILTER_BY_NAME[name].condition(values)
            found = found.filter(
                pk__in=Initiative.objects.filter(condition).order_by().values("pk")
            )
    if criteria.territory:
        places = Territory.objects.filter(_within(criteria.territory))
        inside = Initiative.territories.through.objects.filter(territory__in=places)
        found = found.filter(pk__in=inside.values("initiative_id"))
    if criteria.first_year is not None:
        found = found.filter(start_year__gte=criteria.first_year)
    if criteria.last_year is not None:
        found = found.filter(start_year__lte=criteria.last_year)
    return found


def _within(reference: str) -> Q:
    """Return the territories inside of one, itself and, for a commune, those that hold it."""
    kind, _, code = reference.partition("-")
    itself = Q(kind=kind, code=code)
    if kind == "nation":
        return Q()
    held = {"department": "department_code", "region": "region_code", "epci": "epci_code"}
    if kind in held:
        smaller = {"department": ("commune", "epci"), "epci": ("commune",)}.get(
            kind, ("commune", "epci", "department")
        )
        return itself | Q(**{held[kind]: code}, kind__in=smaller)
    place = Territory.objects.filter(itself).first()
    if place is None:
        return itself
    holders = (("epci", place.epci_code), ("department", place.department_code))
    return itself | Q(*(Q(kind=kind, code=code) for kind, code in holders), _connector=Q.OR)


def _by_relevance(
    initiatives: QuerySet[Initiative], question: Question, state: SearchState
) -> Found:
    """Rank the latest answers by how well they answer; the others follow, the latest first."""
    rows = list(
        initiatives.order_by("-pk").values_list("pk", "search_entry__packed")[: MOST_CANDIDATES + 1]
    )
    count = len(rows) if len(rows) <= MOST_CANDIDATES else initiatives.count()
    rows = [row for row in rows[:MOST_CANDIDATES] if row[1] is not None]
    texts = read_packed([key for key, _ in rows], [bytes(packed) for _, packed in rows])
    statistics = statistics_for(question.terms, state)
    ranked = rank_packed(question.terms, texts, statistics, field_weights=FIELD_WEIGHTS)
    return Found(initiatives, [each.id for each in ranked], count)


__all__ = ["FILTERS", "Answer", "Found", "Question", "answer", "select", "understand"]
