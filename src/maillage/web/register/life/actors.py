"""Who acts, and what they are to one record."""

from dataclasses import dataclass
from typing import Any, Self

from maillage.web.register.life.transitions import Role
from maillage.web.register.models import Initiative
from maillage.web.register.models.initiative import InitiativeQuerySet
from maillage.web.register.models.visibility import written_by


@dataclass(frozen=True, slots=True)
class Actor:
    """A person before one record: an account or none, and the roles they have there."""

    user: Any = None
    roles: frozenset[Role] = frozenset({Role.VISITOR})

    @classmethod
    def of(cls, user: Any, initiative: Initiative) -> Self:
        """Return what this account is to this record; a visitor when nothing says more."""
        roles = {Role.VISITOR}
        if user is None or not user.is_authenticated:
            return cls()
        mine = Initiative.objects.filter(pk=initiative.pk)
        if mine.filter(written_by(user)).exists():
            roles.add(Role.AUTHOR)
        if mine.moderated_by(user).exists():
            roles.add(Role.MODERATOR)
        return cls(user, frozenset(roles))

    @classmethod
    def by_link(cls) -> Self:
        """Return who holds the secret link of a contribution: its author, without account."""
        return cls(None, frozenset({Role.VISITOR, Role.AUTHOR}))


MACHINE = Actor(None, frozenset({Role.MODERATOR, Role.AUTHOR}))
"""Our own reviewed content and imports of moderators, whose rights were checked at the door."""


def seen_by(actor: Actor) -> InitiativeQuerySet:
    """Return the records that somebody may name: those that they see."""
    if actor is MACHINE:
        return Initiative.objects.all()
    return Initiative.objects.visible_to(actor.user)
