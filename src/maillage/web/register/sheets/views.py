"""Pages of one initiative. What a person may not see is not found."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import MaillageError
from maillage.web.register.content.markdown import rendered
from maillage.web.register.finding.records import json_ld_of
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.errors import STALE
from maillage.web.register.life.freshness import confirm_fresh
from maillage.web.register.life.transitions import Role, actions_for
from maillage.web.register.mails import address_of_holder, reminded_by
from maillage.web.register.models import Attachment, Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.sheets import relay
from maillage.web.register.sheets.presenting import (
    budget_of,
    evaluation_of,
    figures_of,
    json_for_page,
    labels_of,
    prose_of,
)
from maillage.web.register.sheets.reaching import answered_for, elsewhere

_PAGE: Final = ["GET", "HEAD", "POST"]


@require_safe
def initiative_page(request: HttpRequest, address: str) -> HttpResponse:
    """Show a sheet; lead on from one that was merged; say that an archived one is gone."""
    public_id = address.partition("-")[0]
    found = Initiative.objects.visible_to(request.user).with_details().filter(public_id=public_id)
    initiative = found.select_related("contact", "created_by", "contribution").first()
    if initiative is None:
        return elsewhere(request, public_id)
    if initiative.is_public and address != initiative.address:
        return redirect(initiative, permanent=True)
    return render(request, "register/sheets/sheet.html", _context(request, initiative))


@require_safe
def attachment(request: HttpRequest, public_id: str, file_id: str) -> HttpResponse:
    """Answer a file of a sheet, to be kept and not shown: nothing in it runs on our pages."""
    visible = Initiative.objects.visible_to(request.user)
    file = get_object_or_404(
        Attachment, public_id=file_id, initiative__in=visible.filter(public_id=public_id)
    )
    response = HttpResponse(bytes(file.body), content_type=file.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or ""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
@require_POST
def check_fresh(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that the sheet is right today."""
    initiative, actor = answered_for(request, public_id)
    try:
        confirm_fresh(initiative=initiative, actor=actor, at=timezone.now())
    except MaillageError:
        messages.error(request, STALE)
    else:
        messages.success(request, "Merci : la fiche est notée comme vérifiée aujourd’hui.")
    return redirect(initiative)


@never_cache
@require_http_methods(_PAGE)
def check_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Let who was reminded without account say that the sheet is right; a button, as elsewhere."""
    public_id, reminded_at = reminded_by(token) or ("", "")
    reminded = Initiative.objects.filter(
        public_id=public_id, state=State.PUBLISHED, reminded_at__isnull=False
    )
    initiative = reminded.first()
    if initiative is None:
        return elsewhere(request, public_id)
    assert initiative.reminded_at is not None
    if initiative.reminded_at.isoformat() != reminded_at:
        raise Http404
    if request.method == "POST":
        try:
            confirm_fresh(initiative=initiative, actor=Actor.by_link(), at=timezone.now())
        except MaillageError:
            return elsewhere(request, public_id)
        messages.success(request, "Merci : la fiche est notée comme vérifiée aujourd’hui.")
        return redirect(initiative)
    context = {"question": "Oui, cette fiche est à jour", "initiative": initiative}
    return render(request, "register/sheets/confirm.html", context)


def _context(request: HttpRequest, initiative: Initiative) -> dict[str, Any]:
    actor = Actor.of(request.user, initiative)
    at = timezone.now()
    site = settings.SITE_URL
    answered_for = bool(actor.roles - {Role.VISITOR})
    return {
        "initiative": initiative,
        "description": rendered(initiative.description, first_level=2),
        "labels": labels_of(initiative),
        "prose": prose_of(initiative),
        "budget": budget_of(initiative),
        "figures": figures_of(initiative),
        "evaluation": evaluation_of(initiative.evaluation),
        "relations": _public_relations(initiative),
        "attachments": initiative.attachments.defer("body"),
        "contact": _shown_contact(initiative),
        "may_write_to": initiative.is_public and bool(address_of_holder(initiative)),
        "silent": relay.unanswered(initiative, at=at),
        "merged": initiative.merged_from.order_by("pk") if answered_for else (),
        "jsonld": json_for_page(
            {"@context": "https://schema.org"} | json_ld_of(initiative, site=site)
        )
        if initiative.is_public
        else "",
        "actions": set(actions_for(initiative.state, actor.roles)),
        "answered_for": answered_for,
        "moderates": Role.MODERATOR in actor.roles,
    }


def _shown_contact(initiative: Initiative) -> dict[str, Any]:
    contact = getattr(initiative, "contact", None)
    return contact.shown if contact is not None else {}


def _public_relations(initiative: Initiative) -> list[tuple[str, Initiative]]:
    """Return the related records that anybody may see, both ways."""
    own = [
        (one.get_kind_display(), one.target)
        for one in initiative.relations.all()
        if one.target.is_public
    ]
    incoming = initiative.incoming_relations.select_related("initiative").order_by("pk")
    words = {
        "part_of": "Comprend",
        "inspired_by": "A inspiré",
        "replicates": "Est reprise par",
    }
    return own + [(words[one.kind], one.initiative) for one in incoming if one.initiative.is_public]
