"""What browsers and proxies may keep of a page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class PageCachingMiddleware:
    """Let a page be kept if it is asked for again each time, and by its reader alone if known.

    With `ConditionalGetMiddleware`, whose ETag makes the second answer short. A view that sets
    Cache-Control itself (files of a version of the data, runs, accounts) has its way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = (
                "private, no-cache" if _known(request, response) else "no-cache"
            )
        return response


def _known(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether an answer may hold something of one reader: a session, a form's token."""
    if request.method not in ("GET", "HEAD") or response.cookies:
        return True
    return settings.SESSION_COOKIE_NAME in request.COOKIES
