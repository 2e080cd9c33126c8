"""Who may do what: one table, from which checks, pages, documentation and tests are made.

A role is held in an organisation, or over a territory and all that is inside it, or (platform
administrator) everywhere. What no line of the table allows is refused.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Permission(StrEnum):
    """One thing that a person may be allowed to do, somewhere."""

    SEE_UNPUBLISHED = "content.see_unpublished"
    CONTRIBUTE = "content.contribute"
    IMPORT = "content.import"
    MODERATE = "content.moderate"
    COORDINATE = "territory.coordinate"
    SEE_MEMBERS = "members.see"
    INVITE_MEMBERS = "members.invite"
    CHANGE_MEMBERS = "members.change"
    EDIT_ORGANISATION = "organisation.edit"
    EDIT_PORTAL = "portal.edit"
    CREATE_ORGANISATION = "organisation.create"
    COVER_TERRITORY = "organisation.cover"
    CHANGE_TERRITORY_ROLES = "territory.change_roles"
    READ_JOURNAL = "journal.read"


class Role(StrEnum):
    """What a person is in an organisation or on a territory, from the least to the most."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    PLATFORM_ADMINISTRATOR = "platform_administrator"


_P = Permission
ROLE_PERMISSIONS: Final = MappingProxyType(
    {
        Role.READER: frozenset({_P.SEE_UNPUBLISHED, _P.SEE_MEMBERS}),
        Role.CONTRIBUTOR: frozenset({_P.SEE_UNPUBLISHED, _P.SEE_MEMBERS, _P.CONTRIBUTE}),
        Role.MODERATOR: frozenset(
            {_P.SEE_UNPUBLISHED, _P.SEE_MEMBERS, _P.CONTRIBUTE, _P.IMPORT, _P.MODERATE}
        ),
        Role.COORDINATOR: frozenset(
            {
                _P.SEE_UNPUBLISHED,
                _P.SEE_MEMBERS,
                _P.CONTRIBUTE,
                _P.IMPORT,
                _P.COORDINATE,
                _P.INVITE_MEMBERS,
            }
        ),
        # Manages people and the organisation; judges no content: that is a moderator's work.
        Role.MANAGER: frozenset(
            {
                _P.SEE_UNPUBLISHED,
                _P.SEE_MEMBERS,
                _P.CONTRIBUTE,
                _P.INVITE_MEMBERS,
                _P.CHANGE_MEMBERS,
                _P.EDIT_ORGANISATION,
                _P.EDIT_PORTAL,
                _P.READ_JOURNAL,
                _P.CHANGE_TERRITORY_ROLES,
            }
        ),
        Role.PLATFORM_ADMINISTRATOR: frozenset(Permission),
    }
)

ROLE_LABELS: Final = MappingProxyType(
    {
        Role.READER: "lecture",
        Role.CONTRIBUTOR: "contribution",
        Role.MODERATOR: "modération",
        Role.COORDINATOR: "coordination",
        Role.MANAGER: "gestion",
        Role.PLATFORM_ADMINISTRATOR: "administration de la plateforme",
    }
)

ROLE_SENTENCES: Final = MappingProxyType(
    {
        Role.READER: "Lit aussi ce qui n’est pas encore publié.",
        Role.CONTRIBUTOR: "Rédige et propose des contenus.",
        Role.MODERATOR: "Rédige, importe, publie ou refuse des contenus.",
        Role.COORDINATOR: "Rédige, importe, anime le territoire et invite des membres.",
        Role.MANAGER: "Rédige, gère les membres, la fiche et les portails, lit le journal ; "
        "sur un territoire, confie les rôles.",
        Role.PLATFORM_ADMINISTRATOR: "Peut tout, partout ; chaque geste est écrit au journal.",
    }
)

HELD_ROLES: Final = tuple(role for role in Role if role is not Role.PLATFORM_ADMINISTRATOR)
"""The roles that an organisation or a territory can give."""

ROLE_CHOICES: Final = tuple((role.value, ROLE_LABELS[role]) for role in HELD_ROLES)


def roles_that_may(permission: Permission) -> frozenset[Role]:
    """Return the roles that the table allows `permission`."""
    return frozenset(role for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed)


def may_give_over_territory(giver: Role, role: Role) -> bool:
    """Say whether who has `giver` over a territory may hand out `role` over it or inside it.

    Managers hand out every role but their own: who manages a territory is a platform
    administrator's choice, so that the management of a territory does not spread by itself.
    """
    if role not in HELD_ROLES or Permission.CHANGE_TERRITORY_ROLES not in ROLE_PERMISSIONS[giver]:
        return False
    return giver is Role.PLATFORM_ADMINISTRATOR or role is not Role.MANAGER


def may_give(giver: Role, role: Role) -> bool:
    """Say whether who has `giver` may hand out `role`: never more than one's own permissions.

    A manager hands out every role of an organisation, since nobody else there could.
    """
    if role not in HELD_ROLES:
        return False
    if giver in (Role.MANAGER, Role.PLATFORM_ADMINISTRATOR):
        return True
    return ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[giver]
