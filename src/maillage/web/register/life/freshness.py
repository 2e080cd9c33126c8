"""The clock of a published record: checked, reminded, flagged as old, hidden; never silently stale.

Each step waits for the one before, so that a site that slept for a year warns before it hides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from maillage.web.register.life.actors import Actor
from maillage.web.register.life.changes import changed
from maillage.web.register.life.errors import NotAllowed
from maillage.web.register.life.journaling import journal
from maillage.web.register.life.transitions import Action, allowed
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.telling import tell_to_check

REMIND_AFTER: Final = timedelta(days=365)
"""Since the last check."""
FLAG_AFTER: Final = timedelta(days=60)
"""Since the reminder."""
HIDE_AFTER: Final = timedelta(days=120)
"""Since the flag."""


@dataclass(frozen=True, slots=True)
class Turned:
    """How many records a turn of the clock moved."""

    reminded: int
    flagged: int
    hidden: int


def turn_clock(*, at: datetime) -> Turned:
    """Remind, flag and hide what is due. Calling it twice does nothing more."""
    published = Initiative.objects.filter(state=State.PUBLISHED)
    due = published.filter(checked_at__lte=at - REMIND_AFTER, reminded_at__isnull=True)
    related = due.select_related("created_by", "contact", "contribution")
    reminded = sum(_remind(one, at) for one in related)
    flagged = published.filter(reminded_at__lte=at - FLAG_AFTER, flagged_at__isnull=True)
    n_flagged = _mark(list(flagged.values_list("pk", flat=True)), "flagged_at", at)
    hidden = published.filter(flagged_at__lte=at - HIDE_AFTER, hidden_at__isnull=True)
    n_hidden = _mark(list(hidden.values_list("pk", flat=True)), "hidden_at", at)
    return Turned(reminded, n_flagged, n_hidden)


def confirm_fresh(*, initiative: Initiative, actor: Actor, at: datetime) -> None:
    """Say that the sheet is right today: a hidden one comes back. Raises NotAllowed."""
    if not allowed(initiative.state, Action.CHECK, actor.roles):
        raise NotAllowed(f"check of a {initiative.state} record")
    with transaction.atomic():
        Initiative.objects.filter(pk=initiative.pk, state=State.PUBLISHED).update(
            checked_at=at, reminded_at=None, flagged_at=None, hidden_at=None, updated_at=at
        )
        journal("initiative.check", on=initiative, by=actor.user, at=at)
        changed([initiative.pk])
    initiative.refresh_from_db()


def _remind(initiative: Initiative, at: datetime) -> int:
    """Mark, then tell; a reminder that could not leave is for the next turn."""
    same = Initiative.objects.filter(pk=initiative.pk)
    if not same.filter(reminded_at__isnull=True).update(reminded_at=at):
        return 0
    initiative.reminded_at = at
    if not tell_to_check(initiative, at=at):
        same.filter(reminded_at=at).update(reminded_at=None)
        return 0
    return 1


def _mark(pks: list[int], field: str, at: datetime) -> int:
    if not pks:
        return 0
    with transaction.atomic():
        marked = Initiative.objects.filter(
            pk__in=pks, state=State.PUBLISHED, **{f"{field}__isnull": True}
        ).update(**{field: at}, updated_at=at)
        changed(pks)
    return marked
