"""The workshop of scenarios: its state is its address, so it works without script and is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.core.errors import NotEnoughDataError
from maillage.studies.french import french_name
from maillage.studies.indicators import indicator
from maillage.studies.scenarios import baseline
from maillage.studies.store import Store
from maillage.web.atlas.scenarios.drawing import NO_SHADE, SHADES, bounds_of, draw, shade_by_unit
from maillage.web.atlas.scenarios.forms import gesture_forms, move_asked
from maillage.web.atlas.scenarios.gestures import REVIEWED_ON
from maillage.web.atlas.scenarios.language import (
    MoveRefused,
    Plan,
    PlannedMove,
    address,
    commune_named,
    planned_move,
    read_plan,
)
from maillage.web.atlas.scenarios.outcome import (
    SORTS,
    Outcome,
    commune_changes,
    outcome_of,
    published_at,
    sorted_rows,
)
from maillage.web.atlas.scenarios.presenting import (
    ERROR_SENTENCE,
    MODELLED,
    commune_row,
    inhabitants,
    presented,
)
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.map_ground import jumps
from maillage.web.territories.models import territory_url
from maillage.web.territories.search import index_of, search
from maillage.web.territories.store import store_of
from maillage.web.ui.pages import paginate, sort_asked

COMMUNES_PER_PAGE: Final = 25
COMMUNES_PROPOSED: Final = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One move of the list, with what can be done to it by a link."""

    sentence: str
    detail: str
    remove_url: str
    more_url: str
    less_url: str
    place_url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A commune that may be the one meant."""

    name: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """The commune at which the visitor is about to do something."""

    at: str
    code: str
    url: str
    population: str
    published: str


@require_safe
def workshop(request: HttpRequest) -> HttpResponse:
    """Show a scenario, what it changes, and the forms to change it; add the move of a form."""
    store = store_of(request)
    plan = plan_of(request, store)
    error = ""
    if "geste" in request.GET:
        try:
            move = move_asked(store, request.GET.dict())
            grown = read_plan(store, [*plan.tokens, move.token])
            if not grown.problems:
                return redirect(address(reverse("atlas:simulate"), grown.tokens))
            error = grown.problems[-1]
        except MoveRefused as refusal:
            error = str(refusal)
    context = workshop_context(request, store, plan) | {"error": error}
    if context["is_possible"]:
        context |= adding_context(request, store, plan, error=error)
        context |= map_context(store, plan, context["outcome"])
    status = 422 if error else 400 if plan.problems else 200
    return render(request, "atlas/scenarios/workshop.html", context, status=status)


@require_safe
def commune_suggestions(request: HttpRequest) -> JsonResponse:
    """Answer the combobox with communes; each leads back to the workshop, moves kept."""
    store = store_of(request)
    plan = plan_of(request, store)
    query = request.GET.get("q", "").strip()
    return JsonResponse(
        {
            "suggestions": [
                {"name": choice.name, "kind": choice.detail, "url": choice.url}
                for choice in _choices(store, plan, query)
            ]
        }
    )


@require_safe
def gains(request: HttpRequest) -> HttpResponse:
    """Answer the shade of every commune in map order, one byte each, for the interactive map."""
    store = store_of(request)
    plan = plan_of(request, store)
    try:
        if plan.moves:
            shades = shade_by_unit(outcome_of(store, plan))
        else:
            shades = np.full(store.n_units, NO_SHADE, dtype=np.uint8)
        body = shades[store.map_order].tobytes()
    except NotEnoughDataError as error:
        raise Http404(str(error)) from error
    return HttpResponse(body, content_type="application/octet-stream")


def plan_of(request: HttpRequest, store: Store) -> Plan:
    """Return the moves of the address; what cannot be read of it is in its problems."""
    return read_plan(store, request.GET.getlist("m"), version=request.GET.get("v", "1"))


def workshop_context(request: HttpRequest, store: Store, plan: Plan) -> dict[str, Any]:
    """Return what the page shows of a plan and of what it changes."""
    tokens = plan.tokens
    here = reverse("atlas:simulate")
    return {
        "plan": plan,
        "steps": steps_of(store, plan),
        "undo_url": address(here, tokens[:-1]) if tokens else "",
        "clear_url": here,
        "share_url": request.build_absolute_uri(address(here, tokens)),
        "query": address("", tokens).removeprefix("?"),
        "modelled": MODELLED,
        "error_sentence": ERROR_SENTENCE,
    } | outcome_context(request, store, plan)


def outcome_context(request: HttpRequest, store: Store, plan: Plan) -> dict[str, Any]:
    """Return the result part of a page: None as `outcome` when there is nothing to show yet."""
    empty: dict[str, Any] = dict.fromkeys(("outcome", "figures", "drawing", "page", "sort"))
    try:
        baseline(store)
    except NotEnoughDataError:
        return empty | {"is_possible": False}
    if not plan.moves:
        return empty | {"is_possible": True}
    outcome = outcome_of(store, plan)
    sort = sort_asked(request, SORTS, default="-gain")
    page = paginate(request, sorted_rows(outcome, sort), per_page=COMMUNES_PER_PAGE)
    page.object_list = [commune_row(one) for one in commune_changes(outcome, page.object_list)]
    figures = presented(outcome)
    return {
        "is_possible": True,
        "outcome": outcome,
        "figures": figures,
        "territory_tables": (
            ("Intercommunalités concernées", "intercommunalites-touchees", figures.epcis),
            ("Départements concernés", "departements-touches", figures.departments),
        ),
        "drawing": draw(outcome),
        "page": page,
        "sort": sort,
    }


def map_context(store: Store, plan: Plan, outcome: Outcome | None) -> dict[str, Any]:
    """Return what the interactive map is drawn from; `map_data` is None when there is no map."""
    whole = jumps(store)
    if not whole or not _has_map(store):
        return {"map_data": None}
    version, tokens = store.version, plan.tokens
    here = reverse("atlas:simulate")
    bounds = bounds_of(outcome) if outcome else None
    return {
        "map_data": {
            "overview": reverse("atlas:map_overview", args=[version]),
            "tiles": reverse("atlas:map_tiles", args=[version]),
            "names": reverse("atlas:map_names", args=[version]),
            "shades": " ".join(shade.name for shade in SHADES),
        },
        "map_state": {
            "gains": address(reverse("atlas:simulate_gains"), tokens),
            "place": address(here, tokens, extra=[("lieu", "")]),
            "bounds": ",".join(f"{side:.4f}" for side in bounds or whole[0].bounds),
        },
    }


def adding_context(
    request: HttpRequest, store: Store, plan: Plan, *, error: str = ""
) -> dict[str, Any]:
    """Return the part of the page that adds a move: a search, choices, or forms at a commune."""
    query = request.GET.get("q", "").strip()[:100]
    place, problem = _place(store, request.GET.get("lieu", "").strip())
    choices = _choices(store, plan, query) if query and place is None else []
    return {
        "place": place,
        "place_problem": problem,
        "commune_query": query,
        "choices": choices,
        "forms": gesture_forms(request.GET.dict(), error=error) if place else (),
        "reviewed_on": REVIEWED_ON,
        "suggestions_url": address(reverse("atlas:simulate_suggestions"), plan.tokens),
        "cancel_url": address(reverse("atlas:simulate"), plan.tokens),
    }


def steps_of(store: Store, plan: Plan) -> list[Step]:
    """Return the moves with links that remove each or change its number by one step."""
    here = reverse("atlas:simulate")
    tokens = plan.tokens
    steps = []
    for rank, planned in enumerate(plan.moves):
        before, after = tokens[:rank], tokens[rank + 1 :]

        def with_step(
            steps_up: int,
            *,
            planned: PlannedMove = planned,
            before: Any = before,
            after: Any = after,
        ) -> str:
            changed = _changed(store, planned, steps_up)
            return address(here, [*before, changed.token, *after]) if changed else ""

        steps.append(
            Step(
                planned.sentence,
                planned.detail,
                address(here, [*before, *after]),
                with_step(1),
                with_step(-1),
                territory_url("commune", planned.move.code),
            )
        )
    return steps


def _has_map(store: Store) -> bool:
    try:
        return store.overview_path.is_file() and store.tiles_path.is_file()
    except NotEnoughDataError:
        return False


def _changed(store: Store, planned: PlannedMove, steps_up: int) -> PlannedMove | None:
    """Return a move with one more or one less of what it counts; None out of bounds."""
    gesture = planned.gesture
    unit = {"cabin": 500.0, "retire": 0.1}.get(gesture.kind, 1.0)
    count = round(abs(planned.move.count) + steps_up * unit, 3)
    try:
        return planned_move(
            store,
            gesture,
            planned.move.code,
            count=count,
            acts=planned.move.acts if gesture.acts else None,
            counted=planned.move.counted if gesture.counted else None,
        )
    except MoveRefused:
        return None


def _place(store: Store, code: str) -> tuple[Place | None, str]:
    if not code:
        return None, ""
    try:
        found, name = commune_named(store, code)
    except MoveRefused as refusal:
        return None, str(refusal)
    published, population = published_at(store, found)
    url, people = territory_url("commune", found), inhabitants(population)
    at = french_name("commune", found, name).at
    return Place(at, found, url, people, indicator("apl_gp").written(published)), ""


def _choices(store: Store, plan: Plan, query: str) -> Sequence[Choice]:
    found = search(index_of(store), query, limit=COMMUNES_PROPOSED, kinds=("commune",))
    here = reverse("atlas:simulate")
    return [
        Choice(
            f"{item.postal_code} {item.name}".strip(),
            f"{KIND_BY_NAME['commune'].label}, {item.department_name} ({item.department_code})",
            address(here, plan.tokens, extra=[("lieu", item.code)]),
        )
        for item in found
    ]
