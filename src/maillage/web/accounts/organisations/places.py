"""Territories found by their name, as rows of the database."""

from typing import Final

from django.http import HttpRequest

from maillage.web.territories.models import Territory
from maillage.web.territories.search import index_of, search
from maillage.web.territories.store import store_of

_FOUND_SHOWN: Final = 10


def territories_named(request: HttpRequest, query: str) -> list[Territory]:
    """Return the territories that a name may mean, the likeliest first."""
    hits = search(index_of(store_of(request)), query, limit=_FOUND_SHOWN)
    keys = [(hit.kind, hit.code) for hit in hits]
    rows = Territory.objects.current().filter(code__in=[code for _, code in keys])
    by_key = {(row.kind, row.code): row for row in rows}
    return [by_key[key] for key in keys if key in by_key]
