"""What visitors of a portal see, and its managers before it is open: the same page.

The colours are a style sheet of its own, since no style is written in a page.
"""

from dataclasses import replace
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import criteria_of, read_criteria
from maillage.web.register.finding.facets import facets_of, within_values
from maillage.web.register.finding.lines import Line, lines_of
from maillage.web.register.finding.portals.colours import style_sheet
from maillage.web.register.finding.portals.logos import type_of_logo
from maillage.web.register.finding.views import PER_PAGE, frame_of
from maillage.web.register.models import Initiative, Portal
from maillage.web.ui.pages import paginate
from maillage.web.ui.words import alphabetical

_KEPT_S: Final = 300


@require_safe
def portal_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what answers both the visitor and the filters of the portal."""
    portal = portal_for(request, slug)
    asked, kept = read_criteria(request.GET), criteria_of(portal.query)
    found = answer(asked.within(kept))
    page = paginate(request, found.found.numbers, per_page=PER_PAGE)
    context = frame_of(found) | {
        "portal": portal,
        "facets": within_values(facets_of(found), kept.values),
        "as_typed": replace(asked, exact=True).query(),
        "page": page,
        "lines": lines_of(page.object_list, found.question.terms),
        "highlighted": highlighted_of(portal) if page.number == 1 else [],
        "may_edit": _may_edit(request, portal),
    }
    return render(request, "register/finding/portal.html", context)


@require_safe
def portal_style(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the colours of a portal as a style sheet."""
    portal = portal_for(request, slug)
    text = style_sheet(band=portal.colour, accent=portal.accent)
    return _kept(HttpResponse(text, content_type="text/css; charset=utf-8"), portal)


@require_safe
def portal_logo(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the logo of a portal."""
    portal = portal_for(request, slug)
    logo = bytes(portal.logo or b"")
    media_type = type_of_logo(logo)
    if not media_type:
        raise Http404("This portal has no logo.")
    return _kept(HttpResponse(logo, content_type=media_type), portal)


def portal_for(request: HttpRequest, slug: str) -> Portal:
    """Return an open portal, or a closed one to who edits it. Raises Http404 for any other."""
    portal = Portal.objects.filter(slug=slug).select_related("organisation").first()
    if portal is None or not (portal.is_open or _may_edit(request, portal)):
        raise Http404("There is no open portal of that name.")
    return portal


def highlighted_of(portal: Portal) -> list[Line]:
    """Return the initiatives in front, those that are public still."""
    found = (
        Initiative.objects.public().filter(pk__in=portal.highlighted.values("pk")).order_by("pk")
    )
    titles = found.values_list("title", "pk")
    in_order = sorted(titles, key=lambda pair: alphabetical(pair[0]))
    return lines_of((number for _, number in in_order), ())


def _may_edit(request: HttpRequest, portal: Portal) -> bool:
    """Say whether this visitor edits the portal; nothing is asked of the database for strangers."""
    if not request.user.is_authenticated:
        return False
    return Portal.objects.editable_by(request.user).filter(pk=portal.pk).exists()


def _kept(response: HttpResponse, portal: Portal) -> HttpResponse:
    """Let browsers keep what is public; what only its managers see, nobody keeps."""
    if portal.is_open:
        patch_cache_control(response, public=True, max_age=_KEPT_S)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response
