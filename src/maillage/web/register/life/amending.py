"""Suggestions of change: anybody suggests, whoever answers for the record accepts or refuses."""

from datetime import datetime

from django.db import transaction

from maillage.web.register.content.checking import checked, without_unseen
from maillage.web.register.content.differences import changes_between
from maillage.web.register.content.fields import FIELD_BY_KEY, Content
from maillage.web.register.content.relations import problems_of_new_links
from maillage.web.register.content.storing import content_of
from maillage.web.register.life.actors import Actor, seen_by
from maillage.web.register.life.editing import edit
from maillage.web.register.life.errors import Conflict, NotAllowed, NotComplete, StateChanged
from maillage.web.register.life.journaling import journal
from maillage.web.register.life.transitions import Action, allowed
from maillage.web.register.models import Amendment, Initiative
from maillage.web.register.telling import tell_decided, tell_suggested

_Status = Amendment.Status


def suggest(
    *,
    initiative: Initiative,
    changes: Content,
    actor: Actor,
    at: datetime,
    message: str = "",
    author_email: str = "",
    secret_hash: str = "",
) -> Amendment | None:
    """Write a suggestion; None when it changes nothing.

    Without account it waits for its author to confirm an address (`secret_hash` is that of the
    link sent). Raises NotAllowed, NotComplete.
    """
    if not allowed(initiative.state, Action.SUGGEST, actor.roles):
        raise NotAllowed(f"suggestion on a {initiative.state} record")
    before = content_of(initiative)
    read = checked(before | changes)
    problems = read.problems or problems_of_new_links(
        before, read.content, own=initiative.public_id, among=seen_by(actor)
    )
    if problems:
        raise NotComplete(problems)
    touched = changes_between(before, read.content)
    if not touched:
        return None
    with transaction.atomic():
        amendment = Amendment.objects.create(
            initiative=initiative,
            base_version=initiative.version,
            changes=touched,
            message=without_unseen(message).strip(),
            author=actor.user,
            author_email=author_email,
            secret_hash=secret_hash,
            status=_Status.UNCONFIRMED if secret_hash else _Status.WAITING,
            created_at=at,
        )
        if not secret_hash:
            tell_suggested(amendment, at=at)
        journal("amendment.suggested", on=initiative, by=actor.user, at=at, fields=touched)
    return amendment


def confirm_suggestion(*, secret_hash: str, at: datetime) -> Amendment | None:
    """Let a suggestion be read, its author having come back through the link sent; or None."""
    waiting = Amendment.objects.filter(secret_hash=secret_hash, status=_Status.UNCONFIRMED)
    with transaction.atomic():
        if not secret_hash or not waiting.update(status=_Status.WAITING):
            return None
        amendment = Amendment.objects.select_related("initiative__created_by").get(
            secret_hash=secret_hash
        )
        tell_suggested(amendment, at=at)
    return amendment


def accept(*, amendment: Amendment, actor: Actor, at: datetime, reason: str = "") -> None:
    """Write the suggested values into the record of today.

    Raises NotAllowed, StateChanged (already examined), Conflict when one of these fields has
    changed since the suggestion: nobody's words are lost without being read.
    """
    initiative = amendment.initiative
    with transaction.atomic():
        _decide(amendment, _Status.ACCEPTED, actor, at, reason)
        today = content_of(initiative)
        moved = [
            FIELD_BY_KEY[key].label
            for key, change in amendment.changes.items()
            if today[key] not in (change["before"], change["after"])
        ]
        if moved:
            raise Conflict(moved)
        edit(
            initiative=initiative,
            changes={key: change["after"] for key, change in amendment.changes.items()},
            actor=actor,
            at=at,
            reason=f"Proposition {amendment.public_id} acceptée",
            action=Action.DECIDE,
        )


def refuse(*, amendment: Amendment, actor: Actor, at: datetime, reason: str) -> None:
    """Close a suggestion without following it. Raises NotAllowed, StateChanged."""
    with transaction.atomic():
        _decide(amendment, _Status.REFUSED, actor, at, reason)
        journal("amendment.refused", on=amendment.initiative, by=actor.user, at=at)


def _decide(
    amendment: Amendment, status: Amendment.Status, actor: Actor, at: datetime, reason: str
) -> None:
    if not allowed(amendment.initiative.state, Action.DECIDE, actor.roles):
        raise NotAllowed(f"decision on a suggestion for a {amendment.initiative.state} record")
    waiting = Amendment.objects.filter(pk=amendment.pk, status=_Status.WAITING)
    if not waiting.update(
        status=status,
        decided_at=at,
        decided_by=actor.user,
        decision_reason=without_unseen(reason).strip(),
    ):
        raise StateChanged(f"suggestion {amendment.public_id} is no longer waiting")
    amendment.refresh_from_db(fields=["status", "decided_at", "decided_by", "decision_reason"])
    tell_decided(amendment, by=actor.user, at=at)
