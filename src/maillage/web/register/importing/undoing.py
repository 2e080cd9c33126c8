"""Take back what a batch wrote, some rows at a time; keep what people did since, and say so.

A record that the batch created is erased, one that it changed goes back to its version of before.
Where somebody changed a record since, or hung something on it, it stays as it is: a batch never
undoes people's work. Its row tells why.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from maillage.web.accounts.journal.writing import record
from maillage.web.register.content.relations import targets_of
from maillage.web.register.importing.running import save_outcomes
from maillage.web.register.importing.steering import end_undoing, hold
from maillage.web.register.life.actors import MACHINE, Actor
from maillage.web.register.life.changes import changed
from maillage.web.register.life.editing import revert
from maillage.web.register.life.errors import NotAllowed, NotComplete
from maillage.web.register.life.locking import locked
from maillage.web.register.models import ImportBatch, ImportRow, Initiative, Version
from maillage.web.register.models.choices import State

GROUP: Final = 50
TO_UNDO: Final = (ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED)
_Outcome, _Status = ImportRow.Outcome, ImportBatch.Status
_WRITTEN_BY_IMPORT: Final = frozenset(
    {
        "blocks",
        "budget_lines",
        "figures",
        "holders",
        "import_rows",
        "imported_key",
        "moves",
        "partners",
        "relations",
        "resources",
        "search_entry",
        "tags",
        "versions",
    }
)
"""What hangs on a record that nobody but the import touched; anything else is people's work."""
_CHANGED: Final = "La fiche a changé depuis l’import : elle est gardée comme elle est."
_HUNG: Final = (
    "Un contact, un fichier, une remarque ou un lien y est joint depuis : elle est gardée."
)
_UNREADABLE: Final = "La version d’avant l’import ne se lit plus : la fiche est gardée."


def undo_batch(*, batch: ImportBatch, clock: Callable[[], datetime]) -> ImportBatch:
    """Take back the rows of a batch, group by group; go on where a former call stopped."""
    while _undo_group(batch, clock()):
        pass
    at = clock()
    with transaction.atomic():
        if end_undoing(batch=batch, at=at):
            record("import.undone", on=batch, by=batch.by, at=at)
    batch.refresh_from_db()
    return batch


def _undo_group(batch: ImportBatch, at: datetime) -> bool:
    """Take back the next rows; say whether there were any."""
    with transaction.atomic():
        if not hold(batch, _Status.UNDOING):
            return False
        rows = list(batch.rows.filter(outcome__in=TO_UNDO)[:GROUP])
        if not rows:
            return False
        records = _locked_for(rows)
        _keep_changed(rows, records, batch)
        _erase([row for row in rows if row.outcome == _Outcome.CREATED])
        actor = MACHINE if batch.by is None else Actor(batch.by, MACHINE.roles)
        for row in rows:
            if row.outcome == _Outcome.UPDATED:
                _bring_back(row, records, actor, at)
        save_outcomes(rows)
        ImportBatch.objects.filter(pk=batch.pk).update(moved_at=at)
    return True


def _locked_for(rows: Sequence[ImportRow]) -> dict[int, Initiative]:
    """Lock the records of rows, and those to which a version of before links them."""
    before = Version.objects.filter(
        initiative__in=[row.initiative_id for row in rows if row.version_before is not None]
    )
    wanted = {(row.initiative_id, row.version_before) for row in rows}
    contents = [
        content
        for pk, number, content in before.values_list("initiative_id", "number", "content")
        if (pk, number) in wanted
    ]
    targets = targets_of(contents, among=Initiative.objects.all())
    own = {row.initiative_id for row in rows if row.initiative_id is not None}
    return locked(own.union(targets.values()))


def _keep_changed(
    rows: Iterable[ImportRow], records: dict[int, Initiative], batch: ImportBatch
) -> None:
    """Decide which rows keep their record, and why; those whose record is gone are undone."""
    to_erase: dict[int, ImportRow] = {}
    for row in rows:
        found = records.get(row.initiative_id or 0)
        if found is None:
            row.outcome = _Outcome.UNDONE
        elif found.version != row.version_after:
            row.outcome, row.errors = _Outcome.KEPT, [["", _CHANGED]]
        elif row.outcome == _Outcome.CREATED:
            to_erase[found.pk] = row
    # Only these: they were never public, while the index asks for those that are.
    locked(to_erase, to_erase=True)
    for pk in _with_something_of_people(to_erase, batch):
        to_erase[pk].outcome, to_erase[pk].errors = _Outcome.KEPT, [["", _HUNG]]


def _with_something_of_people(pks: Collection[int], batch: ImportBatch) -> set[int]:
    """Return the numbers of the records that bear something that no import writes."""
    records = Initiative.objects.filter(pk__in=pks)
    as_imported = records.filter(reviewed_evidence_level="", organisation=batch.organisation_id)
    found = set(records.exclude(pk__in=as_imported).values_list("pk", flat=True))
    for relation in Initiative._meta.related_objects:
        name = relation.get_accessor_name()
        if name is not None and name not in _WRITTEN_BY_IMPORT:
            hanging = relation.related_model._default_manager.filter(
                **{f"{relation.field.name}__in": pks}
            )
            found.update(hanging.values_list(relation.field.name, flat=True))
    return found


def _erase(rows: Sequence[ImportRow]) -> None:
    """Erase records that nobody has touched; the indexes are told first."""
    pks = [row.initiative_id for row in rows if row.initiative_id is not None]
    records = Initiative.objects.filter(pk__in=pks)
    records.update(state=State.DRAFT)
    changed(pks)
    records.delete()
    for row in rows:
        row.outcome, row.initiative = _Outcome.UNDONE, None


def _bring_back(row: ImportRow, records: dict[int, Initiative], actor: Actor, at: datetime) -> None:
    assert row.initiative_id is not None
    assert row.version_before is not None
    try:
        revert(
            initiative=records[row.initiative_id],
            number=row.version_before,
            actor=actor,
            at=at,
            reason=f"Import annulé, ligne {row.number}",
        )
    except (NotAllowed, NotComplete, Version.DoesNotExist):
        row.outcome, row.errors = _Outcome.KEPT, [["", _UNREADABLE]]
    else:
        row.outcome = _Outcome.UNDONE
