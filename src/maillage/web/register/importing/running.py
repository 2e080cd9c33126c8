"""Bring a batch in, by an idempotent key, and keep the ledger.

Records come in as sent for publication: moderators judge them as any other. A batch is written
some hundreds of rows at a time, each group whole or not at all, so that its progress can be read
and a batch that stopped goes on where it stood.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, prefetch_related_objects

from maillage.web.accounts.journal.writing import record
from maillage.web.register.content.fields import Content, empty_content
from maillage.web.register.content.relations import targets_of
from maillage.web.register.content.storing import content_of, set_plain_fields, write_many_rows
from maillage.web.register.importing.opening import tried_by
from maillage.web.register.importing.steering import end_batch, hold
from maillage.web.register.importing.trying import TriedRow
from maillage.web.register.life.actors import MACHINE, Actor
from maillage.web.register.life.changes import changed
from maillage.web.register.life.editing import edit
from maillage.web.register.life.errors import NotComplete
from maillage.web.register.life.locking import locked
from maillage.web.register.models import (
    ImportBatch,
    ImportedKey,
    ImportRow,
    Initiative,
    Move,
    Version,
)
from maillage.web.register.models.choices import State
from maillage.web.register.models.initiative import DETAILS
from maillage.web.register.models.visibility import moderated_by, written_by
from maillage.web.register.telling import tell_imported
from maillage.web.territories.models import Territory

GROUP: Final = 250
EDITED: Final = 25
"""Of a group at most: a record that is changed takes as long as ten that are new."""
_NOT_YOURS: Final = "Une autre personne a déjà apporté la fiche de cette source et de cette clé."
_EDITABLE: Final = (State.SUBMITTED, State.PUBLISHED)
_Outcome, _Status = ImportRow.Outcome, ImportBatch.Status


def run_batch(*, batch: ImportBatch, clock: Callable[[], datetime]) -> ImportBatch:
    """Bring in the rows that have no error, group by group; go on where a former call stopped."""
    while _run_group(batch, clock()):
        pass
    at = clock()
    with transaction.atomic():
        if end_batch(batch=batch, at=at):
            _tell(batch, at)
            record("import.done", on=batch, by=batch.by, at=at)
    batch.refresh_from_db()
    return batch


def _tell(batch: ImportBatch, at: datetime) -> None:
    created = batch.rows.filter(outcome=_Outcome.CREATED).count()
    if created:
        tell_imported(
            count=created,
            name=batch.source_name,
            places=Territory.objects.filter(initiatives__import_rows__batch=batch),
            fact=f"import:{batch.public_id}",
            by=batch.by,
            at=at,
        )


def _run_group(batch: ImportBatch, at: datetime) -> bool:
    """Write the next rows that wait; say whether there were any."""
    with transaction.atomic():
        if not hold(batch, _Status.RUNNING):
            return False
        rows, numbers = _next_rows(batch)
        if not rows:
            return False
        tried = tried_by(batch.by, [row.raw for row in rows], batch.mapping)
        targets = targets_of((one.changes for one in tried), among=Initiative.objects.all())
        records = locked({*numbers.values(), *targets.values()})
        known = {key: records[pk] for key, pk in numbers.items() if pk in records}
        pairs = _without_errors(rows, tried)
        changed(_create(batch, [pair for pair in pairs if pair[0].key not in known], at))
        _edit_all(batch, [pair for pair in pairs if pair[0].key in known], known, at)
        save_outcomes(rows)
        ImportBatch.objects.filter(pk=batch.pk).update(n_done=F("n_done") + len(rows), moved_at=at)
    return True


def save_outcomes(rows: Sequence[ImportRow]) -> None:
    """Write what became of rows.

    One statement of plain values: `bulk_update` writes a CASE per row and field, ten times slower.
    """
    ImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["outcome", "initiative", "version_before", "version_after", "errors"],
    )


def _next_rows(batch: ImportBatch) -> tuple[list[ImportRow], dict[str, int]]:
    """Return the next rows that wait, and the number of the record of each known key."""
    rows = list(batch.rows.filter(outcome=_Outcome.WAITING)[:GROUP])
    known = ImportedKey.objects.filter(
        source_name=batch.source_name, key__in=[row.key for row in rows]
    )
    numbers = dict(known.values_list("key", "initiative_id"))
    edited = [place for place, row in enumerate(rows) if row.key in numbers]
    return (rows[: edited[EDITED]] if len(edited) > EDITED else rows), numbers


def _without_errors(
    rows: Sequence[ImportRow], tried: Sequence[TriedRow]
) -> list[tuple[ImportRow, TriedRow]]:
    """Return the rows that can be written; the world may have changed since they were tried."""
    pairs = []
    for row, one in zip(rows, tried, strict=True):
        if one.errors:
            row.outcome, row.errors = _Outcome.ERROR, [list(error) for error in one.errors]
        else:
            pairs.append((row, one))
    return pairs


def _create(
    batch: ImportBatch, rows: Sequence[tuple[ImportRow, TriedRow]], at: datetime
) -> list[int]:
    """Write new records, sent for publication, in as many queries as for one."""
    sheets: list[tuple[Initiative, Content]] = []
    for _, one in rows:
        content = empty_content() | {"licence": batch.licence} | one.changes
        content["source_name"] = content["source_name"] or batch.source_name
        content["source_url"] = content["source_url"] or batch.source_url
        initiative = Initiative(
            state=State.SUBMITTED,
            version=1,
            created_by=batch.by,
            organisation_id=batch.organisation_id,
            created_at=at,
            updated_at=at,
            submitted_at=at,
        )
        set_plain_fields(initiative, content)
        initiative.set_slug()
        sheets.append((initiative, content))
    initiatives = Initiative.objects.bulk_create([one for one, _ in sheets])
    write_many_rows(sheets)
    reason = f"Import {batch.public_id}"
    Version.objects.bulk_create(
        [
            Version(initiative=one, number=1, content=content, at=at, by=batch.by, reason=reason)
            for one, content in sheets
        ]
    )
    Move.objects.bulk_create(
        [
            Move(
                initiative=one,
                action="import",
                from_state=State.DRAFT,
                to_state=State.SUBMITTED,
                at=at,
                by=batch.by,
                reason=reason,
            )
            for one in initiatives
        ]
    )
    ImportedKey.objects.bulk_create(
        [
            ImportedKey(source_name=batch.source_name, key=row.key, initiative=one)
            for (row, _), one in zip(rows, initiatives, strict=True)
        ]
    )
    for (row, _), initiative in zip(rows, initiatives, strict=True):
        row.outcome, row.initiative, row.version_after = _Outcome.CREATED, initiative, 1
    return [one.pk for one in initiatives]


def _of_others(known: Collection[Initiative], by: Any) -> frozenset[int]:
    """Return the numbers of the records that the importer neither writes nor moderates.

    Else anybody who imports could write over a record by guessing its source and its key. An
    importer whose account is deleted writes over none.
    """
    pks = {one.pk for one in known}
    if by is None:
        return frozenset(pks)
    own = Initiative.objects.filter(written_by(by) | moderated_by(by), pk__in=pks)
    return frozenset(pks - set(own.values_list("pk", flat=True)))


def _edit_all(
    batch: ImportBatch,
    rows: Sequence[tuple[ImportRow, TriedRow]],
    known: Mapping[str, Initiative],
    at: datetime,
) -> None:
    """Write rows over the records that they brought before."""
    initiatives = [known[row.key] for row, _ in rows]
    prefetch_related_objects(initiatives, *DETAILS)
    theirs = _of_others(initiatives, batch.by)
    actor = MACHINE if batch.by is None else Actor(batch.by, MACHINE.roles)
    for (row, one), initiative in zip(rows, initiatives, strict=True):
        if initiative.pk in theirs:
            row.outcome, row.errors = _Outcome.ERROR, [["", _NOT_YOURS]]
        elif initiative.state not in _EDITABLE:
            state = initiative.get_state_display().lower()
            row.outcome = _Outcome.ERROR
            row.errors = [["", f"La fiche existe et ne se modifie pas : elle est « {state} »."]]
        else:
            _edit(row, initiative, one.changes, actor, at)


def _edit(
    row: ImportRow, initiative: Initiative, changes: Content, actor: Actor, at: datetime
) -> None:
    row.initiative = initiative
    row.version_before = initiative.version
    _keep_first_version(initiative, at)
    reason = f"Import, ligne {row.number}"
    try:
        edit(initiative=initiative, changes=changes, actor=actor, at=at, reason=reason)
    except NotComplete as refused:  # the sheet as a whole, not the row alone
        row.outcome = _Outcome.ERROR
        row.errors = [["", one.message] for one in refused.problems]
        return
    row.version_after = initiative.version
    same = row.version_before == row.version_after
    row.outcome = _Outcome.UNCHANGED if same else _Outcome.UPDATED


def _keep_first_version(initiative: Initiative, at: datetime) -> None:
    """Keep the sheet as it is when no version has it: undoing goes back to it."""
    if not initiative.versions.filter(number=initiative.version).exists():
        Version.objects.create(
            initiative=initiative,
            number=initiative.version,
            content=content_of(initiative),
            at=at,
        )
