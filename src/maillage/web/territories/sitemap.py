"""The addresses of every territory, for search engines: one list a kind, and the list of lists."""

import gzip

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


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Name the list of each kind of territory."""
    places = (f"{settings.SITE_URL}/sitemap-{slug}.xml.gz" for slug in _SLUGS)
    rows = "\n".join(f"<sitemap><loc>{escape(place)}</loc></sitemap>" for place in places)
    text = f'{_XML}<sitemapindex xmlns="{_SCHEMA}">\n{rows}\n</sitemapindex>\n'
    return HttpResponse(text, content_type="application/xml")


@require_safe
def sitemap(request: HttpRequest, slug: str) -> HttpResponse:
    """List the pages of a kind of territory: made once a version of the data, kept compressed."""
    if slug not in _SLUGS:
        raise Http404
    store = store_of(request)
    body = store.cached(("sitemap", slug), lambda: _compressed(store, KIND_BY_SLUG[slug].name))
    response = HttpResponse(body, content_type="application/gzip")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _compressed(store: Store, kind: str) -> bytes:
    table = store.territories
    chosen = table["kind"] == kind
    codes, names = table["code"][chosen].tolist(), table["name"][chosen].tolist()
    urls = (territory_url(kind, code, name) for code, name in zip(codes, names, strict=True))
    rows = "\n".join(f"<url><loc>{escape(settings.SITE_URL + url)}</loc></url>" for url in urls)
    text = f'{_XML}<urlset xmlns="{_SCHEMA}">\n{rows}\n</urlset>\n'
    return gzip.compress(text.encode(), mtime=0)
