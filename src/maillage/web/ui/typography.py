"""The spaces of French printers in every page, wherever its words come from.

French sets a space before « : ; ? ! % » and inside quotation marks, where a line must not break.
Templates, messages, and what people write hold an ordinary one; it is changed here, once, in the
page about to be sent. What is read back by a machine keeps every byte: tags and their attributes,
what is typed in a form, code, scripts.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse

_KEPT: Final = re.compile(rb"<(textarea|pre|code|script|style)\b.*?</\1>", re.DOTALL)
# The first look-ahead sets most spaces aside at little cost: a page is a quarter spaces.
_BEFORE_MARK: Final = re.compile(rb" (?=[:;?!%\xc2])(?=[:;?!%](?![\w=])|\xc2\xbb)")
_AFTER_OPENING: Final = re.compile(rb"\xc2\xab ")
_BRACKET: Final = re.compile(rb"[<>]")
_NO_BREAK: Final = "\u00a0".encode()


class TypographyMiddleware:
    """Give every page of HTML its spaces that do not break."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = typeset_page(response.content)
        return response


def typeset_page(page: bytes) -> bytes:
    """Return a page of HTML in UTF-8 with its spaces before high marks made unbreakable."""
    pieces, done = [], 0
    for place in _loose_in_text(page):
        pieces += [page[done:place], _NO_BREAK]
        done = place + 1
    return b"".join([*pieces, page[done:]])


def _loose_in_text(page: bytes) -> Iterator[int]:
    """Yield where the spaces to change are, in order; those of tags and of what is kept are not.

    A page has few such spaces and many tags: each space is looked at, never each tag.
    """
    kept = [found.span() for found in _KEPT.finditer(page)]
    marks = (_BEFORE_MARK, _AFTER_OPENING)
    loose = {found.end() - 1 for each in marks for found in each.finditer(page)}
    next_kept, bracket = 0, -1
    for place in sorted(loose):
        while next_kept < len(kept) and kept[next_kept][1] <= place:
            next_kept += 1
        if next_kept < len(kept) and kept[next_kept][0] <= place:
            continue
        if bracket < place:
            bracket = _next_bracket(page, place)
        if page[bracket : bracket + 1] != b">":
            yield place


def _next_bracket(page: bytes, place: int) -> int:
    """Return where the next angle bracket is: the end of the page when there is none."""
    found = _BRACKET.search(page, place)
    return found.start() if found else len(page)
