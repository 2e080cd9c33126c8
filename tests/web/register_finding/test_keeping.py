"""What a web process keeps of the index is read again when, and only when, it must be."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import sleep

import pytest
from django.db import connection

from maillage.web.register.finding import keeping
from maillage.web.register.finding.keeping import Keeper
from maillage.web.register.models import SearchState

FIVE, SIX = SearchState(revision=5), SearchState(revision=6)


class Reader:
    """Reads 1, then 2, and so on."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> int:
        return next(self._numbers)


def test_what_is_kept_is_read_once_under_one_revision() -> None:
    keeper, read = Keeper[int](), Reader()
    assert [keeper.get(FIVE, read).value for _ in range(3)] == [1, 1, 1]
    assert [keeper.get(SIX, read).value for _ in range(3)] == [2, 2, 2]
    assert keeper.get(SIX, read).revision == 6


def test_a_state_that_was_taken_back_is_forgotten() -> None:
    keeper, read = Keeper[int](may_be_late=lambda value: True), Reader()
    keeper.get(SIX, read)
    assert keeper.get(FIVE, read).value == 2


def test_what_may_be_late_waits_for_a_while_unless_it_is_asked_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr(keeping, "monotonic", lambda: clock[0])
    keeper, read = Keeper[int](may_be_late=lambda value: value < 3), Reader()
    keeper.get(FIVE, read)
    clock[0] += keeping.SECONDS_LATE - 1
    late = keeper.get(SIX, read)
    assert (late.value, late.revision) == (1, 5)
    assert keeper.get(SIX, read, anew=True).value == 2
    clock[0] += keeping.SECONDS_LATE + 1
    assert keeper.get(SIX, read).value == 2
    seven, eight = SearchState(revision=7), SearchState(revision=8)
    assert keeper.get(seven, read).value == 3
    assert keeper.get(eight, read).value == 4  # 3 may not be late


def test_what_was_read_of_another_object_or_database_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper, read = Keeper[int](may_be_late=lambda value: True), Reader()
    one, another = [1], [1]  # equal, and yet not the same
    assert keeper.get(FIVE, read, of=one).value == 1
    assert keeper.get(FIVE, read, of=another).value == 2
    monkeypatch.setitem(connection.settings_dict, "NAME", "elsewhere")
    assert keeper.get(FIVE, read, of=another).value == 3


def test_threads_that_ask_at_once_read_once() -> None:
    keeper, read = Keeper[int](), Reader()

    def slowly() -> int:
        sleep(0.05)
        return read()

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: keeper.get(FIVE, slowly).value, range(8)))
    assert found == [1] * 8
