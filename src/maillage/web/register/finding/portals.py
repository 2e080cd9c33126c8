"""The page of an organisation: its name, its colour, its logo, its selection of initiatives."""

import re
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from maillage.web.register.finding.asking import SHOWN_IN_LISTS, answer
from maillage.web.register.finding.criteria import criteria_of, read_criteria
from maillage.web.register.finding.facets import facets_of
from maillage.web.register.finding.presenting import lines_of
from maillage.web.register.finding.views import PER_PAGE, frame_of
from maillage.web.register.models import Initiative, Portal
from maillage.web.ui.pages import paginate

PNG_START: Final = b"\x89PNG\r\n\x1a\n"
LARGEST_LOGO: Final = 200_000
_COLOUR: Final = re.compile(r"[0-9a-fA-F]{6}")


@require_safe
def portal_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what answers both the visitor and the filters of the portal."""
    portal = _open_portal(slug)
    found = answer(read_criteria(request.GET).and_also(criteria_of(portal.query)))
    page = paginate(request, found.found, per_page=PER_PAGE)
    highlighted = (
        Initiative.objects.public()
        .filter(pk__in=portal.highlighted.values("pk"))
        .order_by("title", "pk")
        .prefetch_related(*SHOWN_IN_LISTS)
    )
    context = frame_of(found) | {
        "portal": portal,
        "facets": facets_of(found),
        "page": page,
        "lines": lines_of(page.object_list, found.question.terms),
        "highlighted": lines_of(highlighted, ()) if page.number == 1 else [],
    }
    return render(request, "register/finding/portal.html", context)


@require_safe
def portal_style(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the colour of a portal as a style sheet: no style is written in its page."""
    portal = _open_portal(slug)
    colour = portal.colour if _COLOUR.fullmatch(portal.colour) else "0b6b6b"
    ink = "#000000" if lightness(colour) > 0.179 else "#ffffff"
    text = (
        f".portal-band {{ background-color: #{colour}; color: {ink}; padding: 1.5rem; }}\n"
        f".portal-band a {{ color: {ink}; }}\n"
    )
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
def portal_logo(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the logo of a portal."""
    portal = _open_portal(slug)
    logo = bytes(portal.logo or b"")
    if not is_logo(logo):
        raise Http404("This portal has no logo.")
    response = HttpResponse(logo, content_type="image/png")
    patch_cache_control(response, public=True, max_age=300)
    return response


def is_logo(body: bytes) -> bool:
    """Say whether a file may be a logo: a PNG of 200 kB at most."""
    return body.startswith(PNG_START) and len(body) <= LARGEST_LOGO


def lightness(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2): above 0.179, black reads best on it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _open_portal(slug: str) -> Portal:
    portal = Portal.objects.filter(slug=slug, is_open=True).first()
    if portal is None:
        raise Http404("There is no open portal of that name.")
    return portal
