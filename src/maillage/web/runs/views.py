"""Pages of runs. Whoever has a run's address may read it; only its asker may cancel it."""

import json
import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.core.errors import InputError
from maillage.web.accounts.scopes import held_by
from maillage.web.runs.actions import ask_run, cancel_run, repeat_run, reusable_run
from maillage.web.runs.askers import Asker
from maillage.web.runs.errors import (
    QueueFull,
    RunError,
    RunNotCancellable,
    TooManyRuns,
    UnknownStudy,
    explain,
)
from maillage.web.runs.models import Run, State
from maillage.web.runs.presenting import (
    MAX_SHOWN_CHARACTERS,
    STATE_COLOURS,
    announced,
    chores_shown,
    facts_of,
    run_as_json,
    same_as_original,
)
from maillage.web.ui.pages import paginate

RUNS_PER_PAGE = 25
_LARGEST_SEED = 2**53 - 1
logger = logging.getLogger(__name__)

_REFUSALS: dict[type[RunError], str] = {
    UnknownStudy: "Cette étude n'existe pas (ou plus) sur ce site.",
    TooManyRuns: "Vous avez déjà plusieurs calculs en cours : attendez-en la fin ou annulez-en un.",
    QueueFull: "Trop de calculs attendent sur ce site : réessayez dans quelques minutes.",
}


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the runs of this person or this browser, newest first."""
    runs = Run.objects.asked_by(Asker.of(request)).without_result()
    page = paginate(request, runs, per_page=RUNS_PER_PAGE)
    context = {"page": page, "administers": held_by(request.user).everywhere}
    return render(request, "runs/list.html", context)


@never_cache
@require_safe
def chores(request: HttpRequest) -> HttpResponse:
    """Show administrators what is done again and again, and how it went last time."""
    if not held_by(request.user).everywhere:
        raise Http404
    return render(request, "runs/chores.html", {"chores": chores_shown(at=timezone.now())})


@never_cache
@require_safe
def run_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one run: where it stands, then what it found."""
    run = get_object_or_404(Run.objects.select_related("repeat_of"), public_id=public_id)
    is_shown = len(run.result) <= MAX_SHOWN_CHARACTERS
    context = _status(run) | {
        "is_mine": run.belongs_to(Asker.of(request)),
        "inputs": facts_of(run.inputs),
        "facts": facts_of(run.result) if is_shown else [],
        "is_too_long": not is_shown,
        "same_as_original": same_as_original(run),
    }
    return render(request, "runs/run.html", context)


@never_cache
@require_safe
def status(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show where one run stands: the part of its page that is asked for again every second."""
    run = get_object_or_404(Run.objects.without_result(), public_id=public_id)
    context = _status(run)
    context["is_news"] = context["announcement"] != request.GET.get("dit")
    response = render(request, "runs/status.html", context)
    if not run.is_unfinished:
        response.headers["HX-Refresh"] = "true"  # the page has a result to show now
    return response


@never_cache
@require_safe
def as_json(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give all of a run: question, data, versions, state, result."""
    run = get_object_or_404(Run.objects.select_related("repeat_of"), public_id=public_id)
    response = HttpResponse(run_as_json(run, request), content_type="application/json")
    response.headers["Content-Disposition"] = f'inline; filename="maillage-{run.public_id}.json"'
    return response


@require_POST
def start(request: HttpRequest, study: str) -> HttpResponse:
    """Ask for a run, or offer the one that already answers (unless `recalculer` is sent)."""
    asker, at = Asker.remembered(request), timezone.now()
    try:
        asked = {"study": study, "inputs": _inputs(request), "seed": _seed(request)}
        known = None if "recalculer" in request.POST else reusable_run(**asked, asker=asker, at=at)
        if known is None:
            return redirect(ask_run(**asked, asker=asker, at=at))
    except (InputError, RunError) as refusal:
        return _refuse(request, refusal)
    if known.is_unfinished:
        return redirect(known)
    sent = {name: request.POST.get(name, "") for name in ("inputs", "seed")}
    return render(request, "runs/reuse.html", {"run": known, "study": study, "sent": sent})


@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cancel a run of one's own."""
    asker = Asker.of(request)
    run = get_object_or_404(Run.objects.asked_by(asker).without_result(), public_id=public_id)
    try:
        cancel_run(run=run, asker=asker, at=timezone.now())
    except RunNotCancellable:
        messages.error(request, "Ce calcul est déjà terminé : il n'y a plus rien à annuler.")
    else:
        messages.success(request, "L'annulation est demandée.")
    return redirect(run)


@require_POST
def repeat(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the same question again, for whoever asks."""
    run = get_object_or_404(Run.objects.without_result(), public_id=public_id)
    try:
        return redirect(repeat_run(run=run, asker=Asker.remembered(request), at=timezone.now()))
    except (InputError, RunError) as refusal:
        return _refuse(request, refusal)


def _status(run: Run) -> dict[str, Any]:
    ahead = 0
    if run.state == State.QUEUED:
        ahead = Run.objects.filter(state=State.QUEUED, queued_at__lt=run.queued_at).count()
    return {
        "run": run,
        "colour": STATE_COLOURS[State(run.state)],
        "announcement": announced(run),
        "ahead": ahead,
    }


def _inputs(request: HttpRequest) -> Any:
    try:
        return json.loads(request.POST.get("inputs", "{}"))
    except ValueError as error:
        raise InputError(
            f"inputs are not JSON: {error}.", french="les données ne sont pas du JSON."
        ) from error


def _seed(request: HttpRequest) -> int:
    text = request.POST.get("seed") or "0"
    if not text.isascii() or not text.isdigit() or int(text[:17]) > _LARGEST_SEED or len(text) > 17:
        raise InputError(
            f"seed is {text[:20]!r}, expected a whole number, 0 to {_LARGEST_SEED}.",
            french=f"la graine est un nombre entier, de 0 à {_LARGEST_SEED}.",
        )
    return int(text)


def _refuse(request: HttpRequest, refusal: InputError | RunError) -> HttpResponse:
    logger.info("A run was refused: %s", refusal)
    messages.error(request, _REFUSALS.get(type(refusal)) or explain(refusal))
    return redirect("runs:mine")
