"""One run, from its claim to its end."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from functools import partial

from django.db import OperationalError, connection
from django.utils import timezone

from maillage.core.errors import CancelledError
from maillage.web.runs.canonical import result_text
from maillage.web.runs.contexts import WorkerContext
from maillage.web.runs.errors import OUR_FAULT, LeaseLost, RunNotWaiting, explain
from maillage.web.runs.leases import (
    Claim,
    claim_run,
    commit_cancellation,
    commit_failure,
    commit_result,
    give_back,
)
from maillage.web.runs.studies import find_study
from maillage.web.runs.watching import Watch, watched

logger = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of one delivery of a run to a worker."""

    NOT_WAITING = "not waiting"  # another worker has it, or it was ended: nothing done
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GIVEN_BACK = "given back"  # the worker ends: to be delivered again
    LOST = "lost"  # taken over meanwhile: what was computed here is thrown away


@dataclass(frozen=True, slots=True)
class _Computed:
    result: str


@dataclass(frozen=True, slots=True)
class _Broken:
    error: str


class _Stopped:
    pass


_Ending = _Computed | _Broken | _Stopped
_Watcher = Callable[..., AbstractContextManager[Watch]]


def execute_run(*, public_id: str, worker: WorkerContext, watcher: _Watcher = watched) -> Outcome:
    """Take the run if it waits, compute it under the lease, and write its end once."""
    try:
        claim = claim_run(
            public_id=public_id, owner=worker.owner, at=timezone.now(), lease=worker.timing.lease
        )
    except RunNotWaiting:
        return Outcome.NOT_WAITING
    logger.info("Run %s: %s, try %d.", public_id, claim.study, claim.attempt)
    with watcher(claim=claim, worker=worker) as watch:
        ending = _compute(claim, watch)
    outcome = _write_patiently(
        partial(_settle, claim, watch, ending), within_s=worker.timing.lease_s
    )
    logger.info("Run %s: %s.", public_id, outcome.value)
    return outcome


def _compute(claim: Claim, watch: Watch) -> _Ending:
    """Put the study; what it answers after an order to stop is not a result."""
    try:
        result = find_study(claim.study).compute(
            claim.inputs,
            data_version=claim.data_version,
            seed=claim.seed,
            progress=watch.progress,
            stop=watch.stop,
        )
        return _Stopped() if watch.was_told_to_stop else _Computed(result_text(result))
    except CancelledError:
        return _Stopped()
    except Exception as error:
        logger.warning("Run %s: the study failed.", claim.public_id, exc_info=True)
        return _Broken(explain(error))


def _settle(claim: Claim, watch: Watch, ending: _Ending) -> Outcome:
    """Write the end that the claim still allows: a request to cancel wins over a result."""
    at = timezone.now()
    try:
        match ending:
            case _Computed(result):
                commit_result(claim=claim, result=result, at=at)
                return Outcome.SUCCEEDED
            case _Broken(error):
                commit_failure(claim=claim, error=error, at=at)
                return Outcome.FAILED
            case _Stopped() if watch.cancelled:
                return _cancel_if_asked(claim)
            case _:
                return _give_back_or_lose(claim, watch)
    except LeaseLost:
        return _cancel_if_asked(claim)


def _cancel_if_asked(claim: Claim) -> Outcome:
    try:
        commit_cancellation(claim=claim, at=timezone.now())
    except LeaseLost:
        return Outcome.LOST
    return Outcome.CANCELLED


def _give_back_or_lose(claim: Claim, watch: Watch) -> Outcome:
    """End a study that stopped uncancelled: a shutdown, a lost lease, or its own idea."""
    if watch.lost or watch.handed_back:
        return _cancel_if_asked(claim)
    if watch.worker.stop():
        give_back(claim=claim, at=timezone.now())
        return Outcome.GIVEN_BACK
    logger.error("Run %s: the study stopped although nobody asked.", claim.public_id)
    commit_failure(claim=claim, error=OUR_FAULT, at=timezone.now())
    return Outcome.FAILED


def _write_patiently(write: Callable[[], Outcome], *, within_s: float) -> Outcome:
    """Try a write again while the database is out of reach, for as long as the lease may hold."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            return write()
        except OperationalError:
            if time.monotonic() > deadline or connection.in_atomic_block:
                raise
            logger.warning("The database did not answer; trying again.", exc_info=True)
            connection.close()
            time.sleep(min(1.0, within_s / 10))
