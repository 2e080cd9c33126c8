"""The map of initiatives, what its script asks for, and the initiatives of one place."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.core.errors import NotEnoughDataError
from maillage.web.register.finding.asking import Answer, answer
from maillage.web.register.finding.criteria import read_criteria
from maillage.web.register.finding.mapping.data import cover_rows, packed_cover, points_of
from maillage.web.register.finding.mapping.picture import drawn_among, picture_of
from maillage.web.register.finding.mapping.spots import count_elsewhere, spots_of
from maillage.web.register.finding.views import frame_of
from maillage.web.territories.map_ground import ground_of
from maillage.web.territories.models import Territory, territory_url
from maillage.web.territories.store import NoActiveStore, store_of

INITIATIVES_OF_A_PLACE: Final = 20
_ANY_KIND, _ANY_CODE = "__kind__", "__id__"


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Show where the initiatives take place; without script or WebGL, a picture and a table."""
    found = answer(read_criteria(request.GET))
    spots = spots_of(found)
    context = frame_of(found) | {
        "spots": sorted(spots, key=lambda spot: (-spot.count, spot.department.code)),
        "picture": picture_of(request, spots),
        "n_elsewhere": count_elsewhere(found),
        "n_not_drawn": len(spots) - len(drawn_among(spots)),
        **_ground(request, found),
    }
    return render(request, "register/finding/map.html", context)


def _ground(request: HttpRequest, found: Answer) -> dict[str, Any]:
    """Return what the interactive map needs; nothing without data or contours."""
    try:
        store = store_of(request)
    except NoActiveStore:
        return {}
    ground = ground_of(store)
    if ground is None:
        return {}
    query = f"?{found.criteria.query()}"
    state = ground | {
        "points": reverse("register:map_points") + query,
        "cover": reverse("register:map_cover", args=[store.version]) + query,
        "place": reverse("register:map_place", args=[_ANY_KIND, _ANY_CODE]) + query,
        "profile": territory_url("commune", _ANY_CODE),
    }
    return {"state": state, "jumps": ground["jumps"], "legend": cover_rows(store, found)}


@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """Answer the territories where something takes place, with their points."""
    return JsonResponse({"points": points_of(answer(read_criteria(request.GET)))})


@require_safe
def cover(request: HttpRequest, version: str) -> HttpResponse:
    """Answer the class of every commune, in map order; `version` is that of the contours shown."""
    store = store_of(request)
    if store.version != version:
        raise Http404(f"La version {version} des données n’est plus montrée.")
    try:
        body = packed_cover(store, answer(read_criteria(request.GET)))
    except NotEnoughDataError as error:
        raise Http404(str(error)) from error
    return HttpResponse(body, content_type="application/octet-stream")


@require_safe
def place(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Answer the initiatives of one territory, a fragment that the script of the map asks for."""
    territory = get_object_or_404(Territory, kind=kind, code=code)
    found = answer(read_criteria(request.GET))
    here = found.initiatives.filter(territories=territory).order_by("-updated_at", "-pk")
    context = {
        "territory": territory,
        "initiatives": here[:INITIATIVES_OF_A_PLACE],
        "count": here.count(),
    }
    return render(request, "register/finding/map_place.html", context)
