"""What is done to organisations. Each action checks the right, changes, tells, and records.

The entry of the journal comes last: others wait for it, who may hold a row that would be needed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.notices.actions import notify
from maillage.web.accounts.organisations.errors import AlreadyMember, LastManager, NotAllowed
from maillage.web.accounts.organisations.models import Membership, Organisation
from maillage.web.accounts.people.models import User
from maillage.web.accounts.rights import (
    ROLE_LABELS,
    Permission,
    Role,
    may_give,
    roles_that_may,
)
from maillage.web.accounts.scopes import Reach, forget_held, held_by, may
from maillage.web.territories.models import Territory

FIELDS = ("name", "kind", "website")


def check_right(by: Any, permission: Permission, organisation: Organisation | None = None) -> None:
    """Raise NotAllowed unless `by` may do it in the organisation, by a role there or over it."""
    allowed = may(by, permission, organisation=organisation)
    if not allowed and organisation is not None:
        here = Organisation.objects.where(by, permission).filter(pk=organisation.pk)
        allowed = here.exists()
    if not allowed:
        raise NotAllowed(f"{permission} is not allowed here.")


def create_organisation(
    *, name: str, kind: str, website: str, by: Any, at: datetime, manager: User | None = None
) -> Organisation:
    """Write an organisation, managed by `manager` if one is named. Raises NotAllowed."""
    check_right(by, Permission.CREATE_ORGANISATION)
    with transaction.atomic():
        made = Organisation.objects.create(name=name, kind=kind, website=website, created_at=at)
        record("organisation.created", on=made, by=by, at=at, fields=FIELDS)
        if manager is not None:
            _add_member(made, manager, role=Role.MANAGER, by=by, at=at)
    return made


def edit_organisation(
    *, organisation: Organisation, values: dict[str, Any], by: Any, at: datetime
) -> frozenset[str]:
    """Change its name, kind or site; return the names of the fields that changed."""
    check_right(by, Permission.EDIT_ORGANISATION, organisation)
    with transaction.atomic():
        kept = Organisation.objects.select_for_update().get(pk=organisation.pk)
        changed = {field for field in FIELDS if values.get(field, "") != getattr(kept, field)}
        if changed:
            Organisation.objects.filter(pk=kept.pk).update(
                **{field: values.get(field, "") for field in changed}
            )
            record("organisation.edited", on=kept, by=by, at=at, fields=changed)
    return frozenset(changed)


def cover_territory(
    *, organisation: Organisation, territory: Territory, by: Any, at: datetime, covers: bool = True
) -> None:
    """Add a territory to those that an organisation covers, or take it away.

    Whoever holds a role over a territory holds it in the organisations that cover it: so only a
    platform administrator draws this map.
    """
    if not may(by, Permission.COVER_TERRITORY, territory=territory):
        raise NotAllowed("only a platform administrator says who covers a territory.")
    with transaction.atomic():
        if covers:
            organisation.territories.add(territory)
        else:
            organisation.territories.remove(territory)
        verb = "organisation.territory_added" if covers else "organisation.territory_removed"
        record(verb, on=organisation, by=by, at=at, fields=("territories",))


def join(*, organisation: Organisation, user: User, role: Role, by: Any, at: datetime) -> None:
    """Make a person a member: the end of an invitation, whose right was checked when it was sent.

    Raises AlreadyMember.
    """
    with transaction.atomic():
        _add_member(organisation, user, role=role, by=by, at=at)


def change_role(*, membership: Membership, role: Role, by: Any, at: datetime) -> None:
    """Give a member another role. Raises NotAllowed, LastManager."""
    organisation = membership.organisation
    check_right(by, Permission.CHANGE_MEMBERS, organisation)
    if not any(may_give(giver, role) for giver in roles_in(by, organisation)):
        raise NotAllowed(f"{role} cannot be given.")
    with transaction.atomic():
        if role != Role.MANAGER:
            _check_a_manager_is_left(organisation, without=membership)
        found = Membership.objects.filter(pk=membership.pk).exclude(role=role)
        if not found.update(role=role):
            return
        _tell_of_role(membership, role, by=by, at=at)
        record("membership.role_changed", on=organisation, by=by, at=at, fields=("role",))
    forget_held(membership.user)


def remove_member(*, membership: Membership, by: Any, at: datetime) -> None:
    """End a membership: one's own at will, another's with the right. Raises LastManager."""
    organisation = membership.organisation
    if membership.user_id != by.pk:
        check_right(by, Permission.CHANGE_MEMBERS, organisation)
    with transaction.atomic():
        _check_a_manager_is_left(organisation, without=membership)
        if Membership.objects.filter(pk=membership.pk).delete()[0]:
            notify(
                [membership.user],
                fact=f"membership:{membership.pk}:ended",
                subject=f"Vous ne faites plus partie de {organisation.name}",
                text=f"Votre accès à l’espace de {organisation.name} a pris fin.",
                path="/organisations/",
                by=by,
                at=at,
            )
            record("membership.ended", on=organisation, by=by, at=at)
    forget_held(membership.user)


def roles_in(user: Any, organisation: Organisation) -> frozenset[Role]:
    """Return the roles that a person has there: their own, and those over its territories."""
    held = held_by(user)
    found = {role for pk, role in held.organisations if pk == organisation.pk}
    for territory_id, role in held.territories:
        reach = Reach(territory_ids=frozenset({territory_id}))
        if Organisation.objects.reached_by(reach).filter(pk=organisation.pk).exists():
            found.add(role)
    return frozenset(found | ({Role.PLATFORM_ADMINISTRATOR} if held.everywhere else set()))


def managers_of(organisation: Organisation) -> Sequence[User]:
    """Return those who manage its members."""
    roles = [role.value for role in roles_that_may(Permission.CHANGE_MEMBERS)]
    return list(
        User.objects.active().filter(
            memberships__organisation=organisation, memberships__role__in=roles
        )
    )


def _add_member(
    organisation: Organisation, user: User, *, role: Role, by: Any, at: datetime
) -> None:
    membership, new = Membership.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": role, "joined_at": at}
    )
    if not new:
        raise AlreadyMember("this person is a member already.")
    notify(
        managers_of(organisation),
        fact=f"membership:{membership.pk}:begun",
        subject=f"{user} a rejoint {organisation.name}",
        text=f"{user} fait maintenant partie de {organisation.name}, "
        f"avec le rôle « {ROLE_LABELS[role]} ».",
        path=organisation.get_absolute_url(),
        by=user,
        at=at,
        about=user,
    )
    record("membership.begun", on=organisation, by=by, at=at, fields=("role",))
    forget_held(user)


def _tell_of_role(membership: Membership, role: Role, *, by: Any, at: datetime) -> None:
    organisation = membership.organisation
    notify(
        [membership.user],
        fact=f"membership:{membership.pk}:role:{role}:{at:%Y%m%d%H%M%S}",
        subject=f"Votre rôle a changé dans {organisation.name}",
        text=f"Vous avez maintenant le rôle « {ROLE_LABELS[role]} » dans {organisation.name}.",
        path=organisation.get_absolute_url(),
        by=by,
        at=at,
    )


def _check_a_manager_is_left(organisation: Organisation, *, without: Membership) -> None:
    """Lock the organisation, so that two managers do not leave at the same moment."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    managers = Membership.objects.filter(organisation=organisation, role=Role.MANAGER)
    leaving = managers.filter(pk=without.pk).exists()
    if leaving and not managers.exclude(pk=without.pk).exists():
        raise LastManager("nobody would be left to manage the organisation.")
