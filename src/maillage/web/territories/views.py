"""Pages that lead to territories: home, search, lists, composition, sources."""

from string import ascii_lowercase
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.errors import InputError
from maillage.studies.figures import all_told
from maillage.web.territories.actions import save_custom_territory
from maillage.web.territories.forms import CustomTerritoryForm
from maillage.web.territories.kinds import KIND_BY_NAME, KIND_BY_SLUG, KINDS
from maillage.web.territories.models import CustomTerritory, Territory, territory_url
from maillage.web.territories.search import Found, index_of, search
from maillage.web.territories.store import active_version, store_of
from maillage.web.territories.summary import (
    age_in_days,
    home_figures,
    review_is_due,
    source_rows,
    whole_name,
)
from maillage.web.ui.pages import paginate, sort_asked

SUGGESTIONS_SHOWN = 8
RESULTS_SHOWN = 40
LETTERS = tuple(ascii_lowercase)
LISTED_KINDS = [kind for kind in KINDS if kind.name not in ("nation", "custom")]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what can be done here, the search first; with figures once there are data."""
    context: dict[str, Any] = {"figures": [], "whole_name": ""}
    if active_version(request):
        store = store_of(request)
        context = {"figures": home_figures(store), "whole_name": whole_name(store)}
    return render(request, "territories/home.html", context)


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """List the territories that answer `?q=`; works without JavaScript."""
    query = request.GET.get("q", "").strip()
    found = search(index_of(store_of(request)), query, limit=RESULTS_SHOWN) if query else []
    context = {
        "query": query,
        "results": [_presented(item) for item in found],
        "approximate": bool(found) and found[0].approximate,
    }
    return render(request, "territories/search.html", context)


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer the combobox: the first territories for what was typed so far."""
    query = request.GET.get("q", "").strip()
    found = search(index_of(store_of(request)), query, limit=SUGGESTIONS_SHOWN) if query else []
    rows = [_presented(item) for item in found]
    return JsonResponse(
        {
            "suggestions": [
                {"name": row["name"], "kind": row["detail"], "url": row["url"]} for row in rows
            ]
        }
    )


@require_safe
def territory_list(request: HttpRequest) -> HttpResponse:
    """List the territories of a kind, sorted and paged; narrowed by department and first letter."""
    kind = KIND_BY_SLUG.get(request.GET.get("type", ""), KIND_BY_NAME["epci"])
    if kind not in LISTED_KINDS:
        raise Http404
    department = request.GET.get("departement", "").replace("\0", "")  # PostgreSQL refuses it
    sort = sort_asked(request, ["name", "population", "code"], default="name")
    territories = Territory.objects.current().filter(kind=kind.name)
    if department:
        territories = territories.filter(department_code=department)
    letter = request.GET.get("lettre", "").lower()
    if letter not in LETTERS:
        letter = ""
    # The slug has no accents: « Évreux » is under E.
    territories = territories.filter(slug__startswith=letter) if letter else territories
    territories = territories.order_by(*_order_of(sort))
    context = {
        "kinds": LISTED_KINDS,
        "kind": kind,
        "sort": sort,
        "department": department,
        "letter": letter,
        "letters": _letter_links(request),
        "department_options": _department_options(department),
        "page": paginate(request, territories.only("kind", "code", "name", "population")),
    }
    return render(request, "territories/list.html", context)


@require_safe
def composition(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """List the communes of a territory, or for a commune the territories it belongs to."""
    if kind == "custom":
        custom = get_object_or_404(CustomTerritory, public_id=code)
        communes = Territory.objects.filter(kind="commune", code__in=custom.commune_codes)
        return _composition_page(request, custom, communes)
    territory = get_object_or_404(Territory, kind=kind, code=code)
    if territory.ended:
        return _ended_page(request, territory)
    if kind in ("living_zone", "employment_zone"):
        store = store_of(request)
        codes = store.units["code"][store.rows(kind, code)].tolist()
        communes = Territory.objects.current().filter(kind="commune", code__in=codes)
    else:
        communes = Territory.objects.inside(territory)
    return _composition_page(request, territory, communes)


@require_http_methods(["GET", "HEAD", "POST"])
def new_custom_territory(request: HttpRequest) -> HttpResponse:
    """Name a list of communes; the answer is an address to share."""
    store = store_of(request)
    form = CustomTerritoryForm(request.POST or None, index=index_of(store))
    if request.method == "POST" and form.is_valid():
        try:
            territory = save_custom_territory(
                name=form.cleaned_data["name"],
                commune_codes=form.cleaned_data["communes"],
                store=store,
                now=timezone.now(),
            )
        except InputError:
            form.add_error("communes", "Aucune commune n’a été reconnue dans cette liste.")
        else:
            return redirect(territory)
    status = 422 if form.errors else 200
    return render(request, "territories/new_custom.html", {"form": form}, status=status)


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Say where each figure comes from, how old it is, and what is missing."""
    store = store_of(request)
    version = active_version(request)
    assert version is not None  # store_of would have answered
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "version": version,
        "age_days": age_in_days(version.built_at, now=now),
        "sources": source_rows(version.manifest),
        "missing": version.manifest.get("missing", []),
        "notes": version.manifest.get("notes", []),
        "indicators": [
            {"item": item, "review_is_due": review_is_due(item, today=today)}
            for item in all_told(store)
        ],
    }
    return render(request, "territories/sources.html", context)


def _letter_links(request: HttpRequest) -> list[tuple[str, str]]:
    """Return each letter with the query that narrows the list to it, from its first page."""
    query = request.GET.copy()
    for key in ("lettre", "page"):
        query.pop(key, None)
    start = f"?{query.urlencode()}&" if query else "?"
    return [(letter, f"{start}lettre={letter}") for letter in LETTERS]


def _department_options(chosen: str) -> SafeString:
    """Return the options of the filter, made at once: a template takes 3 ms for them."""
    departments = Territory.objects.current().filter(kind="department").order_by("code")
    return format_html_join(
        "\n",
        '<option value="{}"{}>{} {}</option>',
        (
            (code, mark_safe(" selected") if code == chosen else "", code, name)
            for code, name in departments.values_list("code", "name")
        ),
    )


def _order_of(sort: str) -> list[str]:
    # Databases put É and Œ after Z: the slug, which has no accents, sorts as readers expect.
    # Both in the same direction, as the index is: nothing is left to be sorted.
    return [sort.replace("name", "slug"), "-code" if sort.startswith("-") else "code"]


def _presented(item: Found) -> dict[str, str]:
    kind = KIND_BY_NAME[item.kind].label
    details = [kind]
    if item.kind not in ("department", "region", "nation") and item.department_name:
        details.append(f"{item.department_name} ({item.department_code})")
    elif item.kind == "department":
        details.append(item.code)
    name = f"{item.postal_code} {item.name}" if item.postal_code else item.name
    if item.former_name and item.former_name != item.name:
        details.insert(0, f"ancienne commune : {item.former_name}")
    url = territory_url(item.kind, item.code, item.name)
    return {"name": name, "detail": ", ".join(details), "url": url}


def _composition_page(
    request: HttpRequest, territory: Territory | CustomTerritory, communes: Any
) -> HttpResponse:
    sort = sort_asked(request, ["name", "population", "code"], default="name")
    parents = _parents(territory) if isinstance(territory, Territory) else []
    context = {
        "territory": territory,
        "kind": KIND_BY_NAME[territory.kind],
        "parents": parents,
        "sort": sort,
        "page": paginate(request, communes.order_by(*_order_of(sort)), per_page=100),
    }
    return render(request, "territories/composition.html", context)


def _parents(territory: Territory) -> list[Territory]:
    codes = {
        "epci": territory.epci_code,
        "department": territory.department_code,
        "region": territory.region_code,
    }
    found = Territory.objects.none()
    for kind, code in codes.items():
        if code and kind != territory.kind:
            found = found | Territory.objects.filter(kind=kind, code=code)
    return list(found)


def _ended_page(request: HttpRequest, territory: Territory) -> HttpResponse:
    successors = Territory.objects.current().filter(
        kind=territory.kind, code__in=territory.successor_codes
    )
    context = {"territory": territory, "successors": successors}
    return render(request, "territories/ended.html", context, status=410 if not successors else 200)
