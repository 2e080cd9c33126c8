"""Pages made one after the other in each process."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Final

from django.http import HttpRequest, HttpResponse

AT_ONCE: Final = 1


class TurnsMiddleware:
    """Make one page at a time in a process; the next ones wait in the order they came.

    A process computes on one core, whatever its threads: pages made all at once would each wait
    for all the others at every step, and the last of eight would come as late as one by one.
    Files, which take longer, have no turn: they give way at every step. Only making a page takes
    one: what a slow reader receives, or a form still arriving, holds none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._turns = BoundedSemaphore(AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_page(request):
            return self.get_response(request)
        with self._turns:
            return self.get_response(request)


def _is_page(request: HttpRequest) -> bool:
    """Say whether a page is asked for: addresses of files end with their name, not with a slash."""
    return request.method in ("GET", "HEAD") and request.path.endswith("/")
