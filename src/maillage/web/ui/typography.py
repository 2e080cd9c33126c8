"""The spaces of French printers in every page, wherever its words come from.

French sets a space before « : ; ? ! % » and inside quotation marks, where a line must not break.
Templates, messages, and what people write hold an ordinary one; it is changed here, once, in the
page about to be sent. What is read back by a machine keeps every byte: tags and their attributes,
what is typed in a form, code, scripts.
"""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

_KEPT: Final = re.compile(rb"(<(textarea|pre|code|script|style)\b.*?</\2>)", re.DOTALL)
# What is between two angle brackets, with the second one where it closes: the inside of a tag.
_BETWEEN: Final = re.compile(rb"[^<>]+>?")
_BEFORE_MARK: Final = re.compile(rb" (?=[:;?!%](?![\w=])|\xc2\xbb)")
_NO_BREAK: Final = "\u00a0".encode()
_AFTER_OPENING: Final = "« ".encode()
_OPENING: Final = "«\u00a0".encode()


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
    pieces = _KEPT.split(page)
    # The pattern has two groups: text, what is kept, the name of its tag, text…
    kept_too = (
        piece if rank % 3 else _typeset(piece) for rank, piece in enumerate(pieces) if rank % 3 != 2
    )
    return b"".join(kept_too)


def _typeset(html: bytes) -> bytes:
    """Typeset the text of a piece of page, read once from end to end."""
    return _BETWEEN.sub(lambda found: _spaced(found[0]), html)


def _spaced(text: bytes) -> bytes:
    if text.endswith(b">"):
        return text
    return _BEFORE_MARK.sub(_NO_BREAK, text).replace(_AFTER_OPENING, _OPENING)
