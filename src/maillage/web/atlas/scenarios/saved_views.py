"""Scenarios that visitors keep, and the files of any scenario. Whoever has a link may read it."""

import json
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.core.errors import NotEnoughDataError
from maillage.studies.store import Store
from maillage.web.atlas.scenarios.actions import (
    NotYourScenario,
    TooManyScenarios,
    delete_scenario,
    duplicate_scenario,
    save_scenario,
)
from maillage.web.atlas.scenarios.exports import as_csv, as_json, as_pdf, as_xlsx
from maillage.web.atlas.scenarios.language import Plan, address, read_plan
from maillage.web.atlas.scenarios.models import LONGEST_NAME, Scenario
from maillage.web.atlas.scenarios.outcome import Outcome, outcome_of
from maillage.web.atlas.scenarios.presenting import ERROR_SENTENCE, MODELLED
from maillage.web.atlas.scenarios.snapshots import snapshot_of
from maillage.web.atlas.scenarios.then_and_now import then_and_now
from maillage.web.atlas.scenarios.views import outcome_context, plan_of
from maillage.web.runs.askers import Asker
from maillage.web.territories.store import store_of
from maillage.web.ui.pages import paginate

SCENARIOS_PER_PAGE: Final = 25
_TOO_MANY: Final = "Vous gardez déjà beaucoup de scénarios : supprimez-en avant d’en enregistrer."
_CONTENT_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "pdf": "application/pdf",
}


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the scenario of a form under its name; the answer is an address to share."""
    store = store_of(request)
    plan = read_plan(store, request.POST.getlist("m"))
    back = redirect(address(reverse("atlas:simulate"), plan.tokens))
    name = " ".join(request.POST.get("nom", "").split())
    if plan.problems or not plan.moves:
        messages.error(
            request, "Ce scénario ne peut pas être enregistré : il n’a aucun geste lisible."
        )
        return back
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        messages.error(request, f"Donnez un nom au scénario, de 1 à {LONGEST_NAME} caractères.")
        return back
    try:
        scenario = save_scenario(
            name=name,
            outcome=outcome_of(store, plan),
            asker=Asker.remembered(request),
            at=timezone.now(),
        )
    except TooManyScenarios:
        messages.error(request, _TOO_MANY)
        return back
    except NotEnoughDataError:
        messages.error(request, "Les données chargées ne permettent pas de simuler.")
        return back
    messages.success(request, "Scénario enregistré. Son adresse peut être partagée telle quelle.")
    return redirect(scenario)


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the scenarios of this person or this browser, newest first."""
    scenarios = Scenario.objects.saved_by(Asker.of(request)).kept(at=timezone.now())
    page = paginate(request, scenarios.defer("snapshot"), per_page=SCENARIOS_PER_PAGE)
    return render(request, "atlas/scenarios/mine.html", {"page": page})


@never_cache
@require_safe
def scenario_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a saved scenario on today's data, beside what it gave when it was saved."""
    scenario = _kept(public_id)
    store = store_of(request)
    plan = read_plan(store, scenario.moves, version=scenario.language_version)
    context = outcome_context(request, store, plan)
    outcome = context["outcome"]
    has_aged = scenario.store_version != store.version
    compared = (
        then_and_now(scenario.snapshot, snapshot_of(outcome)) if has_aged and outcome else None
    )
    files = address("", plan.tokens, extra=[("nom", scenario.name)]).removeprefix("?")
    return render(
        request,
        "atlas/scenarios/scenario.html",
        context
        | {
            "scenario": scenario,
            "plan": plan,
            "is_mine": scenario.belongs_to(Asker.of(request)),
            "has_aged": has_aged,
            "compared": compared,
            "edit_url": address(reverse("atlas:simulate"), plan.tokens),
            "share_url": request.build_absolute_uri(scenario.get_absolute_url()),
            "query": files,
            "modelled": MODELLED,
            "error_sentence": ERROR_SENTENCE,
        },
    )


@require_POST
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a scenario of one's own; anybody else's is not found."""
    try:
        delete_scenario(public_id=public_id, asker=Asker.of(request))
    except NotYourScenario as error:
        raise Http404 from error
    messages.success(request, "Le scénario est supprimé.")
    return redirect("atlas:scenarios")


@require_POST
def duplicate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Copy a scenario, one's own or one received, into one's own list."""
    scenario = _kept(public_id)
    try:
        copy = duplicate_scenario(
            scenario=scenario, asker=Asker.remembered(request), at=timezone.now()
        )
    except TooManyScenarios:
        messages.error(request, _TOO_MANY)
        return redirect(scenario)
    messages.success(request, "Copie enregistrée : elle est à vous.")
    return redirect(copy)


@require_safe
def export(request: HttpRequest, file_format: str) -> HttpResponse:
    """Answer a scenario as a file; its moves, and a name, are in the address."""
    store = store_of(request)
    plan = plan_of(request, store)
    outcome = _outcome_or_none(store, plan)
    if outcome is None:
        return _no_file(request, plan)
    name = request.GET.get("nom", "")[:LONGEST_NAME]
    url = request.build_absolute_uri(address(reverse("atlas:simulate"), plan.tokens))
    body: Any = {
        "csv": lambda: as_csv(outcome, name=name),
        "xlsx": lambda: as_xlsx(outcome, name=name),
        "json": lambda: _json_text(as_json(outcome, name=name, url=url)),
        "pdf": lambda: as_pdf(outcome, name=name, url=url),
    }[file_format]()
    response = HttpResponse(body, content_type=_CONTENT_TYPES[file_format])
    stem = slugify(name)[:60] or "scenario"
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{file_format}"'
    return response


def _kept(public_id: str) -> Scenario:
    return get_object_or_404(Scenario.objects.kept(at=timezone.now()), public_id=public_id)


def _outcome_or_none(store: Store, plan: Plan) -> Outcome | None:
    if plan.problems or not plan.moves:
        return None
    try:
        return outcome_of(store, plan)
    except NotEnoughDataError:
        return None


def _no_file(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Say in a page why there is no file: a file of half a scenario would mislead."""
    return render(request, "atlas/scenarios/no_file.html", {"plan": plan}, status=400)


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
