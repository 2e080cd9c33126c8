"""Pages of one initiative. What a person may not see is not found."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import MaillageError
from maillage.web.accounts.limits import consume
from maillage.web.accounts.link_secrets import hashed, new_secret
from maillage.web.register.content.differences import changes_between, readable
from maillage.web.register.content.fields import STEP_BY_KEY, STEPS
from maillage.web.register.content.markdown import rendered
from maillage.web.register.content.storing import content_of
from maillage.web.register.contributing.forms import field_views, read_form
from maillage.web.register.contributing.limits import LINKS_MAILED, SUGGESTIONS, visitor_of
from maillage.web.register.contributing.meanwhile import Sent, compared, marks_of
from maillage.web.register.contributing.sessions import is_email
from maillage.web.register.finding.records import json_ld_of
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.amending import confirm_suggestion, suggest
from maillage.web.register.life.editing import revert
from maillage.web.register.life.errors import STALE, NotComplete
from maillage.web.register.life.freshness import confirm_fresh
from maillage.web.register.life.transitions import Action, Role, actions_for, allowed
from maillage.web.register.mails import NotSent, address_of_holder, reminded_by, send
from maillage.web.register.models import Amendment, Attachment, Initiative, Version
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
from maillage.web.ui.pages import paginate

_PAGE: Final = ["GET", "HEAD", "POST"]
_VERSIONS: Final = 20
"""On one page of the history: each holds a whole sheet, and is compared word by word."""
_MOVES: Final = 100


@require_safe
def initiative_page(request: HttpRequest, address: str) -> HttpResponse:
    """Show a sheet; lead on from one that was merged; say that an archived one is gone."""
    public_id = address.partition("-")[0]
    found = Initiative.objects.visible_to(request.user).with_details().filter(public_id=public_id)
    initiative = found.select_related("contact", "created_by", "contribution").first()
    if initiative is None:
        return _elsewhere(request, public_id)
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


@never_cache
@require_http_methods(_PAGE)
def suggest_change(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a suggestion on one part of a public sheet, from anybody."""
    part = STEP_BY_KEY.get(step)
    public = Initiative.objects.public().with_details()
    initiative = get_object_or_404(public, public_id=public_id)
    if part is None:
        raise Http404
    today = given = content_of(initiative)
    marks = marks_of(part.fields, today)
    problems: list[str] = []
    sent = Sent({}, ())
    if request.method == "POST":
        seen = request.POST.get("lu", marks)
        typed, read = read_form(part.fields, request.POST)
        sent = compared(seen, today=today, sent=read.content)
        problems = [problem.message for problem in read.problems]
        if not request.user.is_authenticated and not is_email(request.POST.get("email", "")):
            problems.append("Donnez une adresse électronique : un lien y confirmera l’envoi.")
        if not problems and not sent.conflicts:
            return _suggested(request, initiative, sent.changes)
        given = today | typed
        marks = seen if problems else marks
    context = {
        "initiative": initiative,
        "step": part,
        "steps": [(one, reverse("register:suggest", args=[public_id, one.key])) for one in STEPS],
        "views": field_views(part.fields, given),
        "marks": marks,
        "conflicts": () if problems else sent.conflicts,
        "problems": problems,
        "email": request.POST.get("email", ""),
        "message": request.POST.get("message", ""),
    }
    return render(request, "register/sheets/suggest.html", context)


@never_cache
@require_http_methods(_PAGE)
def confirm_suggested(request: HttpRequest, secret: str) -> HttpResponse:
    """Confirm the address of who suggested; a button, so that no mail filter does."""
    found = Amendment.objects.filter(
        secret_hash=hashed(secret), status=Amendment.Status.UNCONFIRMED
    )
    amendment = get_object_or_404(found.select_related("initiative"))
    if amendment.initiative.state != State.PUBLISHED:
        return _elsewhere(request, amendment.initiative.public_id)
    if request.method == "POST":
        confirm_suggestion(secret_hash=hashed(secret), at=timezone.now())
        messages.success(request, "Merci ! Votre proposition sera examinée.")
        return redirect(amendment.initiative)
    context = {"question": "Confirmer ma proposition", "initiative": amendment.initiative}
    return render(request, "register/sheets/confirm.html", context)


@never_cache
@login_required
@require_safe
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """List the versions of a sheet and what each changed, for who writes or moderates it."""
    initiative, actor = _answered_for(request, public_id)
    page = paginate(request, initiative.versions.select_related("by"), per_page=_VERSIONS)
    versions = list(page)
    oldest = versions[-1].number if versions else 0  # a draft may have no version yet
    before = initiative.versions.filter(number__lt=oldest).first()
    pairs = zip(versions, [*versions[1:], before], strict=False)
    context = {
        "initiative": initiative,
        "page": page,
        "versions": [(one, _changes(before, one)) for one, before in pairs],
        "moves": initiative.moves.select_related("by").order_by("-at", "-pk")[:_MOVES],
        "may_revert": allowed(initiative.state, Action.REVERT, actor.roles),
    }
    return render(request, "register/sheets/history.html", context)


@login_required
@require_POST
def revert_to(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Bring a version back."""
    initiative, actor = _answered_for(request, public_id)
    try:
        revert(initiative=initiative, number=number, actor=actor, at=timezone.now())
    except (Version.DoesNotExist, OverflowError) as error:
        raise Http404 from error
    except NotComplete as refused:
        messages.error(request, refused.problems[0].message)
    except MaillageError:
        messages.error(request, STALE)
    else:
        messages.success(request, f"La version {number} est revenue.")
    return redirect("register:history", public_id)


@login_required
@require_POST
def check_fresh(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that the sheet is right today."""
    initiative, actor = _answered_for(request, public_id)
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
        return _elsewhere(request, public_id)
    assert initiative.reminded_at is not None
    if initiative.reminded_at.isoformat() != reminded_at:
        raise Http404
    if request.method == "POST":
        try:
            confirm_fresh(initiative=initiative, actor=Actor.by_link(), at=timezone.now())
        except MaillageError:
            return _elsewhere(request, public_id)
        messages.success(request, "Merci : la fiche est notée comme vérifiée aujourd’hui.")
        return redirect(initiative)
    context = {"question": "Oui, cette fiche est à jour", "initiative": initiative}
    return render(request, "register/sheets/confirm.html", context)


def _elsewhere(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead on from a merged record, say that an archived one is gone, find nothing else."""
    gone = Initiative.objects.filter(public_id=public_id).select_related("merged_into").first()
    if gone is not None and gone.merged_into is not None and gone.merged_into.is_public:
        return redirect(gone.merged_into, permanent=True)
    if gone is not None and gone.state == State.ARCHIVED:
        return render(request, "register/sheets/archived.html", status=410)
    raise Http404


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


def _suggested(request: HttpRequest, initiative: Initiative, changes: Any) -> HttpResponse:
    at = timezone.now()
    known = request.user.is_authenticated
    secret = "" if known else new_secret()
    email = "" if known else request.POST["email"].strip().lower()
    if not consume(SUGGESTIONS, visitor_of(request), at=at) or not (
        known or consume(LINKS_MAILED, email, at=at)
    ):
        messages.error(request, "Beaucoup de propositions sont venues d’ici : réessayez demain.")
        return redirect(initiative)
    try:
        amendment = suggest(
            initiative=initiative,
            changes=changes,
            actor=Actor(request.user if known else None),
            at=at,
            message=request.POST.get("message", "")[:2000],
            author_email=email,
            secret_hash=hashed(secret) if secret else "",
        )
    except NotComplete as refused:
        messages.error(request, refused.problems[0].message)
        return redirect(initiative)
    if amendment is None:
        messages.info(request, "Votre proposition ne changeait rien.")
    elif known:
        messages.success(request, "Merci ! Votre proposition sera examinée.")
    else:
        _ask_to_confirm(request, amendment, secret)
    return redirect(initiative)


def _ask_to_confirm(request: HttpRequest, amendment: Amendment, secret: str) -> None:
    """Send its link to who suggested without account; without it the suggestion is not kept."""
    link = settings.SITE_URL + reverse("register:confirm_suggestion", args=[secret])
    asked = send(
        "register/mails/confirm_suggestion.txt",
        to=amendment.author_email,
        subject="Confirmez votre proposition",
        context={"initiative": amendment.initiative, "link": link},
    )
    if asked:
        messages.success(request, "Un lien vous est envoyé : ouvrez-le pour confirmer.")
    else:
        amendment.delete()
        messages.error(request, NotSent().french)


def _answered_for(request: HttpRequest, public_id: str) -> tuple[Initiative, Actor]:
    """Return a record that this person writes or moderates. Raises Http404 for any other."""
    visible = Initiative.objects.visible_to(request.user)
    initiative = get_object_or_404(visible.select_related("contact"), public_id=public_id)
    actor = Actor.of(request.user, initiative)
    if not actor.roles - {Role.VISITOR}:
        raise Http404
    return initiative, actor


def _changes(before: Version | None, after: Version) -> Any:
    return readable(changes_between(before.content, after.content)) if before else []
