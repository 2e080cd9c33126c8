"""Where a person may do something: everywhere, in organisations, on territories; nowhere else.

    Initiative.objects.filter(reach_of(user, Permission.MODERATE).q(territories="territories"))

The filter goes into the query, so that what may not be seen is not there to be found.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from maillage.web.accounts.rights import ROLE_PERMISSIONS, Permission, Role, roles_that_may
from maillage.web.territories.models import Territory
from maillage.web.territories.store import NoActiveStore, current_store

_ZONES = ("living_zone", "employment_zone")
_FIELD_INSIDE = {
    "department": "department_code",
    "region": "region_code",
    "epci": "epci_code",
}
_KINDS_INSIDE = {
    "epci": ("commune",),
    "department": ("commune",),
    "region": ("commune", "department"),
}
NOWHERE = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Held:
    """The roles of one person, read once per request.

    everywhere     the person administers the platform
    organisations  role held in each organisation, by its number
    territories    roles held over each territory, by its number
    """

    everywhere: bool = False
    organisations: tuple[tuple[int, Role], ...] = ()
    territories: tuple[tuple[int, Role], ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """Where one person may do one thing."""

    everywhere: bool = False
    organisation_ids: frozenset[int] = frozenset()
    territory_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.organisation_ids or self.territory_ids)

    def q(self, *, organisation: str = "", territories: str = "") -> Q:
        """Return the filter of objects in reach; closed for objects that name neither.

        organisation  path from the object to its organisation's number, "" if it has none
        territories   path from the object to its territories, "" if it has none
        """
        if self.everywhere:
            return Q()
        reached = NOWHERE
        if organisation and self.organisation_ids:
            reached |= Q(**{f"{organisation}__in": self.organisation_ids})
        if territories and self.territory_ids:
            covered = Territory.objects.filter(inside(self.territory_ids)).values("pk")
            reached |= Q(**{f"{territories}__in": covered})
        return reached

    def has(
        self, *, organisation_id: int | None = None, territory: Territory | None = None
    ) -> bool:
        """Say whether an organisation or a territory is in reach."""
        if self.everywhere or organisation_id in self.organisation_ids:
            return True
        if territory is None or not self.territory_ids:
            return False
        return Territory.objects.filter(inside(self.territory_ids), pk=territory.pk).exists()


def reach_of(user: Any, permission: Permission) -> Reach:
    """Return where this person may do `permission`; nowhere for a stranger."""
    held = held_by(user)
    if held.everywhere and permission in ROLE_PERMISSIONS[Role.PLATFORM_ADMINISTRATOR]:
        return Reach(everywhere=True)
    allowed = roles_that_may(permission)
    return Reach(
        organisation_ids=frozenset(pk for pk, role in held.organisations if role in allowed),
        territory_ids=frozenset(pk for pk, role in held.territories if role in allowed),
    )


def member_organisations(user: Any, permission: Permission) -> frozenset[int]:
    """Return the numbers of one's own organisations in which one's role allows `permission`.

    Roles over territories do not count: they let nobody speak in an organisation's name.
    """
    held, allowed = held_by(user), roles_that_may(permission)
    return frozenset(pk for pk, role in held.organisations if held.everywhere or role in allowed)


def may(
    user: Any,
    permission: Permission,
    *,
    organisation: Any = None,
    territory: Territory | None = None,
) -> bool:
    """Say whether this person may do `permission` in an organisation or on a territory."""
    reach = reach_of(user, permission)
    return reach.has(organisation_id=getattr(organisation, "pk", None), territory=territory)


def held_by(user: Any) -> Held:
    """Return the roles of a person, asked of the database once per user object."""
    if user is None or not user.is_authenticated or not user.is_active:
        return Held()
    if not hasattr(user, "_held_roles"):
        user._held_roles = _read_held(user)
    found: Held = user._held_roles
    return found


def forget_held(user: Any) -> None:
    """Read the roles of this person again at the next question: they have just changed."""
    user.__dict__.pop("_held_roles", None)


def inside(territory_ids: frozenset[int]) -> Q:
    """Return the filter of the territories that are these or inside these.

    A department or a region holds its communes and the EPCI of which *every* commune is its own:
    an EPCI over two departments is in neither. A zone holds its communes, as the store shown now
    knows them. Zones are in nothing but the nation.
    """
    found = Q(pk__in=territory_ids)
    holders = Territory.objects.filter(pk__in=territory_ids).values_list("kind", "code")
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, code in holders:
        by_kind[kind].append(code)
    if "nation" in by_kind:
        return Q()
    for kind, codes in by_kind.items():
        if kind in _FIELD_INSIDE:
            found |= Q(kind__in=_KINDS_INSIDE[kind], **{f"{_FIELD_INSIDE[kind]}__in": codes})
        if kind in ("department", "region"):
            found |= Q(kind="epci", code__in=_whole_epci(kind, codes))
        if kind in _ZONES:
            found |= Q(kind="commune", code__in=_communes_of_zones(kind, codes))
    return found


def _whole_epci(kind: str, codes: list[str]) -> QuerySet[Territory, str]:
    """Return the codes of the EPCI that have communes in these, and none outside of them."""
    field = _FIELD_INSIDE[kind]
    communes = Territory.objects.current().filter(kind="commune").exclude(epci_code="")
    outside = communes.exclude(**{f"{field}__in": codes}).values("epci_code")
    return (
        communes.filter(**{f"{field}__in": codes})
        .exclude(epci_code__in=outside)
        .values_list("epci_code", flat=True)
    )


def _communes_of_zones(kind: str, codes: list[str]) -> list[str]:
    try:
        store = current_store()
    except NoActiveStore:
        return []
    found: set[str] = set()
    for code in codes:
        if code in store.membership(kind):
            rows = store.rows(kind, code)
            found.update(store.units["code"][rows].tolist())
            found.update(store.units["parent_code"][rows].tolist())
    return sorted(found - {""})


def _read_held(user: Any) -> Held:
    memberships = user.memberships.values_list("organisation_id", "role")
    over = user.territory_roles.values_list("territory_id", "role")
    return Held(
        everywhere=user.is_platform_administrator,
        organisations=tuple((pk, Role(role)) for pk, role in memberships),
        territories=tuple((pk, Role(role)) for pk, role in over),
    )
