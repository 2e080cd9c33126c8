"""A worker's turns, in this process; real processes are in test_worker_processes.py."""

import signal

import pytest
from django.db import DatabaseError
from django_tasks_db.models import DBTaskResult

from maillage.web.runs import execution, workers
from maillage.web.runs.contexts import WorkerContext
from maillage.web.runs.models import Run, State
from maillage.web.runs.timing import Timing
from maillage.web.runs.watching import Watch
from maillage.web.runs.workers import RunWorker, run_worker
from tests.web.runs.conftest import NOON

pytestmark = pytest.mark.django_db
QUICK = Timing(poll_s=0.001)


class _Unwatched:
    """Stands for the second thread, which could not see this test's transaction."""

    def __init__(self, *, claim, worker):
        self.watch = Watch(claim=claim, worker=worker, at=NOON)

    def __enter__(self):
        return self.watch

    def __exit__(self, *_):
        pass


@pytest.fixture(autouse=True)
def in_this_thread(monkeypatch):
    """Keep everything on this test's connection."""
    monkeypatch.setattr(execution.execute_run, "__kwdefaults__", {"watcher": _Unwatched})
    monkeypatch.setattr(workers, "close_old_connections", lambda: None)
    monkeypatch.setattr(workers.connections, "close_all", lambda: None)


@pytest.fixture
def worker():
    return RunWorker(WorkerContext(timing=QUICK))


def test_a_worker_empties_the_queue_and_says_how_many(ask):
    runs = [ask(), ask(), ask("failing", inputs={"how": "bug"})]
    assert run_worker(stop=lambda: False, timing=QUICK, until_empty=True) == len(runs)
    assert sorted(Run.objects.values_list("state", flat=True)) == [
        State.FAILED,
        State.SUCCEEDED,
        State.SUCCEEDED,
    ]
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_runs_are_taken_in_the_order_of_asking(ask, worker):
    first, second = ask(), ask()
    worker._turn()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.SUCCEEDED, State.QUEUED)


def test_a_worker_told_to_end_takes_nothing_more(ask):
    ask()
    assert run_worker(stop=lambda: True) == 0
    assert Run.objects.get().state == State.QUEUED


def test_an_idle_worker_waits_until_it_is_told_to_end():
    answers = iter([False] * 5 + [True] * 5)
    assert run_worker(stop=lambda: next(answers), timing=QUICK) == 0


def test_an_idle_worker_looks_at_the_queue_with_one_read(worker, django_assert_num_queries):
    worker._turn()  # the first turn sweeps and does chores
    with django_assert_num_queries(1):
        assert worker._turn() is False


def test_a_task_taken_by_a_quicker_worker_is_left_to_it(ask, worker, monkeypatch):
    ask()
    monkeypatch.setattr("django_tasks_db.models.DBTaskResultQuerySet.get_locked", lambda self: None)
    assert worker._turn() is False


def test_a_worker_waits_for_a_database_out_of_reach(worker, monkeypatch, caplog):
    def away():
        raise DatabaseError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(worker, "_take", away)
        assert worker._turn() is None
    assert "did not answer" in caplog.text
    assert worker._turn() is False


def test_a_worker_sweeps_at_its_first_turn_and_then_when_due(worker, monkeypatch):
    sweeps = []
    monkeypatch.setattr(
        workers, "sweep", lambda **said: sweeps.append(said) or workers.SweepReport()
    )
    worker._turn()
    worker._turn()
    assert len(sweeps) == 1
    worker._look_around_s = 0.0
    worker._turn()
    assert len(sweeps) == 2


def test_signals_are_the_order_to_end_and_are_put_back_after():
    before = signal.getsignal(signal.SIGTERM)
    with workers._ending(None) as must_end:
        assert not must_end()
        signal.raise_signal(signal.SIGTERM)
        assert must_end()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL  # a second one ends at once
    assert signal.getsignal(signal.SIGTERM) is before


def test_two_workers_have_two_names():
    assert WorkerContext().owner != WorkerContext().owner
