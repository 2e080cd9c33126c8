"""The postings of the index in the database: read for a query, patched when records change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from django.db import connection

from maillage.engines.textsearch.postings import Postings, block_of, patched, posting, read_postings
from maillage.web.register.models.search import SearchPosting

WORDS: Final = ""
"""The facet of the terms of texts."""

_AT_ONCE: Final = 500
_UPSERT: Final = (
    "INSERT INTO register_searchposting (facet, term, block, data) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (facet, term, block) DO UPDATE SET data = excluded.data"
)
_DELETE: Final = "DELETE FROM register_searchposting WHERE facet = %s AND term = %s AND block = %s"
"""Statements rather than objects: a change writes one or two hundred rows."""

Name = tuple[str, str]
"""The facet and the term of postings."""


@dataclass(slots=True)
class Patch:
    """What is to change in the postings: block → name → places gone, postings added."""

    gone: defaultdict[int, defaultdict[Name, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    added: defaultdict[int, defaultdict[Name, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def take(self, key: int, names: Iterable[Name]) -> None:
        """Take an entry out of the postings it is in."""
        block, place = block_of(key)
        for name in names:
            self.gone[block][name].append(place)

    def add(self, key: int, counts: Mapping[Name, int]) -> None:
        """Put an entry into postings, with how often each field has the term, packed."""
        block, place = block_of(key)
        added = self.added[block]
        for name, packed in counts.items():
            added[name].append(posting(place, packed))

    def write(self) -> None:
        """Write the change to the database, a block at a time, and forget it."""
        for block in sorted({*self.gone, *self.added}):
            gone, added = self.gone.pop(block, {}), self.added.pop(block, {})
            names = sorted({*gone, *added})
            for start in range(0, len(names), _AT_ONCE):
                _write_some(block, names[start : start + _AT_ONCE], gone, added)


def _write_some(
    block: int,
    names: list[Name],
    gone: Mapping[Name, list[int]],
    added: Mapping[Name, list[int]],
) -> None:
    stored = _stored(block, names)
    written, emptied = [], []
    for name in names:
        data = patched(stored.get(name, b""), gone=gone.get(name, ()), added=added.get(name, ()))
        if data:
            written.append((*name, block, data))
        else:
            emptied.append((*name, block))
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, written)
        cursor.executemany(_DELETE, emptied)


def _stored(block: int, names: list[Name]) -> dict[Name, bytes]:
    """Return the postings that are there; of filters, perhaps a few more than asked."""
    facets, terms = {facet for facet, _ in names}, {term for _, term in names}
    rows = SearchPosting.objects.filter(facet__in=facets, term__in=terms, block=block)
    return {
        (facet, term): bytes(data)
        for facet, term, data in rows.values_list("facet", "term", "data")
    }


def postings_of_words(terms: Iterable[str]) -> dict[str, Postings]:
    """Return the postings of some terms of texts; those that no entry has are left out."""
    found = _read([WORDS], sorted(terms))
    return {term: postings for (_, term), postings in found.items()}


def postings_of_facets(facets: Iterable[str]) -> dict[Name, Postings]:
    """Return the postings of every value of some filters."""
    return _read(list(facets), None)


def _read(facets: list[str], terms: list[str] | None) -> dict[Name, Postings]:
    """Read without building objects: there are as many rows as terms and blocks."""
    rows = SearchPosting.objects.filter(facet__in=facets)
    if terms is not None:
        rows = rows.filter(term__in=terms)
    asked = rows.order_by("facet", "term", "block").values_list("facet", "term", "block", "data")
    return {
        name: read_postings((block, data) for _, _, block, data in blocks)
        for name, blocks in groupby(asked, key=lambda row: row[:2])
    }
