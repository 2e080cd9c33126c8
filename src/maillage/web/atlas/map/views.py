"""Pages of the national map: the map, the same as a list, the legend of an indicator."""

from itertools import groupby
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from maillage.core.errors import NotEnoughDataError
from maillage.studies.findings import source_told
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.web.atlas.map.choices import OVERLAY, MapChoice, choice_of, shown_indicator
from maillage.web.atlas.map.legend import legend_of
from maillage.web.atlas.map.narrowing import narrowing_of
from maillage.web.atlas.map.places import suggestion
from maillage.web.atlas.map.rows import SORTS, columns_of, commune_rows, sorted_rows
from maillage.web.atlas.map.values import shown_indicators
from maillage.web.atlas.profiles.maps import access_map
from maillage.web.atlas.profiles.subject import official_subject
from maillage.web.territories.map_ground import as_rows, ground_of, jumps, labels
from maillage.web.territories.search import index_of, search
from maillage.web.territories.store import store_of
from maillage.web.ui.pages import paginate, sort_asked

_THEMES: Final = {
    "access": "Accès aux soins",
    "population": "Population",
    "services": "Services",
    "zoning": "Zonages",
}
_SUGGESTIONS_SHOWN: Final = 8
_COMMUNES_A_PAGE: Final = 50
_ANY: Final = "__id__"


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Show every commune at once; without JavaScript or WebGL, a picture and the list."""
    store = store_of(request)
    choice = choice_of(store, request.GET)
    if choice is None:
        return _nothing_to_show(request)
    overlay = shown_indicator(store, OVERLAY)
    context = {
        "choice": choice,
        "themes": by_theme(store),
        "overlay": overlay,
        "overlay_source": source_told(store, overlay) if overlay else "",
        "legends": [legend_of(store, item) for item in choice.shown],
        "jumps": jumps(store),
        "state": _state(store, choice),
        "has_contours": ground_of(store) is not None,
        "query": choice.query(),
    }
    return render(request, "atlas/map/map.html", context)


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """List the communes with the figures of the map, sorted, narrowed and paged."""
    store = store_of(request)
    choice = choice_of(store, request.GET)
    if choice is None:
        return _nothing_to_show(request)
    sort = sort_asked(request, SORTS, default="nom")
    page = paginate(request, sorted_rows(store, choice, sort), per_page=_COMMUNES_A_PAGE)
    context = {
        "choice": choice,
        "themes": by_theme(store),
        "overlay": shown_indicator(store, OVERLAY),
        "narrowing": narrowing_of(store, choice.area),
        "columns": [
            (item, key, _detail(item))
            for item, key in zip(columns_of(choice), _sort_keys(choice), strict=True)
        ],
        "legends": [legend_of(store, item) for item in columns_of(choice)],
        "sort": sort,
        "page": page,
        "communes": list(commune_rows(store, choice, page.object_list)),
        "query": choice.query(),
    }
    return render(request, "atlas/map/list.html", context)


@require_safe
def legend(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """Return the legend of one indicator, a fragment that the map's script asks for."""
    store = store_of(request)
    item = _shown(store, indicator_id)
    return render(request, "atlas/map/legend.html", {"legend": legend_of(store, item)})


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer the search of the map: territories for what was typed so far, with their boxes."""
    store = store_of(request)
    query = request.GET.get("q", "").strip()[:100]
    found = search(index_of(store), query, limit=_SUGGESTIONS_SHOWN) if query else []
    return JsonResponse({"suggestions": [suggestion(store, item) for item in found]})


@require_safe
@cache_control(public=True, max_age=3600)
def picture(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """Return the map as one picture drawn by the server, for browsers that cannot draw it."""
    store = store_of(request)
    item = _shown(store, indicator_id)
    if item.is_class:
        raise Http404("A zoning has no mean to draw.")

    def draw() -> str:
        return access_map(official_subject(store, "nation", "FR"), indicator_id=item.id).svg

    try:
        svg = store.cached(("map picture", item.id), draw)
    except NotEnoughDataError as error:
        raise Http404(str(error)) from error
    return HttpResponse(svg, content_type="image/svg+xml")


def by_theme(store: Store) -> list[tuple[str, list[Indicator]]]:
    """Return the indicators to choose from, grouped by theme."""
    found = groupby(shown_indicators(store), key=lambda item: item.theme)
    return [(_THEMES[theme], list(items)) for theme, items in found]


def _sort_keys(choice: MapChoice) -> list[str]:
    keys = ["valeur", "second"][: len(choice.shown)]
    return [*keys, "zonage"][: len(columns_of(choice))]


def _detail(item: Indicator) -> str:
    """Return what a column's figures are: unit, year, and whether a model made them."""
    parts = (item.unit, item.year, "estimation" if item.modelled else "")
    return ", ".join(part for part in parts if part)


def _state(store: Store, choice: MapChoice) -> dict[str, Any]:
    """Return what the map's script must know, as JSON."""
    version = store.version
    return {
        "overview": reverse("atlas:map_overview", args=[version]),
        "tiles": reverse("atlas:map_tiles", args=[version]),
        "names": reverse("atlas:map_names", args=[version]),
        "classes": reverse("atlas:map_classes", args=[version, _ANY]),
        "exact": reverse("atlas:map_exact", args=[version, _ANY]),
        "legend": reverse("atlas:map_legend", args=[_ANY]),
        "picture": reverse("atlas:map_picture", args=[_ANY]),
        "profile": reverse("atlas:profile", args=["commune", _ANY]),
        "overlay": OVERLAY,
        "first": choice.first.id,
        "second": choice.second.id if choice.second else "",
        "overlaid": choice.overlay is not None,
        "view": [choice.view.zoom, choice.view.lat, choice.view.lon] if choice.view else None,
        "area": _area_bounds(store, choice),
        "jumps": as_rows(jumps(store)),
        "labels": labels(store),
    }


def _area_bounds(store: Store, choice: MapChoice) -> list[float] | None:
    if choice.area is None:
        return None
    row = store.territory_row(choice.area.kind, choice.area.code)
    box = [float(store.territories[side][row]) for side in ("west", "south", "east", "north")]
    return box if all(side == side for side in box) else None


def _shown(store: Store, indicator_id: str) -> Indicator:
    item = shown_indicator(store, indicator_id)
    if item is None:
        raise Http404(f"The store has no figure of {indicator_id}.")
    return item


def _nothing_to_show(request: HttpRequest) -> HttpResponse:
    return render(request, "atlas/map/nothing.html", status=503)
