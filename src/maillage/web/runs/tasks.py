"""The task that wakes a worker for a run.

The task is only the knock on the door: what is true about a run stands in its own row, so a task
delivered twice or lost does no harm (see docs/decisions/0004-runs.md).
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from maillage.web.runs.contexts import current_context
from maillage.web.runs.execution import Outcome, execute_run
from maillage.web.runs.models import Run, State


@task()
def compute_run(public_id: str) -> str:
    """Compute the run of that name, if it waits; return what became of it."""
    outcome = execute_run(public_id=public_id, worker=current_context())
    if outcome is Outcome.GIVEN_BACK:
        run = Run.objects.without_result().get(public_id=public_id)
        wake_worker(run=run, at=timezone.now())
    return outcome.value


def wake_worker(*, run: Run, at: datetime) -> bool:
    """Queue a task for a waiting run in place of its last one; say whether this call did it.

    Of two sweepers that see the same lost run, the one whose update finds the old task wins.
    """
    with transaction.atomic():
        waiting = Run.objects.filter(pk=run.pk, state=State.QUEUED, task_id=run.task_id)
        new_task = compute_run.enqueue(run.public_id)
        if not waiting.update(task_id=new_task.id, queued_at=at):
            transaction.set_rollback(True)
            return False
    run.task_id, run.queued_at = new_task.id, at
    return True
