"""What no single worker can be trusted with: runs of dead workers, and results out of date."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from maillage.web.runs.errors import INTERRUPTED_TOO_OFTEN
from maillage.web.runs.leases import ended_fields
from maillage.web.runs.models import FINISHED, Run, State
from maillage.web.runs.tasks import compute_run, wake_worker
from maillage.web.runs.timing import FORGET_RUN, FORGET_TASK

MAX_LOSSES = 3
"""A run whose worker died this often is taken for the cause, and ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """How many runs were put back, ended, or had their lost task replaced."""

    requeued: int = 0
    failed: int = 0
    cancelled: int = 0
    woken: int = 0


def sweep(*, at: datetime, lease: timedelta) -> SweepReport:
    """Find the runs whose worker died or whose task was lost, and settle each by one update.

    Any number of workers may sweep at once: each update says what it expects to find.
    """
    moved = [_settle_lost(run, at) for run in Run.objects.lost(at=at).without_result()]
    woken = [wake_worker(run=run, at=at) for run in _waiting_without_task(at - lease)]
    return SweepReport(
        requeued=moved.count(State.QUEUED),
        failed=moved.count(State.FAILED),
        cancelled=moved.count(State.CANCELLED),
        woken=sum(woken),
    )


def _settle_lost(run: Run, at: datetime) -> State | None:
    """Requeue, cancel or fail one lost run; None when another sweeper or its worker was quicker."""
    lost = Run.objects.lost(at=at).filter(pk=run.pk, attempt=run.attempt)
    dead_task = run.task_id
    with transaction.atomic():
        if lost.filter(cancel_requested=True).update(state=State.CANCELLED, **ended_fields(at)):
            moved_to = State.CANCELLED
        elif lost.filter(losses__gte=MAX_LOSSES - 1).update(
            state=State.FAILED,
            losses=F("losses") + 1,
            error=INTERRUPTED_TOO_OFTEN.format(losses=MAX_LOSSES),
            **ended_fields(at),
        ):
            moved_to = State.FAILED
        elif lost.update(
            state=State.QUEUED,
            losses=F("losses") + 1,
            lease_owner="",
            lease_until=None,
            progress=0.0,
            message="",
        ):
            moved_to = State.QUEUED
            wake_worker(run=run, at=at)
        else:
            return None
        _bury_task(dead_task, at)
    return moved_to


def _bury_task(task_id: UUID | None, at: datetime) -> None:
    """Close the task row that the dead worker left open."""
    DBTaskResult.objects.filter(pk=task_id, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.FAILED, finished_at=at, exception_class_path="builtins.SystemExit"
    )


def _waiting_without_task(queued_before: datetime) -> list[Run]:
    """List the runs that wait for longer than a lease with no task left to wake a worker."""
    task = DBTaskResult.objects.filter(pk=OuterRef("task_id"), status=TaskResultStatus.READY)
    waiting = Run.objects.filter(state=State.QUEUED, queued_at__lte=queued_before)
    return list(waiting.filter(~Exists(task)).without_result())


def purge(*, at: datetime) -> tuple[int, int]:
    """Drop the results out of date, then the rows forgotten; return how many of each.

    A row that expired still says what was asked, so that it can be asked again.
    """
    expired = Run.objects.filter(state__in=FINISHED, expires_at__lte=at).update(
        state=State.EXPIRED, result="", error="", message="", progress=0.0
    )
    old = Run.objects.filter(state=State.EXPIRED, expires_at__lte=at - FORGET_RUN)
    forgotten, _ = old.delete()
    DBTaskResult.objects.finished().filter(
        task_path=compute_run.module_path, finished_at__lte=at - FORGET_TASK
    ).delete()
    return expired, forgotten
