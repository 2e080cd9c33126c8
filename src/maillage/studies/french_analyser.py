"""The French analyser of the site: the engine, with the reviewed list of synonyms."""

from functools import cache

from maillage.core.tables import Table
from maillage.engines.textsearch.analyser import Analyser
from maillage.engines.textsearch.lexicon import Form, Lexicon, lexicon_of
from maillage.sources.synonyms import read_synonyms


@cache
def french_analyser() -> Analyser:
    """Return the one analyser that every index and every query must share."""
    return Analyser(lexicon_from(read_synonyms()))


def lexicon_from(synonyms: Table) -> Lexicon:
    """Return the lexicon of a table of synonyms (`maillage.sources.synonyms`)."""
    return lexicon_of(
        Form(
            concept=row["concept"],
            text=row["text"],
            is_acronym=row["kind"] != "form",
            also_a_word=row["kind"] == "acronym_in_capitals",
        )
        for row in synonyms.rows()
    )
