"""The addresses of the interface."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from django.db.models import Q, TextChoices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Query, Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from maillage.core.errors import InputError
from maillage.web.register.finding.api import filters
from maillage.web.register.finding.api.cursors import Cursor, read_cursor
from maillage.web.register.finding.api.schemas import (
    ErrorOut,
    InitiativeOut,
    PageOut,
    VocabularyOut,
)
from maillage.web.register.finding.asking import select, understand
from maillage.web.register.finding.criteria import FILTERS, read_criteria
from maillage.web.register.finding.files import site_of
from maillage.web.register.finding.records import READ_FOR_RECORDS, record_of
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import Licence, State
from maillage.web.territories.models import Territory

MOST_ITEMS: Final = 100
OTHER_PARAMETERS: Final = frozenset({"q", "updated_since", "limit", "cursor"})
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
ERRORS: Final = dict.fromkeys((400, 401, 403, 404, 405, 429), ErrorOut)
UNCHANGED: Final = {304: None}
ELSEWHERE: Final = {302: None}


def _written_as_a_date(given: Any) -> Any:
    """Refuse the seconds since 1970 that pydantic would take for a date."""
    if isinstance(given, str) and not re.match(r"\d{4}-\d{2}-\d{2}", given):
        raise ValueError("expected a date and hour with their zone, as in 2026-01-31T00:00:00Z")
    return given


def _in_utc(given: datetime) -> datetime:
    """Refuse what the zone takes out of the years that a computer counts, 1 to 9999."""
    try:
        return given.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("expected a date between the years 1 and 9999 in UTC") from error


Moment = Annotated[AwareDatetime, BeforeValidator(_written_as_a_date), AfterValidator(_in_utc)]

router = Router(tags=["Initiatives"])
api = NinjaAPI(
    title="Maillage : initiatives des territoires",
    version="1",
    description=(
        "Les initiatives de santé publiées par les territoires. Lecture libre, sans clé, dans la "
        "limite de 60 appels par minute et par adresse ; une clé personnelle porte cette limite à "
        "120. Chaque fiche dit sa licence ; les fiches de licence inconnue n’y sont pas."
    ),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-1",
)


@router.get(
    "/initiatives",
    response={200: PageOut, **UNCHANGED, **ERRORS},
    summary="Les initiatives, de la moins à la plus récemment modifiée",
    operation_id="list_initiatives",
    openapi_extra={"parameters": filters.parameters()},
)
@decorate_view(conditional_page)
def list_initiatives(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=300, description="Mots cherchés, corrigés au besoin")] = "",
    updated_since: Annotated[
        Moment | None, Query(description="Modifiées depuis, avec le fuseau")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ITEMS)] = 50,
    cursor: Annotated[str, Query(max_length=200, description="Voir « next »")] = "",
) -> Any:
    """Return one page of what answers every filter given."""
    criteria = read_criteria(request.GET)
    refused = filters.refusals(request.GET, criteria, others=OTHER_PARAMETERS)
    if refused:
        return _refusal(request, refused)
    found = select(criteria, understand(criteria)).exclude(licence=Licence.UNKNOWN)
    if updated_since is not None:
        found = found.filter(updated_at__gte=max(updated_since, EARLIEST))
    count = found.count()
    if cursor:
        after = read_cursor(cursor)
        found = found.filter(
            Q(updated_at__gt=after.updated_at) | Q(updated_at=after.updated_at, pk__gt=after.key)
        )
    rows = list(found.order_by("updated_at", "pk").prefetch_related(*READ_FOR_RECORDS)[: limit + 1])
    site = site_of(request)
    return {
        "items": [record_of(row, site=site) for row in rows[:limit]],
        "count": count,
        "next": _next(request, rows[limit - 1]) if len(rows) > limit else None,
    }


@router.get(
    "/initiatives/{public_id}",
    response={200: InitiativeOut, **ELSEWHERE, **UNCHANGED, **ERRORS},
    summary="Une initiative",
    operation_id="read_initiative",
)
@decorate_view(conditional_page)
def read_initiative(
    request: HttpRequest, public_id: Annotated[str, Field(max_length=40, pattern=r"^[\w-]*$")]
) -> Any:
    """Return one initiative; one that was merged leads to the one that holds it now."""
    allowed = Initiative.objects.public().exclude(licence=Licence.UNKNOWN)
    found = allowed.filter(public_id=public_id).prefetch_related(*READ_FOR_RECORDS).first()
    if found is not None:
        return record_of(found, site=site_of(request))
    into = allowed.filter(merged_from__public_id=public_id, merged_from__state=State.MERGED).first()
    if into is None:
        raise Http404
    return HttpResponseRedirect(request.path.replace(public_id, into.public_id))


@router.get(
    "/vocabularies",
    response={200: list[VocabularyOut], **UNCHANGED, **ERRORS},
    summary="Les filtres et leurs valeurs",
    operation_id="list_vocabularies",
)
@decorate_view(conditional_page)
def list_vocabularies(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every filter, with its values and their words in French."""
    regions = list(
        Territory.objects.filter(kind="region").order_by("code").values_list("code", "name")
    )
    return [
        {"name": each.name, "label": each.label, "values": _words(each.choices, regions)}
        for each in FILTERS
    ]


def _words(
    choices: type[TextChoices] | None, regions: list[tuple[str, str]]
) -> list[dict[str, str]]:
    pairs = regions if choices is None else choices.choices
    return [{"value": str(value), "label": str(label)} for value, label in pairs]


def _next(request: HttpRequest, last: Initiative) -> str:
    asked = request.GET.copy()
    asked["cursor"] = Cursor(last.updated_at, last.pk).text()
    return f"{site_of(request)}{request.path}?{asked.urlencode()}"


def error_body(code: str, message: str, details: list[str] | None = None) -> dict[str, Any]:
    """Return the body of an error."""
    return {"error": {"code": code, "message": message, "details": details or []}}


def _refusal(request: HttpRequest, details: list[str]) -> HttpResponse:
    body = error_body("bad_request", "Un paramètre n’est pas recevable.", details)
    return api.create_response(request, body, status=400)


@api.exception_handler(ValidationError)
def _refuse_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _refusal(request, [f"{each['loc'][-1]}: {each['msg']}" for each in error.errors])


@api.exception_handler(InputError)
def _refuse_input(request: HttpRequest, error: InputError) -> HttpResponse:
    return _refusal(request, [str(error)])


@api.exception_handler(Http404)
def _say_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    body = error_body("not_found", "Il n’y a rien à cette adresse.")
    return api.create_response(request, body, status=404)


@api.exception_handler(HttpError)
def _say_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    body = error_body("error", error.message)
    return api.create_response(request, body, status=error.status_code)


api.add_router("", router)
