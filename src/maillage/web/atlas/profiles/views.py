"""Pages and files of a territory: profile, communes, showcase, comparison, PDF, JSON, maps."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.core.errors import NotEnoughDataError
from maillage.web.atlas.profiles import comparing, document, exports
from maillage.web.atlas.profiles.communes import SORTS, commune_rows, sorted_rows
from maillage.web.atlas.profiles.links import map_query, simulate_query
from maillage.web.atlas.profiles.maps import MapImage, access_map, has_contours, locator_map
from maillage.web.atlas.profiles.portrait import composition, portrait_of
from maillage.web.atlas.profiles.showcase import showcase_of, structured_data
from maillage.web.atlas.profiles.subject import (
    Subject,
    population_of,
    portrayed,
    report_of,
    subject_of,
)
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.models import Territory
from maillage.web.territories.profile_parts import Portrayed, profile_part, profile_parts
from maillage.web.territories.store import store_of
from maillage.web.ui.pages import paginate, sort_asked

COMMUNES_PER_PAGE = 100
LONGEST_QUERY = 100
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_A_YEAR_S = 31_536_000
_FIVE_MINUTES_S = 300

Page = Callable[..., HttpResponseBase]


def of_territory(view: Page) -> Page:
    """Give a view its territory, and bring every spelling of an address to the one we print.

    A territory that ended leads to the page that names its successors.
    """

    def answer(request: HttpRequest, kind: str, address: str, **options: Any) -> HttpResponseBase:
        try:
            subject = subject_of(request, kind, address)
        except Http404:
            code = address.partition("-")[0].upper()
            if Territory.objects.filter(kind=kind, code=code, ended=True).exists():
                return redirect("territories:composition", kind, code)
            raise
        if address != subject.address:
            assert request.resolver_match is not None  # we were reached through an address
            name = request.resolver_match.view_name
            path = reverse(name, kwargs={"kind": kind, "address": subject.address, **options})
            query = request.META.get("QUERY_STRING", "")
            return redirect(f"{path}?{query}" if query else path)
        return view(request, subject, **options)

    return require_safe(answer)


@require_safe
def kind_index(request: HttpRequest, kind: str) -> HttpResponse:
    """Lead from the middle of an address to the list of that kind."""
    query = request.GET.copy()
    if kind not in ("nation", "custom"):
        query["type"] = KIND_BY_NAME[kind].slug
    path = reverse("territories:list")
    return redirect(f"{path}?{query.urlencode()}" if query else path)


@of_territory
def profile_page(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Show what matters first in a territory, then everything else that is known of it."""
    portrait = portrait_of(subject)
    context = {
        "portrait": portrait,
        "parts": _parts(portrayed(subject, portrait.report), subject),
        "has_map": has_contours(subject),
        "map_query": map_query(subject),
        "simulate_query": simulate_query(subject),
        **_frame(request, subject),
    }
    return render(request, "atlas/profiles/profile.html", context)


@of_territory
def part_page(request: HttpRequest, subject: Subject, part_name: str) -> HttpResponse:
    """Show whole the part that another feature fills in the page of a territory."""
    part = profile_part(part_name)
    content = part.whole(portrayed(subject, report_of(subject))) if part else None
    if part is None or content is None:
        raise Http404(f"La page d’un territoire n’a pas de partie {part_name}.")
    context = {"part": part, "content": content, **_frame(request, subject)}
    return render(request, part.page_template, context)


@of_territory
def communes(request: HttpRequest, subject: Subject) -> HttpResponse:
    """List the communes of a territory, sorted by links, page by page."""
    sort = sort_asked(request, SORTS, default="nom")
    rows = sorted_rows(subject.store, subject.rows, sort=sort)
    page = paginate(request, rows.tolist(), per_page=COMMUNES_PER_PAGE)
    shown = rows[page.start_index() - 1 : page.end_index()]
    context = {
        "page": page,
        "communes": commune_rows(subject.store, shown),
        "sort": sort,
        "composition": composition(subject.store, subject.rows),
        **_frame(request, subject),
    }
    return render(request, "atlas/profiles/communes.html", context)


@of_territory
def communes_file(request: HttpRequest, subject: Subject, file_format: str) -> HttpResponseBase:
    """Answer the communes of a territory with every indicator, as CSV, XLSX or JSON."""
    address = request.build_absolute_uri(_url(subject))
    name = f"{subject.file_name}-communes.{file_format}"
    if file_format == "csv":
        return _attached(exports.communes_csv(subject, address=address), CSV_TYPE, name)
    if file_format == "xlsx":
        return _attached(exports.communes_xlsx(subject, address=address), XLSX_TYPE, name)
    if file_format == "json":
        return JsonResponse(exports.communes_json(subject))
    raise Http404(f"{file_format} n’est pas un format proposé : csv, xlsx ou json.")


@of_territory
def profile_json(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Answer the whole profile for programs; its keys are stable."""
    return JsonResponse(exports.profile_json(subject))


@of_territory
def profile_pdf(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Answer the profile as a document of four pages."""
    address = request.build_absolute_uri(_url(subject))
    content = document.profile_pdf(portrait_of(subject), address=address)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{subject.file_name}.pdf"'
    return response


@of_territory
def showcase(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Show a territory to whoever might settle there: its strengths and its services alone."""
    portrait = portrait_of(subject)
    shown = showcase_of(portrait)
    url = request.build_absolute_uri(_url(subject, "showcase"))
    context = {
        "portrait": portrait,
        "showcase": shown,
        "showcase_url": url,
        "structured_data": structured_data(subject, shown, url=url),
        "has_map": has_contours(subject),
        **_frame(request, subject),
    }
    return render(request, "atlas/profiles/showcase.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Set two to four territories side by side; `?q=` looks for one to add."""
    store = store_of(request)
    asked = comparing.read_asked(store, request.GET.getlist("t"))
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context = {
        "columns": comparing.columns_of(asked),
        "lines": comparing.lines_of(store, asked),
        "chart": comparing.access_chart(store, asked),
        "problems": asked.problems,
        "is_full": asked.is_full,
        "tokens": comparing.tokens_of(asked.subjects),
        "query": query,
        "choices": comparing.choices_for(store, asked, query) if query else (),
        "nation": store.territory_name("nation", "FR"),
    }
    return render(request, "atlas/profiles/compare.html", context)


@of_territory
def access_map_svg(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Answer the map of access in a territory."""
    return _map_response(request, subject, lambda: access_map(subject))


@of_territory
def locator_map_svg(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Answer the small map of where a territory lies."""
    return _map_response(request, subject, lambda: locator_map(subject))


def _map_response(
    request: HttpRequest, subject: Subject, draw: Callable[[], MapImage]
) -> HttpResponse:
    try:
        image = draw()
    except NotEnoughDataError as error:
        raise Http404("Aucun contour de ce territoire dans les données chargées.") from error
    response = HttpResponse(image.svg, content_type="image/svg+xml; charset=utf-8")
    # The address names the version of the data: what it answers never changes.
    known = request.GET.get("v") == subject.store.version
    age = f"max-age={_A_YEAR_S}, immutable" if known else f"max-age={_FIVE_MINUTES_S}"
    response["Cache-Control"] = f"public, {age}"
    return response


def _attached(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _parts(told: Portrayed, subject: Subject) -> list[dict[str, Any]]:
    """Return the parts that other features fill in this page."""
    found = [(part, part.brief(told)) for part in profile_parts()]
    return [
        {"part": part, "content": content, "url": _url(subject, "part", part_name=part.name)}
        for part, content in found
        if content is not None
    ]


def _frame(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    return {
        "subject": subject,
        "kind": subject.kind_words,
        "population": population_of(subject),
        "profile_url": _url(subject),
        "canonical_url": request.build_absolute_uri(_url(subject)),
        "version": subject.store.version,
    }


def _url(subject: Subject, name: str = "profile", **options: str) -> str:
    kwargs = {"kind": subject.kind, "address": subject.address, **options}
    return reverse(f"atlas:{name}", kwargs=kwargs)
