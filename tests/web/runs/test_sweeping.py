"""Runs of dead workers, lost tasks, results out of date."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from maillage.web.runs.leases import claim_run, commit_failure, commit_result
from maillage.web.runs.models import Run, State
from maillage.web.runs.sweeping import MAX_LOSSES, SweepReport, _settle_lost, purge, sweep
from maillage.web.runs.tasks import wake_worker
from maillage.web.runs.timing import FORGET_RUN, FORGET_TASK, KEEP_RESULT
from tests.web.runs.conftest import NOON

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def running(ask):
    """A run whose worker took it at noon and has said nothing since."""
    run = ask()
    claim_run(public_id=run.public_id, owner="worker-1", at=NOON, lease=LEASE)
    DBTaskResult.objects.update(status="RUNNING")
    run.refresh_from_db()
    return run


def test_a_run_is_left_alone_until_its_lease_ends(running):
    assert sweep(at=NOON + LEASE - SECOND, lease=LEASE) == SweepReport()


def test_a_run_whose_lease_ended_is_put_back_with_a_new_task(running):
    assert sweep(at=NOON + LEASE, lease=LEASE) == SweepReport(requeued=1)
    run = Run.objects.get()
    assert (run.state, run.losses, run.lease_until) == (State.QUEUED, 1, None)
    assert set(DBTaskResult.objects.values_list("pk", "status")) == {
        (running.task_id, "FAILED"),
        (run.task_id, "READY"),
    }


def test_a_second_sweep_finds_nothing_more_to_do(running):
    sweep(at=NOON + LEASE, lease=LEASE)
    assert sweep(at=NOON + LEASE, lease=LEASE) == SweepReport()


def test_a_lost_run_that_was_cancelled_is_ended(running):
    Run.objects.update(cancel_requested=True)
    assert sweep(at=NOON + LEASE, lease=LEASE) == SweepReport(cancelled=1)
    assert Run.objects.get().state == State.CANCELLED


def test_a_run_lost_too_often_is_ended_with_an_explanation(running):
    Run.objects.update(losses=MAX_LOSSES - 1)
    assert sweep(at=NOON + LEASE, lease=LEASE) == SweepReport(failed=1)
    assert f"interrompu {MAX_LOSSES} fois" in Run.objects.get().error


def test_a_waiting_run_without_a_task_is_woken_after_a_lease(ask):
    ask()
    DBTaskResult.objects.all().delete()
    assert sweep(at=NOON + LEASE - SECOND, lease=LEASE) == SweepReport()
    assert sweep(at=NOON + LEASE, lease=LEASE) == SweepReport(woken=1)
    assert DBTaskResult.objects.get().pk == Run.objects.get().task_id


def test_a_waiting_run_with_a_task_is_left_alone_however_long_the_queue(ask):
    ask()
    assert sweep(at=NOON + timedelta(days=1), lease=LEASE) == SweepReport()


def test_two_sweepers_that_saw_the_same_run_queue_one_task(ask):
    seen_by_one, seen_by_other = ask(), Run.objects.get()
    assert wake_worker(run=seen_by_one, at=NOON)
    assert not wake_worker(run=seen_by_other, at=NOON)
    assert DBTaskResult.objects.count() == 2  # the first one's, and one more


def test_a_result_is_kept_until_its_date_then_only_the_question(ask):
    run = ask()
    claim = claim_run(public_id=run.public_id, owner="worker-1", at=NOON, lease=LEASE)
    commit_result(claim=claim, result="[1]", at=NOON)
    assert purge(at=NOON + KEEP_RESULT - SECOND) == (0, 0)
    assert purge(at=NOON + KEEP_RESULT) == (1, 0)
    run.refresh_from_db()
    assert (run.state, run.result, run.inputs) == (State.EXPIRED, "", '{"below":100}')
    assert len(run.result_hash) == 64  # a repeat can still be held against it


def test_a_failure_expires_like_a_result(ask):
    run = ask()
    claim = claim_run(public_id=run.public_id, owner="worker-1", at=NOON, lease=LEASE)
    commit_failure(claim=claim, error="panne", at=NOON)
    assert purge(at=NOON + KEEP_RESULT) == (1, 0)


def test_an_expired_run_is_forgotten_a_year_later(ask):
    run = ask()
    claim = claim_run(public_id=run.public_id, owner="worker-1", at=NOON, lease=LEASE)
    commit_result(claim=claim, result="[1]", at=NOON)
    assert purge(at=NOON + KEEP_RESULT + FORGET_RUN) == (1, 1)
    assert not Run.objects.exists()


def test_what_waits_never_expires(ask):
    ask()
    assert purge(at=NOON + 10 * FORGET_RUN) == (0, 0)


def test_finished_tasks_are_dropped_after_a_week_and_others_kept(ask):
    ask()
    ask()
    done = DBTaskResult.objects.first()
    DBTaskResult.objects.filter(pk=done.pk).update(status="SUCCESSFUL", finished_at=NOON)
    purge(at=NOON + FORGET_TASK - SECOND)
    assert DBTaskResult.objects.count() == 2
    purge(at=NOON + FORGET_TASK)
    assert DBTaskResult.objects.get().status == "READY"


def test_the_command_tidies_up_without_computing_when_asked_to(running, capsys):
    call_command("run_due", "--sweep-only")
    assert capsys.readouterr().out.startswith("requeued 1, failed 0, cancelled 0, woken 0,")
    assert Run.objects.get().state == State.QUEUED


def test_a_sweeper_that_comes_second_changes_nothing(running):
    sweep(at=NOON + LEASE, lease=LEASE)
    before = Run.objects.values().get()
    assert _settle_lost(running, NOON + LEASE) is None  # as it was seen before the first swept
    assert Run.objects.values().get() == before
