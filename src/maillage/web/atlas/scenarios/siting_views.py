"""Pages of the inverse question: a form, then a run's answer."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.errors import InputError
from maillage.studies.store import Store
from maillage.web.atlas.scenarios.language import MoveRefused, address
from maillage.web.atlas.scenarios.presenting import ERROR_SENTENCE, MODELLED
from maillage.web.atlas.scenarios.siting import (
    KINDS_OFFERED,
    MOST_PLACES,
    STUDY,
    Area,
    TerritoryUnknown,
    answer_of,
    area_named,
    area_of_run,
    inputs_of,
)
from maillage.web.atlas.scenarios.views import Choice
from maillage.web.runs.actions import ask_run, reusable_run
from maillage.web.runs.askers import Asker
from maillage.web.runs.errors import QueueFull, TooManyRuns
from maillage.web.runs.models import Run, State
from maillage.web.runs.presenting import STATE_COLOURS, announced
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.search import index_of, search
from maillage.web.territories.store import store_of

_PROPOSED: Final = 8
_DEFAULTS: Final = {"medecins": "3", "actes": "5400", "par_commune": "1"}
_REFUSALS: Final = {
    TooManyRuns: "Vous avez déjà plusieurs calculs en cours : attendez-en la fin.",
    QueueFull: "Trop de calculs attendent sur ce site : réessayez dans quelques minutes.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Choose a territory, then ask for the best places in it; the answer is a run."""
    store = store_of(request)
    given = request.POST if request.method == "POST" else request.GET
    area, error = _area(store, given.get("territoire", ""))
    if request.method == "POST" and area is not None:
        try:
            return redirect("atlas:best_places_answer", _asked(request, area).public_id)
        except MoveRefused as refusal:
            error = str(refusal)
        except InputError:
            error = "Cette question ne peut pas être posée à ce territoire."
        except (TooManyRuns, QueueFull) as refusal:
            error = _REFUSALS[type(refusal)]
    query = given.get("q", "").strip()[:100]
    context = {
        "area": area,
        "error": error,
        "territory_query": query,
        "choices": _choices(store, query) if query and area is None else [],
        "given": {name: given.get(name, default) for name, default in _DEFAULTS.items()},
        "most_places": MOST_PLACES,
    }
    status = 422 if error else 200
    return render(request, "atlas/scenarios/best_places.html", context, status=status)


@require_safe
def territory_suggestions(request: HttpRequest) -> JsonResponse:
    """Answer the combobox with territories to search in."""
    query = request.GET.get("q", "").strip()
    return JsonResponse(
        {
            "suggestions": [
                {"name": choice.name, "kind": choice.detail, "url": choice.url}
                for choice in _choices(store_of(request), query)
            ]
        }
    )


@never_cache
@require_safe
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show where a run stands, then the places that it found."""
    run = get_object_or_404(Run, public_id=public_id, study=STUDY)
    store = store_of(request)
    found = answer_of(run) if run.state == State.SUCCEEDED else None
    simulate = address(reverse("atlas:simulate"), found.tokens) if found else ""
    context: dict[str, Any] = {
        "run": run,
        "colour": STATE_COLOURS[State(run.state)],
        "announcement": announced(run),
        "ahead": 0,
        "is_news": False,
        "is_mine": run.belongs_to(Asker.of(request)),
        "area_name": area_of_run(store, run),
        "answer": found,
        "simulate_url": simulate,
        "has_aged": run.data_version != store.version,
        "modelled": MODELLED,
        "error_sentence": ERROR_SENTENCE,
    }
    return render(request, "atlas/scenarios/best_places_answer.html", context)


def _asked(request: HttpRequest, area: Area) -> Run:
    """Return the run that answers: an earlier one if it answers this very question."""
    inputs = inputs_of(
        area,
        places=request.POST.get("medecins", ""),
        acts=request.POST.get("actes", ""),
        most=request.POST.get("par_commune", ""),
    )
    asker, at = Asker.remembered(request), timezone.now()
    known = reusable_run(study=STUDY, inputs=inputs, asker=asker, at=at)
    if known is not None:
        return known
    doctors = f"{inputs['k']} médecin{'s' if inputs['k'] > 1 else ''}"
    # The next visitor who asks this question reads this title: a list's private name stays out.
    where = area.name if "kind" in area.inputs else f"une liste de {area.n_units} communes"
    title = f"Meilleurs lieux pour {doctors} : {where}"
    return ask_run(study=STUDY, inputs=inputs, asker=asker, at=at, title=title)


def _area(store: Store, token: str) -> tuple[Area | None, str]:
    if not token:
        return None, ""
    try:
        return area_named(store, token), ""
    except (TerritoryUnknown, InputError):
        return None, "Ce territoire n’existe pas : cherchez-le par son nom."


def _choices(store: Store, query: str) -> list[Choice]:
    kinds = [kind for kind in KINDS_OFFERED if kind != "custom"]
    found = search(index_of(store), query, limit=_PROPOSED, kinds=kinds)
    here = reverse("atlas:best_places")
    return [
        Choice(
            item.name,
            f"{KIND_BY_NAME[item.kind].label}, {item.department_name or item.code}",
            address(here, [], extra=[("territoire", f"{item.kind}:{item.code}")]),
        )
        for item in found
    ]
