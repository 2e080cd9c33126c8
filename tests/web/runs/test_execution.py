"""One delivery of a run, in this process; what a second thread would do is done by hand."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError
from django_tasks_db.models import DBTaskResult

from maillage.core.errors import InputError
from maillage.web.runs import execution, watching
from maillage.web.runs.contexts import WorkerContext, current_context, working_as
from maillage.web.runs.errors import OUR_FAULT
from maillage.web.runs.execution import Outcome, execute_run
from maillage.web.runs.leases import claim_run
from maillage.web.runs.models import Run, State
from maillage.web.runs.studies import Study
from maillage.web.runs.sweeping import sweep
from maillage.web.runs.tasks import compute_run
from maillage.web.runs.timing import Timing
from maillage.web.runs.watching import Watch
from tests.web.runs.conftest import NOON

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@contextmanager
def unwatched(*, claim, worker):
    yield Watch(claim=claim, worker=worker, at=NOON)


def watched_with(event):
    """Return a watcher that does `event(watch)` before the study starts."""

    @contextmanager
    def watcher(*, claim, worker):
        watch = Watch(claim=claim, worker=worker, at=NOON)
        event(watch)
        yield watch

    return watcher


def execute(run, watcher=unwatched, **context):
    return execute_run(public_id=run.public_id, worker=WorkerContext(**context), watcher=watcher)


def look(watch):
    watch.look(NOON)


def test_a_run_is_computed_and_its_result_kept(ask):
    assert execute(ask(seed=4)) is Outcome.SUCCEEDED
    result = json.loads(Run.objects.get().result)
    assert (result["primes"], result["seed"]) == (25, 4)  # 25 primes below 100


def test_the_same_question_and_seed_give_the_same_result(ask):
    first, again = ask(), ask()
    execute(first)
    execute(again)
    assert len(set(Run.objects.values_list("result_hash", flat=True))) == 1


def test_a_run_delivered_twice_is_computed_once(ask):
    run = ask()
    execute(run)
    assert execute(run) is Outcome.NOT_WAITING


def test_a_fault_of_the_data_is_explained_in_french(ask):
    assert execute(ask("failing", inputs={"how": "data"})) is Outcome.FAILED
    assert Run.objects.get().error == (
        "Les données disponibles ne permettent pas de répondre à cette question. "
        "Précision : il manque les effectifs de 2023"
    )


@pytest.mark.parametrize("how", ["bug", "nan", "quit"])
def test_a_fault_of_ours_is_told_without_its_details(ask, how):
    assert execute(ask("failing", inputs={"how": how})) is Outcome.FAILED
    assert Run.objects.get().error == OUR_FAULT


def test_a_study_removed_since_is_a_failure_not_a_crash(ask, monkeypatch):
    run = ask()
    monkeypatch.setattr("maillage.web.runs.studies.available_studies", dict)
    assert execute(run) is Outcome.FAILED


def test_a_cancelled_study_stops_and_the_run_is_cancelled(ask):
    run = ask(inputs={"gate": "/nowhere"})

    def cancelled(watch):
        Run.objects.update(cancel_requested=True)
        watch.look(NOON)

    assert execute(run, watched_with(cancelled)) is Outcome.CANCELLED


def test_a_cancellation_that_came_too_late_to_be_seen_still_wins(ask):
    run = ask()
    cancelled = watched_with(lambda watch: Run.objects.update(cancel_requested=True))
    assert execute(run, cancelled) is Outcome.CANCELLED
    assert Run.objects.get().result == ""


def test_what_a_study_returns_after_an_order_to_stop_is_no_result(ask, monkeypatch):
    run = ask("failing", inputs={"how": "quit"})
    monkeypatch.setattr(
        execution,
        "find_study",
        lambda name: _study(lambda inputs, *, stop, **rest: {"half": stop()}),
    )
    worker = {"stop": lambda: True, "timing": Timing(grace_s=0)}
    assert execute(run, watched_with(look), **worker) is Outcome.GIVEN_BACK
    assert Run.objects.get().state == State.QUEUED


def test_a_worker_that_lost_its_lease_stops_and_throws_its_work_away(ask):
    run = ask(inputs={"gate": "/nowhere"})

    def taken_over(watch):
        Run.objects.update(lease_until=NOON)
        sweep(at=NOON, lease=Timing().lease)
        claim_run(public_id=run.public_id, owner="other", at=NOON, lease=Timing().lease)
        watch.look(NOON)

    assert execute(run, watched_with(taken_over)) is Outcome.LOST
    assert Run.objects.get().lease_owner == "other"


def test_signs_of_life_are_written_at_most_every_few_seconds(ask, django_assert_num_queries):
    watch = _watch(ask())
    watch.progress(0.5, "Moitié")
    with django_assert_num_queries(1):  # the look at a request to cancel
        watch.look(NOON + SECOND)
    with django_assert_num_queries(2):
        watch.look(NOON + 2 * SECOND)
    assert (Run.objects.get().progress, Run.objects.get().message) == (0.5, "Moitié")
    with django_assert_num_queries(1):
        watch.look(NOON + 3 * SECOND)


@pytest.mark.parametrize(
    ("said", "kept"), [(-1, 0.0), (0.3, 0.3), (7, 1.0), (float("nan"), 0.0), (float("inf"), 1.0)]
)
def test_progress_is_brought_to_a_share(ask, said, kept):
    watch = _watch(ask())
    watch.progress(said, "x" * 1000)
    watch.look(NOON + 2 * SECOND)
    run = Run.objects.get()
    assert (run.progress, len(run.message)) == (kept, 300)


def test_an_ending_worker_stops_its_study_only_after_the_grace(ask):
    watch = _watch(ask(), stop=lambda: True, timing=Timing(grace_s=10))
    watch.look(NOON)
    watch.look(NOON + 9 * SECOND)
    assert not watch.stop()
    watch.look(NOON + 10 * SECOND)
    assert watch.stop()


def test_a_study_deaf_to_the_end_of_its_worker_loses_its_run_to_the_queue(ask):
    watch = _watch(ask(), stop=lambda: True, timing=Timing(grace_s=10, obey_s=5))
    watch.look(NOON)
    watch.look(NOON + 15 * SECOND)
    assert (Run.objects.get().state, watch.handed_back, watch.lost) == (State.QUEUED, True, False)


def test_a_database_out_of_reach_is_tried_again_at_the_next_look(ask, monkeypatch, caplog):
    watch = _watch(ask())
    monkeypatch.setattr(watching.connections, "close_all", lambda: None)
    monkeypatch.setattr(watch, "look", _raise(DatabaseError("gone")))
    watching._look_once(watch)
    assert not watch.stop()
    assert "did not answer" in caplog.text


def test_the_end_of_a_run_is_written_when_the_database_comes_back(monkeypatch):
    monkeypatch.setattr(execution, "connection", _Connection())
    monkeypatch.setattr(execution.time, "sleep", lambda seconds: None)
    answers = iter([OperationalError("gone"), OperationalError("gone"), Outcome.SUCCEEDED])
    outcome = execution._write_patiently(lambda: _answer(next(answers)), within_s=60)
    assert outcome is Outcome.SUCCEEDED


def test_a_database_gone_for_longer_than_the_lease_is_an_error(monkeypatch):
    monkeypatch.setattr(execution, "connection", _Connection())
    with pytest.raises(OperationalError):
        execution._write_patiently(_raise(OperationalError("gone")), within_s=-1)


def test_the_task_computes_its_run_as_the_worker_at_work(ask, monkeypatch):
    monkeypatch.setattr(execute_run, "__kwdefaults__", {"watcher": unwatched})
    run = ask()
    with working_as(WorkerContext(owner="me")) as context:
        assert current_context() is context
        assert compute_run.call(run.public_id) == "succeeded"
    assert current_context().owner != "me"


def test_the_task_of_a_run_given_back_queues_another(ask, monkeypatch):
    monkeypatch.setattr(execute_run, "__kwdefaults__", {"watcher": watched_with(look)})
    run = ask(inputs={"gate": "/nowhere"})
    with working_as(WorkerContext(stop=lambda: True, timing=Timing(grace_s=0))):
        assert compute_run.call(run.public_id) == "given back"
    assert DBTaskResult.objects.count() == 2
    assert Run.objects.get().task_id != run.task_id


def test_a_clockwork_in_which_one_late_write_loses_the_lease_is_refused():
    with pytest.raises(InputError, match="lease_s / 2"):
        Timing(lease_s=4, write_s=2)


def _watch(run, **context):
    worker = WorkerContext(**context)
    claim = claim_run(
        public_id=run.public_id, owner=worker.owner, at=NOON, lease=worker.timing.lease
    )
    return Watch(claim=claim, worker=worker, at=NOON)


def _study(compute):
    return Study(name="any", title="Toute étude", check=dict, compute=compute)


def _raise(error):
    def fail(*_, **__):
        raise error

    return fail


def _answer(answer):
    if isinstance(answer, Exception):
        raise answer
    return answer


class _Connection:
    in_atomic_block = False

    def close(self):
        pass
