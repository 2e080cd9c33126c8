"""Start, stop, undo and take up a batch: one conditional update each, so that one caller wins.

    checked → running → done → undoing → undone
                ↕                 ↕
             stopped → undoing  halted

A batch is in hand while a worker brings it in or undoes it, some rows at a time.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from maillage.web.accounts.journal.writing import record
from maillage.web.register.models import ImportBatch

LOST_AFTER: Final = timedelta(minutes=10)
"""A batch in hand moves every second or so: after this long, its worker died."""
_Status = ImportBatch.Status
_IN_HAND: Final = (_Status.RUNNING, _Status.UNDOING)


def start_batch(*, batch: ImportBatch, at: datetime) -> bool:
    """Say that a tried or stopped batch is to be brought in; whether this call did it."""
    return _turn(batch, (_Status.CHECKED, _Status.STOPPED), _Status.RUNNING, at)


def start_undoing(*, batch: ImportBatch, at: datetime) -> bool:
    """Say that what a batch wrote is to be taken back; whether this call did it."""
    return _turn(batch, (_Status.DONE, _Status.STOPPED, _Status.HALTED), _Status.UNDOING, at)


def stop_batch(*, batch: ImportBatch, by: Any, at: datetime) -> bool:
    """Stop a batch, or its undoing, after the rows in hand; whether this call did it."""
    with transaction.atomic():
        brings_in = _turn(batch, (_Status.RUNNING,), _Status.STOPPED, at)
        undoes = _turn(batch, (_Status.UNDOING,), _Status.HALTED, at)
        if brings_in or undoes:
            verb = "import.stopped" if brings_in else "import.halted"
            record(verb, on=batch, by=by, at=at)
    return brings_in or undoes


def end_batch(*, batch: ImportBatch, at: datetime) -> bool:
    """Say that nothing is left to bring in; whether this call did it."""
    return _turn(batch, (_Status.RUNNING,), _Status.DONE, at, finished_at=at)


def end_undoing(*, batch: ImportBatch, at: datetime) -> bool:
    """Say that nothing is left to take back; whether this call did it."""
    return _turn(batch, (_Status.UNDOING,), _Status.UNDONE, at, undone_at=at)


def lost_batches(*, at: datetime) -> list[ImportBatch]:
    """Return the batches whose worker has given no sign of life, each to one caller only."""
    lost = ImportBatch.objects.filter(status__in=_IN_HAND, moved_at__lte=at - LOST_AFTER)
    return [
        batch
        for batch in lost
        if ImportBatch.objects.filter(pk=batch.pk, moved_at=batch.moved_at).update(moved_at=at)
    ]


def hold(batch: ImportBatch, status: ImportBatch.Status) -> bool:
    """Take the next rows of a batch in hand, to be called first in their transaction.

    Says whether the batch still has this status. Whoever stops it waits until these rows are
    written; so do the other batches of its source, which may have the same keys.
    """
    held = ImportBatch.objects.select_for_update(no_key=True).filter(
        source_name=batch.source_name, status__in=_IN_HAND
    )
    return (batch.pk, status) in held.order_by("pk").values_list("pk", "status")


def _turn(
    batch: ImportBatch,
    before: tuple[ImportBatch.Status, ...],
    after: ImportBatch.Status,
    at: datetime,
    **dates: datetime,
) -> bool:
    same = ImportBatch.objects.filter(pk=batch.pk, status__in=before)
    return bool(same.update(status=after, moved_at=at, **dates))
