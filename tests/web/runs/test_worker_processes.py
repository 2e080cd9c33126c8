"""Real workers in real processes: killed, stopped, raced, told to end; on both engines."""

import json
import signal

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from maillage.web.runs.actions import cancel_run
from maillage.web.runs.errors import INTERRUPTED_TOO_OFTEN
from maillage.web.runs.models import Run, State
from maillage.web.runs.sweeping import MAX_LOSSES
from tests.web.runs.conftest import wait_until


@pytest.fixture
def ask_now(ask):
    def _ask(study="primes", **rest):
        return ask(study, at=timezone.now(), **rest)

    return _ask


def test_a_worker_computes_a_run_and_its_progress_is_seen_meanwhile(workshop, ask_now):
    run = ask_now(inputs=workshop.inputs(below=10_000))
    workshop.start_worker()
    seen = workshop.reached(run, lambda now: now.progress > 0.9)
    assert (seen.state, seen.message) == (State.RUNNING, "Nombre 100")
    workshop.open_gate()
    done = workshop.finished(run)
    assert done.state == State.SUCCEEDED
    assert json.loads(done.result)["primes"] == 1229  # π(10,000), OEIS A006880
    assert (done.progress, done.lease_until, done.lease_owner) == (1.0, None, "")


def test_a_second_worker_finishes_the_run_of_a_killed_one(workshop, ask_now):
    run = ask_now(inputs=workshop.inputs())
    first = workshop.start_worker()
    workshop.computing()
    first.kill()
    second = workshop.start_worker()
    workshop.computing(other_than=first.pid)
    workshop.open_gate()
    done = workshop.finished(run)
    assert json.loads(done.result)["pid"] == second.pid
    assert (done.state, done.attempt, done.losses) == (State.SUCCEEDED, 2, 1)


def test_a_silent_study_keeps_its_lease_as_long_as_its_worker_lives(workshop, ask_now):
    run = ask_now("deaf", inputs=workshop.inputs())
    worker = workshop.start_worker()
    workshop.computing()
    first_lease = Run.objects.get(pk=run.pk).lease_until
    workshop.start_worker()  # ready to take it over
    workshop.reached(run, lambda now: (now.lease_until - first_lease).total_seconds() > 2)
    workshop.open_gate()
    done = workshop.finished(run)
    assert (done.attempt, json.loads(done.result)["pid"]) == (1, worker.pid)


def test_a_worker_that_slept_through_its_lease_cannot_write_its_result(workshop, ask_now):
    run = ask_now("deaf", inputs=workshop.inputs())
    sleeper = workshop.start_worker()
    workshop.computing()
    sleeper.send_signal(signal.SIGSTOP)
    second = workshop.start_worker()
    workshop.computing(other_than=sleeper.pid)
    workshop.open_gate()
    workshop.finished(run)
    before = Run.objects.filter(pk=run.pk).values().get()
    sleeper.send_signal(signal.SIGCONT)
    wait_until(lambda: f"{run.public_id}: lost" in workshop.logs(), "the sleeper settled nothing")
    assert Run.objects.filter(pk=run.pk).values().get() == before
    assert json.loads(before["result"])["pid"] == second.pid


def test_two_workers_share_the_queue_and_compute_each_run_once(workshop, ask_now, visitor):
    runs = [ask_now(inputs={"below": 100 + n}, asker=type(visitor)()) for n in range(12)]
    workshop.start_worker()
    workshop.start_worker()
    done = [workshop.finished(run) for run in runs]
    assert [run.attempt for run in done] == [1] * 12
    assert {run.state for run in done} == {State.SUCCEEDED}


def test_a_running_study_is_cancelled_by_its_asker(workshop, ask_now, visitor):
    run = ask_now(inputs=workshop.inputs())
    workshop.start_worker()
    workshop.computing()
    cancel_run(run=run, asker=visitor, at=timezone.now())
    assert workshop.finished(run).state == State.CANCELLED


def test_a_study_deaf_to_cancellation_ends_cancelled_without_a_result(workshop, ask_now, visitor):
    run = ask_now("deaf", inputs=workshop.inputs())
    workshop.start_worker()
    workshop.computing()
    cancel_run(run=run, asker=visitor, at=timezone.now())
    workshop.open_gate()
    done = workshop.finished(run)
    assert (done.state, done.result) == (State.CANCELLED, "")


def test_the_cancelled_run_of_a_killed_worker_is_not_computed_again(workshop, ask_now, visitor):
    run = ask_now(inputs=workshop.inputs())
    worker = workshop.start_worker()
    workshop.computing()
    worker.kill()
    cancel_run(run=run, asker=visitor, at=timezone.now())
    workshop.start_worker()
    done = workshop.finished(run)
    assert (done.state, done.attempt) == (State.CANCELLED, 1)


def test_a_worker_told_to_end_lets_a_study_finish_within_its_grace(workshop, ask_now):
    run = ask_now(inputs=workshop.inputs())
    worker = workshop.start_worker(grace_s=60)
    workshop.computing()
    worker.send_signal(signal.SIGTERM)
    workshop.open_gate()
    assert workshop.finished(run).state == State.SUCCEEDED
    assert worker.wait(timeout=300) == 0


def test_a_worker_told_to_end_gives_back_a_run_that_outlasts_its_grace(workshop, ask_now):
    run = ask_now(inputs=workshop.inputs())
    first = workshop.start_worker(lease_s=600)  # no lease ends in this test
    workshop.computing()
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=300) == 0
    waiting = Run.objects.get(pk=run.pk)
    assert (waiting.state, waiting.losses) == (State.QUEUED, 0)
    workshop.open_gate()
    workshop.start_worker(lease_s=600)
    done = workshop.finished(run)
    assert (done.state, done.attempt) == (State.SUCCEEDED, 2)


def test_a_deaf_study_does_not_keep_its_run_from_other_workers_at_shutdown(workshop, ask_now):
    run = ask_now("deaf", inputs=workshop.inputs())
    first = workshop.start_worker(lease_s=600)
    workshop.computing()
    first.send_signal(signal.SIGTERM)
    workshop.reached(run, lambda now: now.state == State.QUEUED)
    second = workshop.start_worker()
    workshop.computing(other_than=first.pid)
    workshop.open_gate()
    assert json.loads(workshop.finished(run).result)["pid"] == second.pid


def test_a_second_signal_ends_a_worker_at_once(workshop, ask_now):
    ask_now("deaf", inputs=workshop.inputs())
    worker = workshop.start_worker(grace_s=60)
    workshop.computing()
    worker.send_signal(signal.SIGTERM)
    # The first signal is seen by the worker's main thread some time after it was sent.
    wait_until(lambda: _send_again(worker) is not None, "the worker lives on")
    assert worker.returncode == -signal.SIGTERM


def test_a_run_that_kills_its_workers_is_ended_with_an_explanation(workshop, ask_now):
    run = ask_now("deadly", inputs=workshop.inputs())
    for _ in range(MAX_LOSSES):
        worker = workshop.start_worker()
        assert worker.wait(timeout=300) == -signal.SIGKILL
    workshop.start_worker()
    done = workshop.finished(run)
    assert (done.state, done.attempt) == (State.FAILED, MAX_LOSSES)
    assert done.error == INTERRUPTED_TOO_OFTEN.format(losses=MAX_LOSSES)


def test_a_run_whose_task_was_lost_before_its_claim_is_woken_again(workshop, ask_now):
    run = ask_now()
    DBTaskResult.objects.update(status="RUNNING")  # as a worker killed between the two claims
    workshop.start_worker()
    assert workshop.finished(run).state == State.SUCCEEDED


def _send_again(worker):
    worker.send_signal(signal.SIGTERM)
    return worker.poll()
