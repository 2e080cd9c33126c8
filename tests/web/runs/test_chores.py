"""Chores: done when due, by one worker at a time, and what went wrong is written down."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from maillage.core.errors import InputError
from maillage.web.accounts.models import User
from maillage.web.runs import chores
from maillage.web.runs.chores import LEASE, RETRY, Chore, do_due, offered
from maillage.web.runs.contexts import WorkerContext
from maillage.web.runs.models import ChoreState
from maillage.web.runs.workers import RunWorker
from tests.web.runs.conftest import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
REFUSAL = "the address elue@example.org is refused"


class Work:
    """Counts how often it was done; may fail, or do something in the middle."""

    def __init__(self, *, fails: bool = False, meanwhile=lambda at: None):
        self.times, self.fails, self.meanwhile = [], fails, meanwhile

    def __call__(self, at):
        self.times.append(at)
        self.meanwhile(at)
        if self.fails:
            raise OSError(REFUSAL)
        return {"faits": len(self.times)}


def chore(work, *, name="test.chore", every=HOUR):
    return Chore(name=name, label="Essai", every=every, work=work)


def turn(*wanted, at, owner="worker-1"):
    return do_due(owner=owner, clock=lambda: at, chores=wanted)


def test_a_chore_is_done_at_once_and_then_at_its_pace():
    work = Work()
    assert turn(chore(work), at=NOON) == {"test.chore": {"faits": 1}}
    assert turn(chore(work), at=NOON + HOUR - SECOND) == {}
    assert turn(chore(work), at=NOON + HOUR) == {"test.chore": {"faits": 2}}
    assert work.times == [NOON, NOON + HOUR]
    state = ChoreState.objects.get()
    assert (state.report, state.error, state.lease_owner) == ({"faits": 2}, "", "")


def test_what_one_worker_has_in_hand_is_not_done_by_another():
    second = Work()
    first = Work(meanwhile=lambda at: turn(chore(second), at=at, owner="worker-2"))
    turn(chore(first), at=NOON)
    assert (len(first.times), len(second.times)) == (1, 0)


def test_two_workers_that_saw_the_same_chore_due_do_it_once():
    turn(chore(Work()), at=NOON)
    due = NOON + HOUR
    assert chores._take("test.chore", owner="worker-1", at=due)
    assert not chores._take("test.chore", owner="worker-2", at=due)


def test_a_chore_whose_worker_died_is_taken_when_its_lease_ends():
    turn(chore(Work()), at=NOON)
    assert chores._take("test.chore", owner="dead", at=NOON + HOUR)
    work = Work()
    assert turn(chore(work), at=NOON + HOUR + LEASE - SECOND) == {}
    assert turn(chore(work), at=NOON + HOUR + LEASE) == {"test.chore": {"faits": 1}}


def test_a_worker_that_outlived_its_lease_does_not_write_over_the_next_one():
    late = NOON + LEASE
    slow = Work(meanwhile=lambda at: turn(chore(Work()), at=late, owner="worker-2"))
    turn(chore(slow), at=NOON)
    assert ChoreState.objects.get().due_at == late + HOUR


def test_a_chore_that_fails_is_told_tried_again_soon_and_stops_no_other(caplog):
    bad, good = Work(fails=True), Work()
    wanted = (chore(bad, name="test.a"), chore(good, name="test.b"))
    assert turn(*wanted, at=NOON) == {"test.a": {}, "test.b": {"faits": 1}}
    state = ChoreState.objects.get(name="test.a")
    assert state.error == "OSError", "no message: it may name somebody"
    assert "OSError" in caplog.text
    assert "in __call__" in caplog.text, "the log says where"
    assert "elue@example.org" not in caplog.text
    assert state.due_at == NOON + RETRY
    bad.fails = False
    turn(*wanted, at=NOON + RETRY)
    assert ChoreState.objects.get(name="test.a").error == ""


def test_the_longest_due_is_done_first():
    order = []
    first = chore(lambda at: order.append("first") or {}, name="test.z")
    turn(first, at=NOON - HOUR)
    order.clear()
    turn(chore(lambda at: order.append("new") or {}, name="test.a"), first, at=NOON + HOUR)
    assert order == ["first", "new"]


def test_a_chore_without_pace_is_refused():
    with pytest.raises(InputError, match="expected above 0"):
        chore(Work(), every=timedelta(0))


def test_the_site_offers_its_chores_and_a_worker_does_them():
    names = {one.name for one in offered()}
    assert {"runs.purge", "accounts.tidy", "accounts.notices", "register.freshness"} <= names
    RunWorker(WorkerContext())._housekeep()
    well = ChoreState.objects.filter(ended_at__isnull=False, error="")
    assert set(well.values_list("name", flat=True)) == names


def test_the_command_does_what_is_due_and_says_what(capsys):
    call_command("run_due", "--sweep-only")
    told = capsys.readouterr().out
    assert "accounts.notices: messages 0" in told
    assert "register.freshness: " in told


def test_administrators_see_the_last_time_and_nobody_else_does(client):
    path = "/calculs/entretien/"
    assert client.get(path).status_code == 404
    one = User.objects.create_user("un@example.org")
    client.force_login(one)
    assert client.get(path).status_code == 404
    assert path not in client.get("/calculs/").text
    admin = User.objects.create_user("admin@example.org", is_platform_administrator=True)
    client = Client()
    client.force_login(admin)
    assert path in client.get("/calculs/").text
    assert client.get(path).text.count(">en retard<") == len(offered())
    call_command("run_due", "--sweep-only")
    page = client.get(path).text
    assert page.count(">à jour<") == len(offered())
    assert "messages\u00a0: 0" in page
    ChoreState.objects.filter(name="runs.purge").update(error="OSError")
    ChoreState.objects.filter(name="accounts.tidy").update(lease_until=F("due_at"))
    page = client.get(path).text
    assert "en échec (OSError)" in page
    assert "en cours" in page
