"""Change the state of a record: one conditional update, a trace, a line of the journal."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from maillage.web.register.content.checking import Problem, missing, without_unseen
from maillage.web.register.content.storing import content_of
from maillage.web.register.life.actors import MACHINE, Actor
from maillage.web.register.life.changes import changed
from maillage.web.register.life.editing import keep_version
from maillage.web.register.life.errors import NotAllowed, NotComplete, ReasonMissing, StateChanged
from maillage.web.register.life.journaling import journal
from maillage.web.register.life.locking import locked
from maillage.web.register.life.transitions import TRANSITIONS, WORDS, Action, allowed
from maillage.web.register.models import Contribution, Initiative, Move
from maillage.web.register.models.choices import EvidenceLevel, State
from maillage.web.register.models.life import LINK_LASTS
from maillage.web.register.telling import tell_moved

MOVES: Final = frozenset(
    action for (state, action), line in TRANSITIONS.items() if line.to != state
)
"""The actions that change a state."""


def move(
    *,
    initiative: Initiative,
    action: Action,
    actor: Actor,
    at: datetime,
    reason: str = "",
    into: Initiative | None = None,
) -> None:
    """Do one move of the table, or change nothing.

    into  the record that stands for this one after Action.MERGE

    Raises NotAllowed, ReasonMissing, NotComplete (a sheet sent too early), StateChanged.
    """
    from_state = State(initiative.state)
    reason = without_unseen(reason)
    if action not in MOVES or not allowed(from_state, action, actor.roles):
        raise NotAllowed(f"{action} of a {from_state} record")
    line = TRANSITIONS[from_state, action]
    if line.needs_reason and not reason.strip():
        raise ReasonMissing(f"{action} must say why")
    with transaction.atomic():
        now = locked(one.pk for one in (initiative, into) if one is not None)
        content = content_of(initiative)
        if action is Action.SUBMIT:
            _refuse_incomplete(missing(content))
        values: dict[str, Any] = {"state": line.to, "state_reason": reason.strip()}
        values |= _dates(action, initiative, at)
        values |= _merging(action, initiative, now.get(into.pk) if into is not None else None)
        same = Initiative.objects.filter(
            pk=initiative.pk, state=from_state, version=initiative.version
        )
        if not same.update(version=F("version") + 1, updated_at=at, **values):
            raise StateChanged(f"initiative {initiative.public_id} is no longer {from_state}")
        initiative.refresh_from_db()
        _trace(initiative, action, from_state, actor, at, reason)
        told = reason.strip() or WORDS[action]
        keep_version(initiative, content, by=actor.user, at=at, reason=told)
        changed([initiative.pk])
        if action is Action.SEND_BACK:  # who has no account goes on through the link
            Contribution.objects.filter(initiative=initiative).update(expires_at=at + LINK_LASTS)
        if actor is not MACHINE:
            tell_moved(initiative, action, reason=reason.strip(), by=actor.user, at=at)
        journal(f"initiative.{action}", on=initiative, by=actor.user, at=at)


def review_evidence(
    *, initiative: Initiative, level: EvidenceLevel | None, actor: Actor, at: datetime
) -> None:
    """Write the moderator's own reading of the evidence, beside the holder's. Raises NotAllowed."""
    if not allowed(initiative.state, Action.REVIEW, actor.roles):
        raise NotAllowed(f"review of a {initiative.state} record")
    with transaction.atomic():
        initiative.reviewed_evidence_level = level or ""
        initiative.updated_at = at
        initiative.save(update_fields=["reviewed_evidence_level", "updated_at", "slug"])
        changed([initiative.pk])
        journal("initiative.review", on=initiative, by=actor.user, at=at)


def _refuse_incomplete(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise NotComplete(problems)


def _dates(action: Action, initiative: Initiative, at: datetime) -> dict[str, Any]:
    if action is Action.SUBMIT:
        return {"submitted_at": at}
    if action in (Action.PUBLISH, Action.RESTORE):
        fresh = {"checked_at": at, "reminded_at": None, "flagged_at": None, "hidden_at": None}
        return fresh | {"published_at": initiative.published_at or at}
    return {}


def _merging(action: Action, initiative: Initiative, into: Initiative | None) -> dict[str, Any]:
    if action is not Action.MERGE:
        return {"merged_into": None} if action is Action.SPLIT else {}
    if into is None or into.pk == initiative.pk or into.state != State.PUBLISHED:
        raise NotAllowed("a record is merged into another, which is published")
    # Those that were merged into this one follow it: an address leads on in one step.
    Initiative.objects.filter(merged_into=initiative).update(merged_into=into)
    return {"merged_into": into}


def _trace(
    initiative: Initiative,
    action: Action,
    from_state: State,
    actor: Actor,
    at: datetime,
    reason: str,
) -> None:
    Move.objects.create(
        initiative=initiative,
        action=action,
        from_state=from_state,
        to_state=initiative.state,
        at=at,
        by=actor.user,
        reason=reason.strip(),
    )
