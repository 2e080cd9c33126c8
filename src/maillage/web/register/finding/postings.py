"""The postings of the index in the database: read for a query, patched when records change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from maillage.engines.textsearch.postings import Postings, block_of, patched, posting, read_postings
from maillage.web.register.models.search import SearchPosting

WORDS: Final = ""
"""The facet of the terms of texts."""

_AT_ONCE: Final = 500
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

    def add(self, key: int, counts: Mapping[Name, tuple[int, ...]]) -> None:
        """Put an entry into postings, with how often each field has the term."""
        block, place = block_of(key)
        for name, each in counts.items():
            self.added[block][name].append(posting(place, each))

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
        number, before = stored.get(name, (None, b""))
        data = patched(before, gone=gone.get(name, ()), added=added.get(name, ()))
        if data:
            written.append(SearchPosting(facet=name[0], term=name[1], block=block, data=data))
        elif number is not None:
            emptied.append(number)
    SearchPosting.objects.filter(pk__in=emptied).delete()
    SearchPosting.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["facet", "term", "block"],
        update_fields=["data"],
    )


def _stored(block: int, names: list[Name]) -> dict[Name, tuple[int, bytes]]:
    found: dict[Name, tuple[int, bytes]] = {}
    for facet, each in groupby(names, key=lambda name: name[0]):
        rows = SearchPosting.objects.filter(
            facet=facet, block=block, term__in=[term for _, term in each]
        ).values_list("facet", "term", "pk", "data")
        found |= {(facet, term): (number, bytes(data)) for facet, term, number, data in rows}
    return found


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
