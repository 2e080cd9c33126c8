"""The clock of a published record: checked, reminded, flagged as old, hidden; never silently stale.

Each step waits for the one before, so that a site that slept for a year warns before it hides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from maillage.web.register.life.actors import Actor
from maillage.web.register.life.changes import changed
from maillage.web.register.life.errors import NotAllowed, StateChanged
from maillage.web.register.life.journaling import journal
from maillage.web.register.life.locking import locked
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
_AT_ONCE: Final = 250


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
    n_flagged = _mark(flagged, "flagged_at", at)
    hidden = published.filter(flagged_at__lte=at - HIDE_AFTER, hidden_at__isnull=True)
    n_hidden = _mark(hidden, "hidden_at", at)
    return Turned(reminded, n_flagged, n_hidden)


def confirm_fresh(*, initiative: Initiative, actor: Actor, at: datetime) -> None:
    """Say that the sheet is right today: a hidden one comes back.

    Raises NotAllowed, StateChanged when it has left the register meanwhile.
    """
    if not allowed(initiative.state, Action.CHECK, actor.roles):
        raise NotAllowed(f"check of a {initiative.state} record")
    with transaction.atomic():
        same = Initiative.objects.filter(pk=initiative.pk, state=State.PUBLISHED)
        if not same.update(
            checked_at=at, reminded_at=None, flagged_at=None, hidden_at=None, updated_at=at
        ):
            raise StateChanged(f"initiative {initiative.public_id} is no longer published")
        changed([initiative.pk])
        journal("initiative.check", on=initiative, by=actor.user, at=at)
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


def _mark(due: QuerySet[Initiative], field: str, at: datetime) -> int:
    """Date one field of what is due, some hundreds at a time; return how many there were."""
    pks = sorted(due.values_list("pk", flat=True))
    marked = 0
    for start in range(0, len(pks), _AT_ONCE):
        with transaction.atomic():
            # Asked again once they are locked: somebody may just have said that one is right.
            still = due.filter(pk__in=locked(pks[start : start + _AT_ONCE]))
            part = list(still.values_list("pk", flat=True))
            marked += Initiative.objects.filter(pk__in=part).update(**{field: at}, updated_at=at)
            changed(part)
    return marked
