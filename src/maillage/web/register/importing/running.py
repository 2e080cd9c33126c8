"""Bring a batch in, by an idempotent key; keep the ledger; undo.

Records come in as sent for publication: moderators judge them as any other. A batch is written
some hundreds of rows at a time, each group whole or not at all, so that its progress can be read
and a batch that stopped goes on where it stood.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from maillage.core.errors import InputError
from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.models import Organisation
from maillage.web.accounts.rights import Permission
from maillage.web.accounts.scopes import inside, reach_of
from maillage.web.register.content.checking import checked, without_unseen
from maillage.web.register.content.fields import Content, empty_content
from maillage.web.register.content.storing import (
    content_of,
    set_plain_fields,
    territories_named,
    write_many_rows,
)
from maillage.web.register.importing.columns import mapping_problems
from maillage.web.register.importing.reading import read_spreadsheet
from maillage.web.register.importing.trying import TriedRow, try_rows
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.changes import changed
from maillage.web.register.life.editing import edit
from maillage.web.register.life.errors import NotComplete, StateChanged
from maillage.web.register.models import (
    ImportBatch,
    ImportedKey,
    ImportRow,
    Initiative,
    Move,
    Version,
)
from maillage.web.register.models.choices import Licence, State
from maillage.web.register.models.visibility import moderated_by, written_by
from maillage.web.register.telling import tell_imported
from maillage.web.territories.models import Territory

GROUP: Final = 250
LOST_AFTER: Final = timedelta(minutes=10)
"""A batch that is being brought in moves every second or so: after this long, its worker died."""
_NOT_YOURS: Final = "Une autre personne a déjà apporté la fiche de cette source et de cette clé."
_CHANGED: Final = "La fiche a changé pendant l’import : importez cette ligne de nouveau."
_EDITABLE: Final = (State.SUBMITTED, State.PUBLISHED)
_Outcome, _Status = ImportRow.Outcome, ImportBatch.Status


def open_batch(
    *,
    body: bytes,
    file_name: str,
    source_name: str,
    source_url: str = "",
    licence: Licence,
    mapping: dict[str, str],
    by: Any,
    at: datetime,
    organisation: Organisation | None = None,
) -> ImportBatch:
    """Write a file in the ledger, each row as it was, with what is wrong in each cell.

    organisation  that answers for the records, in which `by` may import; None for `by` alone

    Raises InputError, in French, for a file or a mapping that cannot be used.
    """
    sheet = read_spreadsheet(body)
    source = checked({"source_url": source_url}, keys=["source_url"])
    problems = mapping_problems(mapping) + [problem.message for problem in source.problems]
    if problems:
        raise InputError(" ".join(problems))
    raws = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    tried = _within_reach(try_rows(raws, mapping), by, mapping)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            source_name=" ".join(without_unseen(source_name).split())[:200],
            source_url=source.content["source_url"],
            licence=licence,
            file_name=without_unseen(file_name)[:200],
            sha256=hashlib.sha256(body).hexdigest(),
            mapping=mapping,
            n_rows=len(raws),
            by=by,
            organisation=organisation,
            created_at=at,
        )
        ImportRow.objects.bulk_create(
            [
                ImportRow(
                    batch=batch,
                    number=number,
                    key=row.key,
                    raw=raw,
                    errors=[list(error) for error in row.errors],
                    outcome=_Outcome.ERROR if row.errors else _Outcome.WAITING,
                )
                # The header is line 1 of the file, for those who look there.
                for number, (raw, row) in enumerate(zip(raws, tried, strict=True), start=2)
            ],
            batch_size=500,
        )
    return batch


def start_batch(*, batch: ImportBatch, at: datetime) -> bool:
    """Say that a tried or stopped batch is to be brought in; whether this call did it."""
    ready = ImportBatch.objects.filter(pk=batch.pk, status__in=(_Status.CHECKED, _Status.STOPPED))
    return bool(ready.update(status=_Status.RUNNING, moved_at=at))


def stop_batch(*, batch: ImportBatch, by: Any, at: datetime) -> bool:
    """Stop a batch after the group in hand, to go on or be undone; whether this call did it."""
    with transaction.atomic():
        running = ImportBatch.objects.filter(pk=batch.pk, status=_Status.RUNNING)
        if not running.update(status=_Status.STOPPED):
            return False
        record("import.stopped", on=batch, by=by, at=at)
    return True


def lost_batches(*, at: datetime) -> list[ImportBatch]:
    """Return the batches whose worker has given no sign of life, each to one caller only."""
    lost = ImportBatch.objects.filter(status=_Status.RUNNING, moved_at__lte=at - LOST_AFTER)
    return [
        batch
        for batch in lost
        if ImportBatch.objects.filter(pk=batch.pk, moved_at=batch.moved_at).update(moved_at=at)
    ]


def run_batch(*, batch: ImportBatch, clock: Callable[[], datetime]) -> ImportBatch:
    """Bring in the rows that have no error, group by group; go on where a former call stopped."""
    while _run_group(batch, clock()):
        pass
    at = clock()
    with transaction.atomic():
        running = ImportBatch.objects.filter(pk=batch.pk, status=_Status.RUNNING)
        if running.update(status=_Status.DONE, finished_at=at):
            record("import.done", on=batch, by=batch.by, at=at)
            _tell(batch, at)
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


def undo_batch(*, batch: ImportBatch, by: Any, at: datetime) -> tuple[int, int]:
    """Take back what a batch wrote; return how many records were, and how many were kept.

    A record that somebody changed or published since is kept: a batch never undoes people's work.
    Raises StateChanged when the batch is neither done nor stopped, or undone already.
    """
    with transaction.atomic():
        done = ImportBatch.objects.filter(pk=batch.pk, status__in=(_Status.DONE, _Status.STOPPED))
        if not done.update(status=_Status.UNDONE, undone_at=at):
            raise StateChanged(f"batch {batch.public_id} is not done")
        rows = batch.rows.exclude(initiative__isnull=True).select_related("initiative")
        touched = [row for row in rows if row.outcome in (_Outcome.CREATED, _Outcome.UPDATED)]
        own = [row for row in touched if row.initiative.version == row.version_after]
        _delete_created([row for row in own if row.outcome == _Outcome.CREATED])
        for row in own:
            if row.outcome == _Outcome.UPDATED:
                _bring_back(row, at)
        record("import.undone", on=batch, by=by, at=at)
    return len(own), len(touched) - len(own)


def _run_group(batch: ImportBatch, at: datetime) -> bool:
    """Write the next rows that wait; say whether there were any."""
    with transaction.atomic():
        # Locked: whoever stops or undoes the batch waits for this group to be whole.
        running = ImportBatch.objects.select_for_update().filter(status=_Status.RUNNING)
        if not running.filter(pk=batch.pk).exists():
            return False
        rows = list(batch.rows.filter(outcome=_Outcome.WAITING)[:GROUP])
        if not rows:
            return False
        tried = try_rows([row.raw for row in rows], batch.mapping)
        keys = [row.key for row in rows]
        known = {
            one.key: one.initiative
            for one in ImportedKey.objects.filter(
                source_name=batch.source_name, key__in=keys
            ).select_related("initiative")
        }
        theirs = _of_others(known.values(), batch.by)
        pairs = list(zip(rows, tried, strict=True))
        created = [(row, one) for row, one in pairs if row.key not in known]
        pks = _create(batch, created, at)
        for row, one in pairs:
            if row.key in known and known[row.key].pk in theirs:
                row.outcome, row.errors = _Outcome.ERROR, [["", _NOT_YOURS]]
            elif row.key in known:
                _update(row, known[row.key], one.changes, at)
        # One statement of plain values: `bulk_update` writes a CASE per row and field, ten times
        # slower.
        ImportRow.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["outcome", "initiative", "version_before", "version_after", "errors"],
        )
        changed(pks)
        ImportBatch.objects.filter(pk=batch.pk).update(n_done=F("n_done") + len(rows), moved_at=at)
    return True


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


def _update(row: ImportRow, initiative: Initiative, changes: Content, at: datetime) -> None:
    row.initiative = initiative
    if initiative.state not in _EDITABLE:
        row.outcome = _Outcome.ERROR
        row.errors = [["", f"La fiche existe et ne se modifie pas : {initiative.state}."]]
        return
    row.version_before = initiative.version
    if initiative.versions.filter(number=initiative.version).first() is None:
        content = content_of(initiative)
        Version.objects.create(
            initiative=initiative, number=initiative.version, content=content, at=at
        )
    reason = f"Import, ligne {row.number}"
    try:
        edit(initiative=initiative, changes=changes, actor=MACHINE, at=at, reason=reason)
    except (NotComplete, StateChanged) as refused:  # the sheet as a whole, not the row alone
        problems = refused.problems if isinstance(refused, NotComplete) else ()
        row.outcome = _Outcome.ERROR
        row.errors = [["", one.message] for one in problems] or [["", _CHANGED]]
        return
    row.version_after = initiative.version
    same = row.version_before == row.version_after
    row.outcome = _Outcome.UNCHANGED if same else _Outcome.UPDATED


def _delete_created(rows: Sequence[ImportRow]) -> None:
    """Delete records that nobody has touched; the indexes are told first."""
    pks = [row.initiative_id for row in rows if row.initiative_id is not None]
    for start in range(0, len(pks), GROUP):
        part = Initiative.objects.filter(pk__in=pks[start : start + GROUP])
        part.update(state=State.DRAFT)
        changed(pks[start : start + GROUP])
        part.delete()


def _bring_back(row: ImportRow, at: datetime) -> None:
    assert row.initiative is not None
    before = row.initiative.versions.get(number=row.version_before)
    edit(
        initiative=row.initiative,
        changes=before.content,
        actor=MACHINE,
        at=at,
        reason=f"Import annulé, ligne {row.number}",
    )


def _within_reach(rows: list[TriedRow], by: Any, mapping: dict[str, str]) -> list[TriedRow]:
    """Refuse the rows about places outside of the importer's reach.

    A role in an organisation reaches the territories that the organisation covers.
    """
    reach = reach_of(by, Permission.IMPORT)
    if by is None or reach.everywhere:
        return rows
    column = next((name for name, key in mapping.items() if key == "territories"), "")
    known = territories_named({one for row in rows for one in row.changes.get("territories", [])})
    covered = Territory.objects.filter(organisations__in=reach.organisation_ids)
    mine = reach.territory_ids | set(covered.values_list("pk", flat=True))
    held = set(Territory.objects.filter(inside(mine)).values_list("pk", flat=True))
    return [_held(row, known, held, column) for row in rows]


def _held(row: TriedRow, known: dict[str, Territory], held: set[int], column: str) -> TriedRow:
    places = row.changes.get("territories", [])
    if places and all(place in known and known[place].pk in held for place in places):
        return row
    error = (column, "Cette ligne n’est pas, ou pas seulement, sur les territoires de votre rôle.")
    return TriedRow(row.key, row.changes, (*row.errors, error))
