"""The words of the index, for « did you mean », kept from one request to the next."""

from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Final

from django.db import connection

from maillage.engines.textsearch.correction import Correction, correct
from maillage.engines.textsearch.spelling import Vocabulary, vocabulary_of
from maillage.engines.textsearch.words import tokenise
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.texts import FIELD_WEIGHTS
from maillage.web.register.models.search import SearchState, SearchWord

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


def corrected(text: str, state: SearchState) -> Correction:
    """Return a query with what it was perhaps meant to say.

    A word that has just left the index with its record is told to nobody: the words are read
    again first.
    """
    lexicon = french_analyser().lexicon
    kept = _current(state)
    found = correct(text, kept.vocabulary, lexicon=lexicon)
    if kept.revision != state.revision and not _are_all_written(found):
        found = correct(text, _current(state, anew=True).vocabulary, lexicon=lexicon)
    return found


def _are_all_written(found: Correction) -> bool:
    """Say whether some text still has each word that a correction tells."""
    told = {text for change in found.changes for text in (change.meant, *change.others)}
    words = {word.text for text in told for word in tokenise(text)}
    words -= {word.lower() for word in french_analyser().lexicon.words}
    return SearchWord.objects.filter(word__in=words).count() == len(words)


def _current(state: SearchState, *, anew: bool = False) -> _Kept:
    database = str(connection.settings_dict["NAME"])
    with _reading:
        if anew or not _kept or not _is_fresh(_kept[0], state, database):
            counts = dict(SearchWord.objects.values_list("word", "count"))
            vocabulary = vocabulary_of(counts, known=french_analyser().lexicon.words)
            _kept[:] = [_Kept(database, state.revision, monotonic(), vocabulary)]
        return _kept[0]


def _is_fresh(kept: _Kept, state: SearchState, database: str) -> bool:
    if kept.database != database:
        return False
    recent = monotonic() - kept.read_at < SECONDS_KEPT and len(kept.vocabulary) > FEW_WORDS
    return kept.revision == state.revision or recent
