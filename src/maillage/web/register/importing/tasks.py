"""The task that brings a batch in, out of the way of pages."""

from django.utils import timezone
from django_tasks import task

from maillage.web.register.importing.running import run_batch
from maillage.web.register.models import ImportBatch


@task()
def bring_in(public_id: str) -> None:
    """Bring in the batch of that name; called twice, it does it once."""
    batch = ImportBatch.objects.get(public_id=public_id)
    run_batch(batch=batch, at=timezone.now())
