"""What the map draws from, and files to take away."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from maillage.core.errors import NotEnoughDataError
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.atlas.map.choices import MapChoice, choice_of, shown_indicator
from maillage.web.atlas.map.exports import csv_pieces, geojson_pieces, xlsx_file
from maillage.web.atlas.map.rows import SORTS, sorted_rows
from maillage.web.atlas.map.serving import file_answer, kept_answer, store_named
from maillage.web.atlas.map.values import commune_names, packed_classes, packed_exact
from maillage.web.territories.store import store_of
from maillage.web.ui.pages import sort_asked

_BYTES = "application/octet-stream"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def overview(request: HttpRequest, version: str) -> HttpResponse:
    """Return the contours of every commune below zoom 6, packed."""
    store = store_named(request, version)
    try:
        path = store.overview_path
    except NotEnoughDataError as error:
        raise Http404(str(error)) from error
    return kept_answer(request, store, "overview", path.read_bytes, content_type=_BYTES)


@require_safe
def tiles(request: HttpRequest, version: str) -> HttpResponseBase:
    """Return the PMTiles archive, or a range of its bytes."""
    store = store_named(request, version)
    try:
        path = store.tiles_path
    except NotEnoughDataError as error:
        raise Http404(str(error)) from error
    return file_answer(request, path, tag=f"{store.version}-tiles", content_type=_BYTES)


@require_safe
def names(request: HttpRequest, version: str) -> HttpResponse:
    """Return codes and names in map order."""
    store = store_named(request, version)
    try:
        return kept_answer(
            request, store, "names", lambda: commune_names(store), content_type="application/json"
        )
    except NotEnoughDataError as error:
        raise Http404(str(error)) from error


@require_safe
def classes(request: HttpRequest, version: str, indicator_id: str) -> HttpResponse:
    """Return the class of every commune in map order, one byte each."""
    return _packed(request, version, indicator_id, packed_classes)


@require_safe
def exact(request: HttpRequest, version: str, indicator_id: str) -> HttpResponse:
    """Return the figure of every commune in map order."""
    return _packed(request, version, indicator_id, packed_exact)


@require_safe
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """Return the list asked for as CSV."""
    store, choice, rows = _asked(request)
    response = StreamingHttpResponse(
        csv_pieces(store, choice, rows), content_type="text/csv; charset=utf-8"
    )
    return _named(response, choice, "csv")


@require_safe
def export_xlsx(request: HttpRequest) -> HttpResponseBase:
    """Return the list asked for as a workbook."""
    store, choice, rows = _asked(request)
    return _named(HttpResponse(xlsx_file(store, choice, rows), content_type=_XLSX), choice, "xlsx")


@require_safe
def export_geojson(request: HttpRequest) -> HttpResponseBase:
    """Return the communes asked for with their contours."""
    store, choice, rows = _asked(request)
    try:
        contours = store.contours
    except NotEnoughDataError as error:
        raise Http404(str(error)) from error
    pieces = geojson_pieces(store, choice, rows, contours=contours)
    response = StreamingHttpResponse(pieces, content_type="application/geo+json")
    return _named(response, choice, "geojson")


def _asked(request: HttpRequest) -> tuple[Store, MapChoice, IntArray]:
    store = store_of(request)
    choice = choice_of(store, request.GET)
    if choice is None:
        raise Http404("This store has no figure at all.")
    sort = sort_asked(request, SORTS, default="nom")
    return store, choice, sorted_rows(store, choice, sort)


def _packed(
    request: HttpRequest,
    version: str,
    indicator_id: str,
    pack: Callable[[Store, Indicator], bytes],
) -> HttpResponse:
    store = store_named(request, version)
    item = _shown(store, indicator_id)
    name = f"{pack.__name__}-{item.id}"
    try:
        return kept_answer(request, store, name, lambda: pack(store, item), content_type=_BYTES)
    except NotEnoughDataError as error:
        raise Http404(str(error)) from error


def _shown(store: Store, indicator_id: str) -> Indicator:
    item = shown_indicator(store, indicator_id)
    if item is None:
        raise Http404(f"The store has no figure of {indicator_id}.")
    return item


def _named(response: HttpResponseBase, choice: MapChoice, extension: str) -> HttpResponseBase:
    where = f"-{choice.area.field}-{choice.area.code}" if choice.area else ""
    name = f"maillage-{choice.first.id}{where}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
