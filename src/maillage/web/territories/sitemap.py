"""The addresses of every public page, for search engines: lists, and the list of lists.

One list a kind of territory; features add theirs from their application's `ready`.
"""

import gzip
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from maillage.studies.store import Store
from maillage.web.territories.kinds import KIND_BY_SLUG
from maillage.web.territories.models import territory_url
from maillage.web.territories.store import store_of

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SLUGS = [slug for slug in KIND_BY_SLUG if slug != "sur-mesure"]
"""Lists that visitors made are not told: who has their address may read them, nobody else."""

LONGEST_LIST: Final = 50_000
"""Addresses in one list at most: the limit of the protocol."""


@dataclass(frozen=True, slots=True)
class OfferedList:
    """Public pages of a feature.

    name   in the addresses of its lists: `sitemap-name-1.xml.gz`
    count  how many pages there are now
    pages  (first, last excluded) → the path of each and when it last changed, in a lasting order
    """

    name: str
    count: Callable[[], int]
    pages: Callable[[int, int], Iterable[tuple[str, datetime | None]]]

    def slugs(self) -> list[str]:
        """Return the names of its lists; none while there is no page."""
        n_lists = -(-self.count() // LONGEST_LIST)
        return [f"{self.name}-{number}" for number in range(1, n_lists + 1)]


_OFFERED: dict[str, OfferedList] = {}


def add_sitemap(offered: OfferedList) -> None:
    """Have search engines told of the pages of a feature; to be called from `ready`."""
    _OFFERED[offered.name] = offered


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Name the list of each kind of territory, and those of the features."""
    slugs = [*_SLUGS, *(slug for one in _OFFERED.values() for slug in one.slugs())]
    places = (f"{settings.SITE_URL}/sitemap-{slug}.xml.gz" for slug in slugs)
    rows = "\n".join(f"<sitemap><loc>{escape(place)}</loc></sitemap>" for place in places)
    text = f'{_XML}<sitemapindex xmlns="{_SCHEMA}">\n{rows}\n</sitemapindex>\n'
    return HttpResponse(text, content_type="application/xml")


@require_safe
def sitemap(request: HttpRequest, slug: str) -> HttpResponse:
    """List pages: those of a kind of territory once a version of the data, others as they are."""
    name, _, number = slug.rpartition("-")
    offered = _OFFERED.get(name)
    if offered is not None and slug in offered.slugs():
        start = (int(number) - 1) * LONGEST_LIST
        return _answer(_compressed(offered.pages(start, start + LONGEST_LIST)), max_age=600)
    if slug not in _SLUGS:
        raise Http404
    store, kind = store_of(request), KIND_BY_SLUG[slug].name
    body = store.cached(("sitemap", slug), lambda: _compressed(_territories(store, kind)))
    return _answer(body, max_age=86_400)


def _answer(body: bytes, *, max_age: int) -> HttpResponse:
    response = HttpResponse(body, content_type="application/gzip")
    response["Cache-Control"] = f"public, max-age={max_age}"
    return response


def _territories(store: Store, kind: str) -> Iterable[tuple[str, None]]:
    table = store.territories
    chosen = table["kind"] == kind
    codes, names = table["code"][chosen].tolist(), table["name"][chosen].tolist()
    for code, name in zip(codes, names, strict=True):
        yield territory_url(kind, code, name), None


def _compressed(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    rows = "\n".join(_row(path, changed_at) for path, changed_at in pages)
    text = f'{_XML}<urlset xmlns="{_SCHEMA}">\n{rows}\n</urlset>\n'
    return gzip.compress(text.encode(), mtime=0)


def _row(path: str, changed_at: datetime | None) -> str:
    changed = f"<lastmod>{changed_at.isoformat()}</lastmod>" if changed_at else ""
    return f"<url><loc>{escape(settings.SITE_URL + path)}</loc>{changed}</url>"
