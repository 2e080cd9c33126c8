"""Remarks between the author of a record and its moderators."""

from datetime import datetime

from django.db import transaction

from maillage.web.register.content.checking import without_unseen
from maillage.web.register.life.actors import MACHINE, Actor
from maillage.web.register.life.errors import NotAllowed
from maillage.web.register.life.transitions import Action, Role, allowed
from maillage.web.register.models import Comment, Initiative
from maillage.web.register.telling import tell_comment


def comment(*, initiative: Initiative, text: str, actor: Actor, at: datetime) -> Comment | None:
    """Write a remark and tell the other side; None when there is nothing in it.

    Raises NotAllowed.
    """
    if not allowed(initiative.state, Action.COMMENT, actor.roles):
        raise NotAllowed(f"comment on a {initiative.state} record")
    if not text.strip():
        return None
    with transaction.atomic():
        written = Comment.objects.create(
            initiative=initiative,
            author=actor.user,
            from_contributor=Role.MODERATOR not in actor.roles,
            text=without_unseen(text).strip()[:5000],
            at=at,
        )
        if actor is not MACHINE:
            tell_comment(written, at=at)
    return written
