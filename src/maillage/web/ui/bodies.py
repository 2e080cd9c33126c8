"""How much a visitor may send at once, refused before any of it is read."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from maillage.web.ui.views import too_large

LARGEST_BODY: Final = 25 * 1024 * 1024
"""Bytes: the largest file taken anywhere (a spreadsheet of 20 MB) and the form around it."""


class BoundedBodyMiddleware:
    """Answer 413 to a body that says it is larger than anything the site takes.

    Django bounds fields, not files: those of any form, even one that takes none, are written to
    the disk before a page is asked whether it wants them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length[:20]) > LARGEST_BODY:
            return too_large(request)
        return self.get_response(request)
