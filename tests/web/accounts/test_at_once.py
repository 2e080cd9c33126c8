"""Two people at the same moment: nobody waits for somebody who waits for them."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from maillage.web.accounts.journal.verification import verify
from maillage.web.accounts.models import JournalEntry, Membership, Notice, User
from maillage.web.accounts.organisations import actions
from maillage.web.accounts.profile import deletion
from maillage.web.accounts.profile.deletion import delete_account
from maillage.web.accounts.rights import Role
from tests.web.conftest import NOON

LONGEST_S = 20.0
PAUSE_S = 1.0


@pytest.mark.django_db(transaction=True)
def test_somebody_joins_while_the_manager_who_is_told_closes_their_account(
    organisation, member, person, monkeypatch
):
    """Who joins has written the journal, to which who leaves must write, and names who leaves."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    where = organisation()
    manager, newcomer = member(where, Role.MANAGER), person("paul")
    recorded, erased = threading.Event(), threading.Event()

    def pause_before_the_end(user: User) -> None:
        recorded.set()
        erased.wait(PAUSE_S)

    def record_late(*args: Any, **kwargs: Any) -> Any:
        erased.set()
        return kept(*args, **kwargs)

    kept = deletion.record
    monkeypatch.setattr(actions, "forget_held", pause_before_the_end)
    monkeypatch.setattr(deletion, "record", record_late)
    errors: list[Exception] = []

    def do(call: Callable[[], object]) -> None:
        try:
            call()
        except Exception as error:  # the test reads it
            errors.append(error)
        finally:
            connection.close()

    def join() -> None:
        actions.join(organisation=where, user=newcomer, role=Role.READER, by=newcomer, at=NOON)

    def leave() -> None:
        recorded.wait(LONGEST_S)
        delete_account(user=User.objects.get(pk=manager.pk), at=NOON)

    threads = [threading.Thread(target=do, args=(call,)) for call in (join, leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST_S)
    assert not any(thread.is_alive() for thread in threads)
    assert not errors
    assert Membership.objects.get().user == newcomer
    assert not Notice.objects.exists()
    assert {entry.verb for entry in JournalEntry.objects.all()} == {
        "membership.begun",
        "user.deleted",
    }
    assert verify().sound
