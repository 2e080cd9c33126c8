"""Pages made a few at a time in each process."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError, Lock

import pytest
from django.http import HttpResponse

from maillage.web.ui.turns import AT_ONCE, TurnsMiddleware


class Page:
    """A page that notes how many others are made while it is."""

    def __init__(self, together: int = 1) -> None:
        self.made, self.most, self._lock = 0, 0, Lock()
        self._together = Barrier(together)

    def __call__(self, request) -> HttpResponse:
        with self._lock:
            self.made += 1
            self.most = max(self.most, self.made)
        self._together.wait(timeout=300)
        with self._lock:
            self.made -= 1
        return HttpResponse()


def ask(middleware, requests) -> list[int]:
    with ThreadPoolExecutor(len(requests)) as readers:
        return [answer.status_code for answer in readers.map(middleware, requests)]


def test_pages_are_made_one_after_the_other(rf):
    page = Page()
    assert ask(TurnsMiddleware(page), [rf.get("/") for _ in range(8)]) == [200] * 8
    assert page.most == AT_ONCE == 1


@pytest.mark.parametrize(("method", "path"), [("post", "/"), ("get", "/initiatives.csv")])
def test_a_form_or_a_file_waits_for_no_turn(rf, method, path):
    page = Page(together=5)
    asked = [getattr(rf, method)(path) for _ in range(5)]
    assert ask(TurnsMiddleware(page), asked) == [200] * 5
    assert page.most == 5


def test_a_page_waits_for_no_file(rf):
    page = Page(together=2)
    assert ask(TurnsMiddleware(page), [rf.get("/"), rf.get("/initiatives.csv")]) == [200] * 2


def test_a_page_that_fails_gives_its_turn_back(rf):
    def fail(request):
        raise BrokenBarrierError

    middleware = TurnsMiddleware(fail)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(BrokenBarrierError):
            middleware(rf.get("/"))
