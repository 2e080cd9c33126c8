"""The tasks that bring a batch in, or take it back, out of the way of pages."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from maillage.web.register.importing.running import run_batch
from maillage.web.register.importing.steering import lost_batches
from maillage.web.register.importing.undoing import undo_batch
from maillage.web.register.models import ImportBatch


@task()
def bring_in(public_id: str) -> None:
    """Bring in the batch of that name; called twice, it does it once."""
    batch = ImportBatch.objects.get(public_id=public_id)
    run_batch(batch=batch, clock=timezone.now)


@task()
def take_back(public_id: str) -> None:
    """Undo the batch of that name; called twice, it does it once."""
    batch = ImportBatch.objects.get(public_id=public_id)
    undo_batch(batch=batch, clock=timezone.now)


def take_up_lost(*, at: datetime) -> int:
    """Have the batches whose worker died brought in, or undone, to their end; return how many."""
    lost = lost_batches(at=at)
    for batch in lost:
        undoing = batch.status == ImportBatch.Status.UNDOING
        (take_back if undoing else bring_in).enqueue(batch.public_id)
    return len(lost)
