"""Every role, every permission, allowed and refused; in organisations and on territories."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from maillage.web.accounts.models import Membership, Organisation, TerritoryRole, User
from maillage.web.accounts.rights import (
    HELD_ROLES,
    ROLE_LABELS,
    ROLE_PERMISSIONS,
    ROLE_SENTENCES,
    Permission,
    Role,
    may_give,
    roles_that_may,
)
from maillage.web.accounts.scopes import forget_held, may, reach_of
from maillage.web.territories.models import Territory
from tests.web.conftest import NOON

MATRIX = [(role, permission) for role in Role for permission in Permission]
HELD_MATRIX = [(role, permission) for role in HELD_ROLES for permission in Permission]

P = Permission
READ = {P.SEE_UNPUBLISHED, P.SEE_MEMBERS}
WRITTEN_BY_HAND = {
    Role.READER: READ,
    Role.CONTRIBUTOR: READ | {P.CONTRIBUTE},
    Role.MODERATOR: READ | {P.CONTRIBUTE, P.IMPORT, P.MODERATE},
    Role.COORDINATOR: READ | {P.CONTRIBUTE, P.IMPORT, P.COORDINATE, P.INVITE_MEMBERS},
    Role.MANAGER: READ
    | {
        P.CONTRIBUTE,
        P.INVITE_MEMBERS,
        P.CHANGE_MEMBERS,
        P.EDIT_ORGANISATION,
        P.EDIT_PORTAL,
        P.READ_JOURNAL,
        P.CHANGE_TERRITORY_ROLES,
    },
    Role.PLATFORM_ADMINISTRATOR: set(P),
}


@pytest.fixture
def places(shown_store):
    return {(t.kind, t.code): t for t in Territory.objects.all()}


@pytest.mark.parametrize(("role", "permission"), MATRIX)
def test_the_table_says_what_was_decided(role, permission):
    """The table is compared with a second one, written apart: a slip in one of them is seen."""
    assert (permission in ROLE_PERMISSIONS[role]) == (permission in WRITTEN_BY_HAND[role])
    assert (role in roles_that_may(permission)) == (permission in WRITTEN_BY_HAND[role])


@pytest.mark.parametrize(("role", "permission"), HELD_MATRIX)
def test_a_role_in_an_organisation_counts_there_and_nowhere_else(
    organisation, member, role, permission
):
    own, other = organisation("A"), organisation("B")
    user = member(own, role)
    allowed = permission in ROLE_PERMISSIONS[role]
    assert may(user, permission, organisation=own) is allowed
    assert may(user, permission, organisation=other) is False
    assert may(user, permission) is False
    found = set(Organisation.objects.where(user, permission))
    assert found == ({own} if allowed else set())


@pytest.mark.parametrize(("role", "permission"), HELD_MATRIX)
def test_a_role_over_a_department_counts_inside_it_and_nowhere_else(
    places, organisation, on_territory, role, permission
):
    user = on_territory(places["department", "20"], role)
    inside, outside = places["commune", "20001"], places["region", "99"]
    allowed = permission in ROLE_PERMISSIONS[role]
    assert may(user, permission, territory=inside) is allowed
    assert may(user, permission, territory=outside) is False
    near, far = organisation("Ici", inside), organisation("Ailleurs", outside)
    found = set(Organisation.objects.where(user, permission))
    assert found == ({near} if allowed else set())
    assert far not in found


@pytest.mark.parametrize("permission", Permission)
def test_a_platform_administrator_may_do_everything_everywhere(person, organisation, permission):
    user = person(is_platform_administrator=True)
    assert may(user, permission)
    assert may(user, permission, organisation=organisation())


@pytest.mark.parametrize("permission", Permission)
def test_without_a_role_nothing_is_allowed(person, organisation, permission):
    somewhere = organisation()
    for user in (person(), AnonymousUser(), None):
        assert not may(user, permission, organisation=somewhere)
        assert not reach_of(user, permission)
        assert not Organisation.objects.where(user, permission).exists()


def test_an_account_that_was_closed_has_no_right_left(organisation, member):
    where = organisation()
    user = member(where, Role.MANAGER)
    user.is_active = False
    assert not may(user, Permission.SEE_MEMBERS, organisation=where)


@pytest.mark.parametrize(
    ("kind", "code", "inside", "outside"),
    [
        ("commune", "20001", {("commune", "20001")}, {("commune", "20002"), ("department", "20")}),
        ("nation", "FR", {("commune", "20001"), ("region", "99"), ("epci", "200000001")}, set()),
    ],
)
def test_a_territory_holds_what_is_inside_it(places, on_territory, kind, code, inside, outside):
    user = on_territory(places[kind, code], Role.READER)
    for key in inside & set(places):
        assert may(user, Permission.SEE_MEMBERS, territory=places[key]), key
    for key in outside & set(places):
        assert not may(user, Permission.SEE_MEMBERS, territory=places[key]), key


def test_every_territory_holds_exactly_the_communes_of_the_store(places, on_territory, shown_store):
    """The parents in the rows and the store's own membership agree, for every territory."""
    for number, ((kind, code), territory) in enumerate(places.items()):
        if territory.ended or kind == "commune":
            continue
        user = on_territory(territory, Role.READER, name=f"p{number}")
        reach = reach_of(user, Permission.SEE_MEMBERS)
        found = Territory.objects.current().filter(kind="commune").filter(reach.q(territories="pk"))
        rows = shown_store.rows(kind, code)
        units = set(shown_store.units["code"][rows].tolist())
        parents = set(shown_store.units["parent_code"][rows].tolist()) - {""}
        communes = {key[1] for key in places if key[0] == "commune"}
        assert {t.code for t in found} == (units | parents) & communes, (kind, code)


def test_an_epci_over_two_departments_is_in_neither(places, on_territory):
    user = on_territory(places["department", "20"], Role.READER)
    epci = Territory.objects.current().filter(kind="epci").first()
    communes = Territory.objects.filter(kind="commune", epci_code=epci.code)
    whole = set(communes.values_list("department_code", flat=True)) == {"20"}
    assert may(user, Permission.SEE_MEMBERS, territory=epci) is whole
    first = communes.first()
    first.department_code = "98"
    first.save()
    assert not may(user, Permission.SEE_MEMBERS, territory=epci)
    first.department_code = "20"
    first.save()
    communes.update(department_code="20")
    assert may(user, Permission.SEE_MEMBERS, territory=epci)


def test_rights_are_read_once_per_person_and_again_after_a_change(
    organisation, member, django_assert_num_queries
):
    where = organisation()
    user = User.objects.get(pk=member(where, Role.READER).pk)
    with django_assert_num_queries(2):
        for permission in Permission:
            may(user, permission, organisation=where)
    Membership.objects.update(role=Role.MANAGER)
    assert not may(user, Permission.CHANGE_MEMBERS, organisation=where)
    forget_held(user)
    assert may(user, Permission.CHANGE_MEMBERS, organisation=where)


@pytest.mark.parametrize("giver", Role)
@pytest.mark.parametrize("role", Role)
def test_nobody_hands_out_more_than_they_may_do(giver, role):
    if role is Role.PLATFORM_ADMINISTRATOR:
        assert not may_give(giver, role)
    elif giver in (Role.MANAGER, Role.PLATFORM_ADMINISTRATOR):
        assert may_give(giver, role)
    else:
        assert may_give(giver, role) == (ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[giver])


def test_every_role_is_explained_in_french():
    assert set(ROLE_LABELS) == set(ROLE_SENTENCES) == set(ROLE_PERMISSIONS) == set(Role)


def test_the_database_refuses_a_role_that_an_organisation_cannot_give(organisation, person, places):
    admin = Role.PLATFORM_ADMINISTRATOR
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            organisation=organisation(), user=person(), role=admin, joined_at=NOON
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        TerritoryRole.objects.create(
            territory=places["nation", "FR"], user=person("x"), role=admin, given_at=NOON
        )
