"""Write a sheet, keep its versions, go back to one."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from maillage.web.register.content.checking import Problem, checked
from maillage.web.register.content.differences import changes_between
from maillage.web.register.content.fields import FIELD_BY_KEY, Content, empty_content
from maillage.web.register.content.relations import problems_of_new_links, still_there
from maillage.web.register.content.storing import content_of, set_plain_fields, write_rows
from maillage.web.register.life.actors import Actor, seen_by
from maillage.web.register.life.changes import changed
from maillage.web.register.life.errors import NotAllowed, NotComplete, StateChanged
from maillage.web.register.life.journaling import journal
from maillage.web.register.life.locking import locked
from maillage.web.register.life.transitions import Action, Role, allowed
from maillage.web.register.models import Initiative, Version
from maillage.web.register.models.choices import State
from maillage.web.register.telling import tell_edited

_NOT_VERSIONED = (State.DRAFT,)
_NO_TITLE: Final = (Problem("title", "Donnez un titre."),)


def start_draft(
    *, content: Content, actor: Actor, at: datetime, organisation_id: int | None = None
) -> Initiative:
    """Write a new draft, of one person or of an organisation.

    Raises NotComplete for a sheet that does not read or has no title.
    """
    sheet = _read(empty_content() | content)
    _refuse(() if sheet["title"] else _NO_TITLE)
    with transaction.atomic():
        initiative = Initiative(
            created_by=actor.user, organisation_id=organisation_id, created_at=at, updated_at=at
        )
        set_plain_fields(initiative, sheet)
        initiative.save()
        write_rows(initiative, sheet)
        journal("initiative.started", on=initiative, by=actor.user, at=at)
    return initiative


def edit(
    *,
    initiative: Initiative,
    changes: Content,
    actor: Actor,
    at: datetime,
    reason: str = "",
    action: Action = Action.EDIT,
) -> Content:
    """Change fields of a sheet, or change nothing; outside of drafts a version is kept.

    Returns the sheet after. Raises NotAllowed, NotComplete (a value that does not read),
    StateChanged when the record is no longer the one that was read.
    """
    if not allowed(initiative.state, action, actor.roles):
        raise NotAllowed(f"{action} of a {initiative.state} record")
    with transaction.atomic():
        before = content_of(initiative)
        after = _read(before | changes)
        _refuse(() if after["title"] else _NO_TITLE)
        _refuse(
            problems_of_new_links(before, after, own=initiative.public_id, among=seen_by(actor))
        )
        touched = changes_between(before, after)
        if not touched:
            return after
        _take_turn(initiative, at)
        set_plain_fields(initiative, after)
        initiative.updated_at = at
        initiative.save()
        write_rows(initiative, after)
        if initiative.state not in _NOT_VERSIONED:
            keep_version(initiative, after, by=actor.user, at=at, reason=reason)
        changed([initiative.pk])
        if Role.AUTHOR not in actor.roles:
            labels = [FIELD_BY_KEY[key].label for key in touched]
            tell_edited(initiative, labels=labels, by=actor.user, at=at)
        journal(f"initiative.{action}", on=initiative, by=actor.user, at=at, fields=touched)
    return after


def erase_draft(*, initiative: Initiative, actor: Actor, at: datetime) -> None:
    """Erase a draft with its contact and its files, for good. Raises NotAllowed for any other."""
    if initiative.state != State.DRAFT or not allowed(initiative.state, Action.EDIT, actor.roles):
        raise NotAllowed(f"erasing of a {initiative.state} record")
    with transaction.atomic():
        found = locked([initiative.pk], to_erase=True).get(initiative.pk)
        if found is None or found.state != State.DRAFT:
            raise NotAllowed(f"initiative {initiative.public_id} is no longer a draft")
        found.delete()
        journal("initiative.erased", on=initiative, by=actor.user, at=at)


def revert(
    *, initiative: Initiative, number: int, actor: Actor, at: datetime, reason: str = ""
) -> Content:
    """Bring back the sheet of an earlier version, as a new version.

    A link to a record that was erased since does not come back. Raises NotAllowed, StateChanged,
    Version.DoesNotExist, and NotComplete when the version of old does not read any more.
    """
    version = initiative.versions.get(number=number)
    links = still_there(version.content.get("relations", []))
    why = reason or f"Retour à la version {number}"
    return edit(
        initiative=initiative,
        changes=version.content | {"relations": links},
        actor=actor,
        at=at,
        reason=why,
        action=Action.REVERT,
    )


def keep_version(
    initiative: Initiative, content: Content, *, by: Any, at: datetime, reason: str
) -> Version:
    """Write the sheet as it is now under its number."""
    return Version.objects.create(
        initiative=initiative,
        number=initiative.version,
        content=content,
        at=at,
        by=by,
        reason=reason[:300],
    )


def _take_turn(initiative: Initiative, at: datetime) -> None:
    """Go from the version read to the next, unless somebody else did."""
    mine = Initiative.objects.filter(
        pk=initiative.pk, version=initiative.version, state=initiative.state
    )
    if not mine.update(version=F("version") + 1, updated_at=at):
        raise StateChanged(f"initiative {initiative.public_id} has changed since it was read")
    initiative.version += 1


def _read(content: Content) -> Content:
    read = checked(content)
    _refuse(read.problems)
    return read.content


def _refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise NotComplete(problems)
