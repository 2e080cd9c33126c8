"""Roles over territories: given and taken back, by the table of rights, told and recorded."""

from datetime import datetime
from typing import Any

from django.db import transaction

from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.notices.actions import notify
from maillage.web.accounts.organisations.errors import NotAllowed, NotToOneself
from maillage.web.accounts.organisations.models import TerritoryRole
from maillage.web.accounts.people.models import User
from maillage.web.accounts.rights import ROLE_LABELS, Permission, Role, may_give_over_territory
from maillage.web.accounts.scopes import forget_held, held_by, may
from maillage.web.territories.models import Territory


def roles_to_give_over(by: Any, territory: Territory) -> tuple[Role, ...]:
    """Return the roles that `by` may hand out over a territory, from the least to the most."""
    if not may(by, Permission.CHANGE_TERRITORY_ROLES, territory=territory):
        return ()
    giver = Role.PLATFORM_ADMINISTRATOR if held_by(by).everywhere else Role.MANAGER
    return tuple(role for role in Role if may_give_over_territory(giver, role))


def give_territory_role(
    *, user: User, territory: Territory, role: Role, by: Any, at: datetime
) -> TerritoryRole:
    """Give a person a role over a territory and all inside it. Raises NotAllowed, NotToOneself."""
    if role not in roles_to_give_over(by, territory):
        raise NotAllowed(f"{role} cannot be given over this territory.")
    if user.pk == by.pk and not held_by(by).everywhere:
        raise NotToOneself("nobody raises their own rights.")
    with transaction.atomic():
        given, new = TerritoryRole.objects.get_or_create(
            user=user, territory=territory, role=role, defaults={"given_at": at}
        )
        if new:
            words = f"le rôle « {ROLE_LABELS[role]} » pour {territory.name}"
            _tell(
                given, "begun", "Un rôle vous est confié", f"Vous avez maintenant {words}.", by, at
            )
            record("territory_role.given", on=user, by=by, at=at, fields=("role", "territory"))
    forget_held(user)
    return given


def withdraw_territory_role(*, given: TerritoryRole, by: Any, at: datetime) -> None:
    """Take a role over a territory back; one's own may always be given up. Raises NotAllowed."""
    allowed = Role(given.role) in roles_to_give_over(by, given.territory)
    if not (allowed or given.user_id == by.pk):
        raise NotAllowed(f"{given.role} cannot be taken back over this territory.")
    with transaction.atomic():
        if TerritoryRole.objects.filter(pk=given.pk).delete()[0]:
            fields = ("role", "territory")
            words = f"le rôle « {given.role_label} » pour {given.territory.name}"
            _tell(given, "ended", "Un rôle vous est retiré", f"Vous n’avez plus {words}.", by, at)
            record("territory_role.withdrawn", on=given.user, by=by, at=at, fields=fields)
    forget_held(given.user)


def _tell(given: TerritoryRole, what: str, subject: str, text: str, by: Any, at: datetime) -> None:
    notify(
        [given.user],
        fact=f"territory_role:{given.pk}:{what}",
        subject=f"{subject} : {given.role_label}, {given.territory.name}",
        text=text,
        path="/compte/",
        by=by,
        at=at,
    )
