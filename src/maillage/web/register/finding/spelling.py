"""The words of the index, for « did you mean », kept from one request to the next."""

from typing import Final

from maillage.engines.textsearch.correction import Correction, correct
from maillage.engines.textsearch.spelling import Vocabulary, vocabulary_of
from maillage.engines.textsearch.words import tokenise
from maillage.studies.french_analyser import french_analyser
from maillage.web.register.finding.keeping import Keeper
from maillage.web.register.models.search import SearchState, SearchWord

FEW_WORDS: Final = 5_000
"""A larger vocabulary may be late: a new word may wait, its text is found all the same."""

_keeper: Final[Keeper[Vocabulary]] = Keeper(lambda vocabulary: len(vocabulary) > FEW_WORDS)


def corrected(text: str, state: SearchState) -> Correction:
    """Return a query with what it was perhaps meant to say.

    A word that has just left the index with its record is told to nobody: the words are read
    again first.
    """
    lexicon = french_analyser().lexicon
    kept = _keeper.get(state, _read)
    found = correct(text, kept.value, lexicon=lexicon)
    if kept.revision != state.revision and not _are_all_written(found):
        found = correct(text, _keeper.get(state, _read, anew=True).value, lexicon=lexicon)
    return found


def _are_all_written(found: Correction) -> bool:
    """Say whether some text still has each word that a correction tells."""
    told = {text for change in found.changes for text in (change.meant, *change.others)}
    words = {word.text for text in told for word in tokenise(text)}
    words -= {word.lower() for word in french_analyser().lexicon.words}
    return SearchWord.objects.filter(word__in=words).count() == len(words)


def _read() -> Vocabulary:
    counts = dict(SearchWord.objects.values_list("word", "count"))
    return vocabulary_of(counts, known=french_analyser().lexicon.words)
