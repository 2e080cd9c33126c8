"""Pages of moderators. What a person does not moderate is not found."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import MaillageError
from maillage.web.register.content.differences import readable
from maillage.web.register.content.storing import content_of
from maillage.web.register.duplicates.suggesting import closest_sheets
from maillage.web.register.life import amending
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.commenting import comment
from maillage.web.register.life.errors import (
    STALE,
    Conflict,
    NotAllowed,
    NotComplete,
    ReasonMissing,
)
from maillage.web.register.life.moving import MOVES, move, review_evidence
from maillage.web.register.life.transitions import Action, Role, actions_for, allowed
from maillage.web.register.mails import address_of_holder
from maillage.web.register.models import Amendment, Initiative
from maillage.web.register.models.choices import EvidenceLevel, State
from maillage.web.register.models.visibility import may_moderate
from maillage.web.register.sheets.relay import SILENT_AFTER
from maillage.web.ui.pages import paginate

_LABELS: Final = {
    Action.PUBLISH: "Publier",
    Action.SEND_BACK: "Rendre à l’auteur",
    Action.REJECT: "Refuser",
    Action.ARCHIVE: "Archiver",
    Action.RESTORE: "Remettre en ligne",
    Action.MERGE: "Fusionner dans une autre fiche",
    Action.SPLIT: "Défaire la fusion",
}


@never_cache
@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits for this moderator: records, suggestions, old records, silent holders."""
    if not may_moderate(request.user):
        raise Http404
    mine = Initiative.objects.moderated_by(request.user)
    silent = Q(
        messages__sent_at__lte=timezone.now() - SILENT_AFTER, messages__answered_at__isnull=True
    )
    context = {
        "page": paginate(request, mine.filter(state=State.SUBMITTED).order_by("submitted_at")),
        "amendments": _amendments_for(request).order_by("created_at")[:50],
        "old": mine.filter(state=State.PUBLISHED, flagged_at__isnull=False)[:50],
        "silent": mine.public()
        .annotate(n_silent=Count("messages", filter=silent, distinct=True))
        .filter(n_silent__gt=0)[:50],
    }
    return render(request, "register/moderating/queue.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a record to its moderator, with all that resembles it, and take the decision."""
    mine = Initiative.objects.moderated_by(request.user).with_details()
    initiative = get_object_or_404(
        mine.select_related("contact", "created_by", "contribution"), public_id=public_id
    )
    actor = Actor.of(request.user, initiative)
    if request.method == "POST":
        _act(request, initiative, actor)
        return redirect("register:review", public_id)
    content = content_of(initiative)
    moves = [one for one in actions_for(initiative.state, actor.roles) if one in _LABELS]
    context = {
        "initiative": initiative,
        "moves": [(one.value, _LABELS[one], one is Action.MERGE) for one in moves],
        "alike": closest_sheets(content, but=initiative.pk, reader=request.user),
        "comments": initiative.comments.all(),
        "trace": initiative.moves.select_related("by"),
        "levels": EvidenceLevel.choices,
        "may_review": allowed(initiative.state, Action.REVIEW, actor.roles),
        "amendments": initiative.amendments.filter(status=Amendment.Status.WAITING),
        "has_address": bool(address_of_holder(initiative)),
    }
    return render(request, "register/moderating/review.html", context)


@never_cache
@login_required
@require_safe
def amendment_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a suggestion as what it changes, to whoever answers for the record."""
    amendment = get_object_or_404(_amendments_for(request, decided=True), public_id=public_id)
    if amendment.status != Amendment.Status.WAITING:
        messages.info(request, f"Déjà examinée : {amendment.get_status_display().lower()}.")
        return redirect(amendment.initiative)
    if amendment.initiative.state != State.PUBLISHED:
        state = amendment.initiative.get_state_display().lower()
        messages.info(request, f"La fiche n’est plus en ligne : elle est « {state} ».")
        return redirect(amendment.initiative)
    context = {"amendment": amendment, "differences": readable(amendment.changes)}
    return render(request, "register/moderating/amendment.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Follow a suggestion or not."""
    amendment = get_object_or_404(_amendments_for(request), public_id=public_id)
    actor = Actor.of(request.user, amendment.initiative)
    follows = request.POST.get("decision") == "accepter"
    action = amending.accept if follows else amending.refuse
    try:
        action(
            amendment=amendment,
            actor=actor,
            at=timezone.now(),
            reason=request.POST.get("motif", "")[:2000],
        )
    except Conflict as conflict:
        fields = ", ".join(conflict.labels)
        messages.error(request, f"La fiche a changé depuis sur : {fields}. Rien n’a été écrit.")
        return redirect("register:amendment", public_id)
    except NotComplete as refused:
        messages.error(request, refused.problems[0].message)
        return redirect("register:amendment", public_id)
    except MaillageError:
        messages.error(request, STALE)
        return redirect(amendment.initiative)
    messages.success(request, "La proposition est suivie." if follows else "Elle est refusée.")
    return redirect(amendment.initiative)


def _amendments_for(request: HttpRequest, *, decided: bool = False) -> QuerySet[Amendment]:
    """Return the waiting suggestions on records that this person writes or moderates.

    decided  also those that were examined, or whose record is no longer published
    """
    written = Initiative.objects.written_by(request.user).values("pk")
    moderated = Initiative.objects.moderated_by(request.user).values("pk")
    found = Amendment.objects.filter(
        Q(initiative__in=written) | Q(initiative__in=moderated)
    ).select_related("initiative")
    if decided:
        return found.exclude(status=Amendment.Status.UNCONFIRMED)
    return found.filter(status=Amendment.Status.WAITING, initiative__state=State.PUBLISHED)


def _act(request: HttpRequest, initiative: Initiative, actor: Actor) -> None:
    asked = request.POST.get("geste", "")
    at = timezone.now()
    if asked == "remarque":
        text = request.POST.get("texte", "")
        if allowed(initiative.state, Action.COMMENT, actor.roles) and text.strip():
            comment(initiative=initiative, text=text, actor=actor, at=at)
        return
    if asked == "preuve":
        level = request.POST.get("niveau", "")
        known = EvidenceLevel(level) if level in EvidenceLevel.values else None
        if allowed(initiative.state, Action.REVIEW, actor.roles):
            review_evidence(initiative=initiative, level=known, actor=actor, at=at)
        return
    if asked in MOVES and asked in _LABELS:
        _move(request, initiative, actor, Action(asked))
        return
    raise Http404


def _move(request: HttpRequest, initiative: Initiative, actor: Actor, action: Action) -> None:
    reason = request.POST.get("motif", "").strip()[:2000]
    as_moderator = Actor(actor.user, actor.roles - {Role.AUTHOR})
    try:
        move(
            initiative=initiative,
            action=action,
            actor=as_moderator,
            at=timezone.now(),
            reason=reason,
            into=_asked_target(request),
        )
    except ReasonMissing:
        messages.error(request, "Dites pourquoi : l’auteur lira ce motif.")
    except (NotAllowed, NotComplete):
        messages.error(
            request, "Ce geste n’est pas possible ici. Une fusion vise une fiche publiée."
        )
    except MaillageError:
        messages.error(request, STALE)
    else:
        messages.success(request, f"Fait : {initiative.get_state_display().lower()}.")


def _asked_target(request: HttpRequest) -> Any:
    target = request.POST.get("dans", "").strip().partition("-")[0]
    if not target:
        return None
    return Initiative.objects.public().filter(public_id=target).first()
