"""Two people, or a file and somebody, on the same records at the same moment."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection

from maillage.web.accounts.journal.verification import verify
from maillage.web.accounts.models import User
from maillage.web.accounts.profile import deletion
from maillage.web.accounts.profile.deletion import delete_account
from maillage.web.register.importing import running, undoing
from maillage.web.register.life import moving
from maillage.web.register.life.actors import MACHINE, Actor
from maillage.web.register.life.editing import edit
from maillage.web.register.life.errors import NotAllowed, StateChanged
from maillage.web.register.life.freshness import confirm_fresh
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action, Role
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register.test_importing import TABLE, outcomes, run, undo

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


def until_somebody_waits(*, or_is_done: threading.Event | None = None) -> None:
    """Return once another connection waits for a lock, or is done; fail when none does."""
    ends_s = time.monotonic() + LONGEST_S / 2
    while time.monotonic() < ends_s:
        if or_is_done is not None and or_is_done.is_set():
            return
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


@in_threads
def test_two_files_of_one_source_at_once_bring_each_key_once(
    make: MakeInitiative, two_at_once: Any, monkeypatch: pytest.MonkeyPatch
):
    administrator = User.objects.create_user("a@example.org", is_platform_administrator=True)
    first_is_in = threading.Event()
    create = running._create

    def created_once_the_other_waits(*asked: Any) -> Any:
        answer = create(*asked)
        if not first_is_in.is_set():
            first_is_in.set()
            until_somebody_waits()
        return answer

    def second() -> Any:
        head, *lines = TABLE.splitlines()
        assert first_is_in.wait(LONGEST_S)
        return run("\n".join([head, *reversed(lines)]), by=administrator)

    monkeypatch.setattr(running, "_create", created_once_the_other_waits)
    one, other = two_at_once(lambda: run(TABLE, by=administrator), second)
    assert outcomes(one) == ["created", "created"]
    assert outcomes(other) == ["unchanged", "unchanged"]


@in_threads
def test_an_undoing_and_somebody_who_edits_wait_for_one_another(
    make: MakeInitiative, two_at_once: Any, monkeypatch: pytest.MonkeyPatch
):
    batch = run(TABLE)
    bus = Initiative.objects.get(title="Bus du Levant")
    others_wait = threading.Event()
    erase = undoing._erase

    def erased_once_the_other_waits(rows: Any) -> None:
        others_wait.set()
        until_somebody_waits()
        erase(rows)

    def somebody() -> None:
        read = as_read(bus)
        assert others_wait.wait(LONGEST_S)
        edit(initiative=read, changes={"promise": "Relue."}, actor=MACHINE, at=AT)

    monkeypatch.setattr(undoing, "_erase", erased_once_the_other_waits)
    undone, edited = two_at_once(lambda: undo(batch), somebody)
    assert outcomes(undone) == ["undone", "undone"]
    assert isinstance(edited, StateChanged)


@in_threads
def test_an_account_is_closed_while_its_owner_edits_a_sheet(
    make: MakeInitiative, two_at_once: Any, monkeypatch: pytest.MonkeyPatch
):
    author = User.objects.create_user("autrice@example.org")
    initiative = make(created_by=author)
    is_closing, is_edited = threading.Event(), threading.Event()
    forget = deletion.forget_everywhere

    def forgotten_once_the_other_is_in(*asked: Any) -> None:
        is_closing.set()
        until_somebody_waits(or_is_done=is_edited)
        forget(*asked)

    def somebody() -> None:
        assert is_closing.wait(LONGEST_S)
        by = Actor(author, frozenset({Role.AUTHOR}))
        edit(initiative=as_read(initiative), changes={"promise": "x"}, actor=by, at=AT)
        is_edited.set()

    monkeypatch.setattr(deletion, "forget_everywhere", forgotten_once_the_other_is_in)
    assert two_at_once(lambda: delete_account(user=author, at=AT), somebody) == [None, None]
    assert as_read(initiative).created_by is None
    assert verify().sound


def test_a_record_archived_meanwhile_is_not_said_to_be_right(make: MakeInitiative):
    initiative = make()
    before = as_read(initiative)
    move(initiative=initiative, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="fini")
    with pytest.raises(StateChanged):
        confirm_fresh(initiative=before, actor=MACHINE, at=AT)
