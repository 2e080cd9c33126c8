"""What holds for every address of the interface: limits, cross-origin reading, shape of errors."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_safe

from maillage.web.accounts.keys.actions import KeyRefused, KeyTooNarrow, TooManyCalls, key_of
from maillage.web.accounts.keys.models import Scope
from maillage.web.accounts.limits import Limit, address_of, consume
from maillage.web.register.finding.api.operations import api, error_body

CALLS_WITHOUT_KEY: Final = Limit("api-visitor", 60, timedelta(minutes=1))
View = Callable[..., HttpResponseBase]


def framed(view: View) -> View:
    """Return a view of the interface that counts its calls and speaks JSON alone."""

    @csrf_exempt
    @wraps(view)
    def _framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _refusal(request) or _in_json(view(request, *args, **kwargs))
        response["Access-Control-Allow-Origin"] = "*"
        response["Cache-Control"] = "no-cache"
        return response

    return _framed


def _refusal(request: HttpRequest) -> HttpResponseBase | None:
    """Return the answer to a call that is one too many, or whose key is no good."""
    at = timezone.now()
    try:
        if "Authorization" in request.headers:
            key_of(request, scope=Scope.READ, at=at)
        elif not consume(CALLS_WITHOUT_KEY, address_of(request), at=at):
            raise TooManyCalls(f"more than {CALLS_WITHOUT_KEY.amount} calls in a minute.")
    except KeyRefused as error:
        return _error(401, "unauthorised", "La clé n’est pas valable.", error)
    except KeyTooNarrow as error:
        return _error(403, "forbidden", "La clé n’ouvre pas la lecture.", error)
    except TooManyCalls as error:
        response = _error(429, "too_many_requests", "Trop d’appels : attendez une minute.", error)
        response["Retry-After"] = "60"
        return response
    return None


def _error(status: int, code: str, message: str, error: Exception | None = None) -> JsonResponse:
    details = [str(error)] if error else []
    return JsonResponse(error_body(code, message, details), status=status)


def _in_json(response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer, with the one shape of errors where the framework has its own."""
    if response.status_code == 405:
        refused = _error(405, "method_not_allowed", "Cette adresse ne se lit que par GET.")
        refused["Allow"] = response.get("Allow", "GET")
        return refused
    return response


@conditional_page
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI document."""
    return JsonResponse(api.get_openapi_schema(path_prefix="/api/v1"))


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an address that is not one of the interface."""
    return _error(404, "not_found", "Il n’y a rien à cette adresse.")


def patterns() -> list[URLPattern]:
    """Return the addresses of the interface, framed."""
    found = []
    for pattern in api.urls[0]:
        if pattern.name == "api-root":
            continue
        found.append(path(f"api/v1/{pattern.pattern}", framed(pattern.callback)))
    found.append(path("api/v1/openapi.json", framed(openapi)))
    found.append(path("api/v1/<path:rest>", framed(nothing_here)))
    return found
