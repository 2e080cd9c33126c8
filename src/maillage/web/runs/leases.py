"""The updates by which a worker takes, keeps, ends or gives back a run.

Each is one conditional update. A worker's right is its claim: the run is still running, under its
name, at its attempt. The attempt grows at each claim and never shrinks, so that a worker that
slept through its lease and wakes up finds its updates refused: a result is written once.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from maillage.web.runs.canonical import text_hash
from maillage.web.runs.errors import LeaseLost, RunNotWaiting
from maillage.web.runs.models import Run, RunQuerySet, State
from maillage.web.runs.timing import KEEP_RESULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A worker's right on a run, and what it needs to compute it."""

    run_pk: int
    public_id: str
    owner: str
    attempt: int
    study: str
    inputs: dict[str, Any]
    seed: int
    data_version: str

    def held(self) -> RunQuerySet:
        """Return the run if the claim still holds, else nothing."""
        return Run.objects.filter(
            pk=self.run_pk, state=State.RUNNING, lease_owner=self.owner, attempt=self.attempt
        )


def claim_run(*, public_id: str, owner: str, at: datetime, lease: timedelta) -> Claim:
    """Take a waiting run, or raise RunNotWaiting and change nothing."""
    with transaction.atomic():
        waiting = Run.objects.filter(public_id=public_id, state=State.QUEUED)
        taken = waiting.update(
            state=State.RUNNING,
            attempt=F("attempt") + 1,
            lease_owner=owner,
            lease_until=at + lease,
            started_at=Coalesce("started_at", Value(at)),
            progress=0.0,
            message="",
        )
        if not taken:
            raise RunNotWaiting(f"run {public_id} is not waiting for a worker.")
        run = Run.objects.without_result().get(public_id=public_id)
    return Claim(
        run_pk=run.pk,
        public_id=public_id,
        owner=owner,
        attempt=run.attempt,
        study=run.study,
        inputs=json.loads(run.inputs),
        seed=run.seed,
        data_version=run.data_version,
    )


def renew_lease(
    *, claim: Claim, progress: float, message: str, at: datetime, lease: timedelta
) -> None:
    """Say that the worker lives and how far it is; raise LeaseLost if the run is no longer its."""
    if not claim.held().update(progress=progress, message=message, lease_until=at + lease):
        raise _lost(claim)


def is_cancel_requested(claim: Claim) -> bool:
    """Say whether somebody asked to cancel; raise LeaseLost if the run is taken or ended."""
    requested = claim.held().values_list("cancel_requested", flat=True).first()
    if requested is None:
        raise _lost(claim)
    return requested


def commit_result(*, claim: Claim, result: str, at: datetime) -> None:
    """Write the result, once; raise LeaseLost if the run was taken over, ended or cancelled."""
    _end(claim, at, State.SUCCEEDED, progress=1.0, result=result, result_hash=text_hash(result))


def commit_failure(*, claim: Claim, error: str, at: datetime) -> None:
    """Write why there is no result; raise LeaseLost as `commit_result` does."""
    _end(claim, at, State.FAILED, error=error)


def commit_cancellation(*, claim: Claim, at: datetime) -> None:
    """End a run whose cancellation was asked; raise LeaseLost if it was not, or is not ours."""
    asked = claim.held().filter(cancel_requested=True)
    if not asked.update(state=State.CANCELLED, **ended_fields(at)):
        raise _lost(claim)


def give_back(*, claim: Claim, at: datetime) -> None:
    """Put the run back in the queue, unharmed, for another worker; raise LeaseLost if not ours."""
    returned = claim.held().filter(cancel_requested=False)
    if not returned.update(
        state=State.QUEUED, lease_owner="", lease_until=None, queued_at=at, progress=0.0, message=""
    ):
        raise _lost(claim)


def ended_fields(at: datetime) -> dict[str, Any]:
    """Return what every end writes: no lease, a date, and how long the row keeps its result."""
    return {
        "lease_owner": "",
        "lease_until": None,
        "finished_at": at,
        "expires_at": at + KEEP_RESULT,
    }


def _end(claim: Claim, at: datetime, state: State, **fields: Any) -> None:
    wanted = claim.held().filter(cancel_requested=False)
    if not wanted.update(state=state, **ended_fields(at), **fields):
        raise _lost(claim)


def _lost(claim: Claim) -> LeaseLost:
    return LeaseLost(f"{claim.owner} does not hold run {claim.public_id} (try {claim.attempt}).")
