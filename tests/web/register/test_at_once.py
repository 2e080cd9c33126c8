"""Two people, or a file and somebody, on the same records at the same moment."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection

from maillage.web.accounts.journal.verification import verify
from maillage.web.accounts.models import User
from maillage.web.register.importing import running
from maillage.web.register.life import moving
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.editing import edit
from maillage.web.register.life.errors import NotAllowed, StateChanged
from maillage.web.register.life.freshness import confirm_fresh
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register.test_importing import TABLE, outcomes, run

LONGEST_S = 20.0
in_threads = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two_at_once() -> Callable[..., list[Any]]:
    """Do things each in a thread of its own; return what each gave, or the error it met.

    SQLite lets one change in at a time: there is nothing to prove there.
    """
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")

    def run_both(*calls: Callable[[], Any]) -> list[Any]:
        answers: list[Any] = [None] * len(calls)

        def do(number: int, call: Callable[[], Any]) -> None:
            try:
                answers[number] = call()
            except Exception as error:  # the test reads it
                answers[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=do, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONGEST_S)
        assert not any(thread.is_alive() for thread in threads)
        close_old_connections()
        return answers

    return run_both


def until_somebody_waits() -> None:
    """Return once another connection waits for a lock; fail when none does."""
    ends_s = time.monotonic() + LONGEST_S / 2
    while time.monotonic() < ends_s:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for a lock")


def as_read(initiative: Initiative) -> Initiative:
    return Initiative.objects.get(pk=initiative.pk)


def merge(one: Initiative, into: Initiative) -> None:
    move(initiative=one, action=Action.MERGE, actor=MACHINE, at=AT, into=into)


def test_a_record_read_before_it_was_merged_receives_no_other(make: MakeInitiative):
    one, other = make(title="Une"), make(title="Autre")
    one_before = as_read(one)
    merge(one, other)
    with pytest.raises(NotAllowed):
        merge(as_read(other), one_before)
    assert as_read(other).state == State.PUBLISHED


@in_threads
def test_two_records_merged_into_one_another_at_once_make_no_circle(
    make: MakeInitiative, two_at_once: Any, monkeypatch: pytest.MonkeyPatch
):
    one, other = make(title="Une"), make(title="Autre")
    first_is_in = threading.Event()
    keep = moving.keep_version

    def kept_once_the_other_waits(initiative: Initiative, *rest: Any, **more: Any) -> Any:
        if initiative.pk == one.pk:
            first_is_in.set()
            until_somebody_waits()
        return keep(initiative, *rest, **more)

    def second() -> None:
        pair = as_read(other), as_read(one)
        assert first_is_in.wait(LONGEST_S)
        merge(*pair)

    monkeypatch.setattr(moving, "keep_version", kept_once_the_other_waits)
    answers = two_at_once(lambda: merge(as_read(one), as_read(other)), second)
    assert answers[0] is None
    assert isinstance(answers[1], NotAllowed)
    assert as_read(one).merged_into == other
    assert as_read(other).state == State.PUBLISHED
    assert verify().sound


@in_threads
def test_a_file_and_somebody_who_edits_one_of_its_records_wait_for_one_another(
    make: MakeInitiative, two_at_once: Any, monkeypatch: pytest.MonkeyPatch
):
    administrator = User.objects.create_user("a@example.org", is_platform_administrator=True)
    run(TABLE, by=administrator)
    last = Initiative.objects.get(title="Œuvre santé")
    first_row_is_written = threading.Event()

    def edited_once_the_other_waits(**asked: Any) -> Any:
        answer = edit(**asked)
        if not first_row_is_written.is_set():
            first_row_is_written.set()
            until_somebody_waits()
        return answer

    def somebody() -> None:
        assert first_row_is_written.wait(LONGEST_S)
        edit(initiative=as_read(last), changes={"promise": "Relue."}, actor=MACHINE, at=AT)

    monkeypatch.setattr(running, "edit", edited_once_the_other_waits)
    corrected = TABLE.replace("Un bus.", "Deux bus.").replace("Une œuvre.", "Deux œuvres.")
    batch, edited = two_at_once(lambda: run(corrected, by=administrator), somebody)
    assert outcomes(batch) == ["updated", "updated"]
    assert isinstance(edited, StateChanged)  # told, and tried again on the sheet of the file
    assert as_read(last).promise == "Deux œuvres."
    assert verify().sound


def test_a_record_archived_meanwhile_is_not_said_to_be_right(make: MakeInitiative):
    initiative = make()
    before = as_read(initiative)
    move(initiative=initiative, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="fini")
    with pytest.raises(StateChanged):
        confirm_fresh(initiative=before, actor=MACHINE, at=AT)
