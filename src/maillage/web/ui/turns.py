"""Pages made a few at a time in each process."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Final

from django.http import HttpRequest, HttpResponse

AT_ONCE: Final = 2


class TurnsMiddleware:
    """Make two pages at a time in a process; the next ones wait in the order they came.

    A process computes on one core, whatever its threads: pages made all at once would each wait
    for all the others at every step. Two, so that a long one never stops the rest. Only making a
    page takes a turn: what a slow reader receives, or a form still arriving, holds none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._turns = BoundedSemaphore(AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with self._turns:
            return self.get_response(request)
