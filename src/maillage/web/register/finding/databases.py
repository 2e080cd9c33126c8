"""Full text in the two databases: the same terms in, the same initiatives out.

SQLite has an FTS5 table without content, kept in step by triggers; PostgreSQL a generated
`tsvector` column with a GIN index. Both are made by the migrations from `SearchEntry.terms`.
Neither ranks: see `asking`.
"""

from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.db.models.expressions import RawSQL

from maillage.engines.textsearch.analyser import QueryTerm

_SQLITE: Final = "SELECT rowid FROM register_fulltext WHERE register_fulltext MATCH %s"
_POSTGRES: Final = "SELECT initiative_id FROM register_searchentry WHERE lexemes @@ %s::tsquery"


def matching(query: Sequence[QueryTerm]) -> RawSQL:
    """Return the subquery of the initiatives that have all that a query asks for.

    Terms are letters and digits, quoted all the same; the whole is one parameter.
    """
    if connection.vendor == "sqlite":
        return RawSQL(_SQLITE, [_all_of(query, quote='"', both=" AND ", either=" OR ")])
    return RawSQL(_POSTGRES, [_all_of(query, quote="'", both=" & ", either=" | ")])


def _all_of(query: Sequence[QueryTerm], *, quote: str, both: str, either: str) -> str:
    """Return the condition in the words of a database: FTS5 and tsquery differ by signs alone."""
    conditions = []
    for term in query:
        choices = [f"{quote}{_plain(each.term)}{quote}" for each in term.alternatives]
        if term.parts:
            choices.append(_all_of(term.parts, quote=quote, both=both, either=either))
        conditions.append(f"({either.join(choices)})")
    return f"({both.join(conditions)})"


def _plain(term: str) -> str:
    return "".join(sign for sign in term if sign.isalnum())
