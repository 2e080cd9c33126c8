"""Pages on which an organisation's managers make its portals. What is not theirs is not found."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.web.accounts.models import Organisation
from maillage.web.accounts.organisations.errors import NotAllowed
from maillage.web.accounts.rights import Permission
from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import KINDS_TO_LOOK_IN, criteria_of, read_criteria
from maillage.web.register.finding.facets import facets_of
from maillage.web.register.finding.lines import lines_of
from maillage.web.register.finding.portals import actions
from maillage.web.register.finding.portals.forms import PortalForm
from maillage.web.register.finding.portals.showing import highlighted_of
from maillage.web.register.finding.presenting import chips_of, title_of
from maillage.web.register.models import Initiative, Portal
from maillage.web.ui.pages import paginate

_PAGE: Final = ["GET", "HEAD", "POST"]
_LINES_SHOWN: Final = 10


@never_cache
@login_required
@require_safe
def portals(request: HttpRequest, public_id: str) -> HttpResponse:
    """List the portals of an organisation."""
    organisation = _organisation(request, public_id)
    context = {"organisation": organisation, "portals": organisation.portals.defer("logo")}
    return render(request, "register/portals/list.html", context)


@never_cache
@login_required
@require_http_methods(_PAGE)
def new_portal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a portal, closed."""
    organisation = _organisation(request, public_id)
    form = PortalForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        by, at = request.user, timezone.now()
        try:
            made = actions.create_portal(
                organisation=organisation, values=form.values, by=by, at=at
            )
        except actions.AddressTaken as refused:
            form.add_error("slug", refused.in_french)
        else:
            messages.success(request, "Le portail est créé. Choisissez ce qu’il montre.")
            return redirect(_selection_of(made))
    return _presentation(request, form, organisation=organisation)


@never_cache
@login_required
@require_http_methods(_PAGE)
def edit_portal(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the name, the words, the colours or the logo of a portal."""
    portal = _portal(request, slug)
    # The form writes what it reads, right or wrong, into its own.
    form = PortalForm(request.POST or None, request.FILES or None, instance=copy(portal))
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            actions.edit_portal(portal=portal, values=form.values, by=request.user, at=at)
        except actions.AddressTaken as refused:
            form.add_error("slug", refused.in_french)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("register:edit_portal", portal.slug)
    return _presentation(request, form, organisation=portal.organisation, portal=portal)


@never_cache
@login_required
@require_http_methods(_PAGE)
def select(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what a portal shows with the filters of the list, and what it puts in front."""
    portal = _portal(request, slug)
    if request.method == "POST":
        return _selected(request, portal)
    kept = criteria_of(portal.query)
    asked = read_criteria(request.GET)
    found = answer(asked)
    page = paginate(request, found.found.numbers, per_page=_LINES_SHOWN)
    context = {
        "portal": portal,
        "criteria": asked,
        "query": _query_to_keep(asked.query()),
        "is_kept": _query_to_keep(asked.query()) == portal.query,
        "kept_title": title_of(kept),
        "chips": chips_of(asked),
        "question": found.question,
        "as_typed": replace(asked, exact=True).query(),
        "facets": facets_of(found),
        "places": [
            (f"{place.kind}-{place.code}", place.name)
            for place in portal.organisation.territories.order_by("kind", "slug")
            if place.kind in KINDS_TO_LOOK_IN
        ],
        "count": len(found.found),
        "page": page,
        "lines": lines_of(page.object_list, found.question.terms),
        "highlighted": highlighted_of(portal),
    }
    return render(request, "register/portals/selection.html", context)


@login_required
@require_POST
def change_state(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a portal to visitors, close it, or delete it."""
    portal, by, at = _portal(request, slug), request.user, timezone.now()
    organisation = portal.organisation
    moves: dict[str, tuple[Callable[[], Any], str]] = {
        "publier": (
            lambda: actions.show_portal(portal=portal, by=by, at=at),
            "Le portail est publié.",
        ),
        "retirer": (
            lambda: actions.show_portal(portal=portal, by=by, at=at, shown=False),
            "Le portail n’est plus visible du public.",
        ),
        "supprimer": (
            lambda: actions.delete_portal(portal=portal, by=by, at=at),
            "Le portail est supprimé.",
        ),
    }
    move = request.POST.get("geste", "")
    if move not in moves:
        raise Http404
    do, said = moves[move]
    gone = _done(request, do, said) and move == "supprimer"
    if gone:
        return redirect("register:portals", organisation.public_id)
    return redirect("register:edit_portal", portal.slug)


def _selected(request: HttpRequest, portal: Portal) -> HttpResponse:
    by, at = request.user, timezone.now()
    if "garder" in request.POST:
        values = {"query": _query_to_keep(request.POST.get("query", ""))}
        said = "Le portail montre maintenant ces initiatives."
        _done(
            request,
            lambda: actions.edit_portal(portal=portal, values=values, by=by, at=at),
            said,
        )
        return redirect(_selection_of(portal))
    shown = "en_avant" in request.POST
    public_id = request.POST.get("en_avant" if shown else "retirer", "")
    known = Initiative.objects.public() if shown else portal.highlighted.all()
    initiative = get_object_or_404(known, public_id=public_id)
    _done(
        request,
        lambda: actions.highlight(portal=portal, initiative=initiative, by=by, at=at, shown=shown),
        "C’est enregistré.",
    )
    return redirect(f"{request.path}?{criteria_of(request.POST.get('query', '')).query()}")


def _selection_of(portal: Portal) -> str:
    """Return the address on which a portal's own filters are those in force."""
    return f"{reverse('register:portal_selection', args=[portal.slug])}?{portal.query}"


def _query_to_keep(query: str) -> str:
    """Return filters as a portal keeps them: the words and the order stay the visitor's."""
    return replace(criteria_of(query), text="", exact=False, sort="").query()


def _presentation(
    request: HttpRequest,
    form: PortalForm,
    *,
    organisation: Organisation,
    portal: Portal | None = None,
) -> HttpResponse:
    context = {"form": form, "organisation": organisation, "portal": portal}
    status = 422 if form.errors else 200
    return render(request, "register/portals/presentation.html", context, status=status)


def _done(request: HttpRequest, do: Callable[[], Any], said: str) -> bool:
    """Do it and say so, or say why not; what is not allowed is not found."""
    try:
        do()
    except NotAllowed as refused:
        raise Http404 from refused
    except actions.PortalError as refused:
        messages.error(request, refused.in_french)
        return False
    messages.success(request, said)
    return True


def _organisation(request: HttpRequest, public_id: str) -> Organisation:
    mine = Organisation.objects.where(request.user, Permission.EDIT_PORTAL)
    found: Organisation = get_object_or_404(mine, public_id=public_id)
    return found


def _portal(request: HttpRequest, slug: str) -> Portal:
    mine = Portal.objects.editable_by(request.user).select_related("organisation")
    found: Portal = get_object_or_404(mine, slug=slug)
    return found
