"""A worker's right on a run, update by update; the clock is handed in."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from maillage.web.runs.errors import LeaseLost, RunNotWaiting
from maillage.web.runs.leases import (
    claim_run,
    commit_cancellation,
    commit_failure,
    commit_result,
    give_back,
    is_cancel_requested,
    renew_lease,
)
from maillage.web.runs.models import Run, State
from maillage.web.runs.sweeping import sweep
from tests.web.runs.conftest import NOON

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=1)
LATER = NOON + timedelta(minutes=2)


def claim(run, owner="worker-1", at=NOON):
    return claim_run(public_id=run.public_id, owner=owner, at=at, lease=LEASE)


@pytest.fixture
def lost(ask):
    """A claim whose lease ended, and the claim that another delivery of the run then took.

    Both bear the same owner: only the attempt tells them apart.
    """
    run = ask()
    first = claim(run)
    sweep(at=LATER, lease=LEASE)
    return first, claim(run, at=LATER)


def test_a_run_is_claimed_once(ask):
    run = ask()
    claim(run, "worker-1")
    with pytest.raises(RunNotWaiting):
        claim(run, "worker-2")


def test_a_claim_carries_the_question(ask):
    first = claim(ask(seed=7, inputs={"below": 30}))
    assert (first.study, first.inputs, first.seed, first.data_version, first.attempt) == (
        "primes",
        {"below": 30},
        7,
        "2026-a",
        1,
    )


def test_claiming_again_keeps_the_date_of_the_first_start(lost):
    assert Run.objects.get(pk=lost[1].run_pk).started_at == NOON


@pytest.mark.parametrize(
    "write",
    [
        lambda old: commit_result(claim=old, result="1", at=LATER),
        lambda old: commit_failure(claim=old, error="panne", at=LATER),
        lambda old: commit_cancellation(claim=old, at=LATER),
        lambda old: give_back(claim=old, at=LATER),
        lambda old: renew_lease(claim=old, progress=0.5, message="", at=LATER, lease=LEASE),
        is_cancel_requested,
    ],
)
def test_whoever_lost_the_lease_can_write_nothing(lost, write):
    before = Run.objects.values().get()
    with pytest.raises(LeaseLost):
        write(lost[0])
    assert Run.objects.values().get() == before


def test_the_new_holder_commits_after_the_old_one_was_refused(lost):
    old, new = lost
    with pytest.raises(LeaseLost):
        commit_result(claim=old, result='"old"', at=LATER)
    commit_result(claim=new, result='"new"', at=LATER)
    assert Run.objects.get().result == '"new"'


def test_a_result_is_committed_once(ask):
    mine = claim(ask())
    commit_result(claim=mine, result="1", at=NOON)
    with pytest.raises(LeaseLost):
        commit_result(claim=mine, result="2", at=NOON)
    assert Run.objects.get().result == "1"


def test_a_late_worker_may_still_commit_what_nobody_took_over(ask):
    commit_result(claim=claim(ask()), result="1", at=LATER)
    assert Run.objects.get().state == State.SUCCEEDED


def test_a_request_to_cancel_wins_over_a_result(ask):
    mine = claim(ask())
    Run.objects.update(cancel_requested=True)
    for write in (
        lambda: commit_result(claim=mine, result="1", at=NOON),
        lambda: commit_failure(claim=mine, error="panne", at=NOON),
        lambda: give_back(claim=mine, at=NOON),
    ):
        with pytest.raises(LeaseLost):
            write()
    commit_cancellation(claim=mine, at=NOON)
    assert Run.objects.get().state == State.CANCELLED


def test_a_run_is_not_cancelled_that_nobody_cancelled(ask):
    mine = claim(ask())
    with pytest.raises(LeaseLost):
        commit_cancellation(claim=mine, at=NOON)


def test_a_sign_of_life_moves_the_lease_and_the_progress(ask):
    mine = claim(ask())
    renew_lease(claim=mine, progress=0.25, message="Étape 1", at=LATER, lease=LEASE)
    run = Run.objects.get()
    assert (run.lease_until, run.progress, run.message) == (LATER + LEASE, 0.25, "Étape 1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.RUNNING},
        {"state": State.SUCCEEDED, "finished_at": NOON},
        {"state": State.FAILED, "finished_at": NOON},
        {"state": State.CANCELLED},
        {"state": "paused"},
        {"finished_at": NOON},
        {"lease_owner": "worker-1"},
        {"progress": 1.5},
        {"result": "1"},
    ],
    ids=str,
)
def test_the_database_refuses_a_row_that_contradicts_itself(ask, wrong):
    run = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(**wrong)
