"""Roles over territories, by their pages: who gives, to whom, over what, and what is told."""

import pytest

from maillage.web.accounts.models import (
    AccessEntry,
    JournalEntry,
    Membership,
    Notice,
    TerritoryRole,
)
from maillage.web.accounts.organisations import territory_views
from maillage.web.accounts.organisations.errors import NotAllowed, NotToOneself
from maillage.web.accounts.organisations.territory_roles import (
    give_territory_role,
    roles_to_give_over,
    withdraw_territory_role,
)
from maillage.web.accounts.rights import (
    HELD_ROLES,
    ROLE_PERMISSIONS,
    Permission,
    Role,
    may_give_over_territory,
)
from maillage.web.accounts.scopes import may
from maillage.web.territories.models import Territory
from tests.web.accounts.test_pages import is_sound
from tests.web.conftest import NOON


@pytest.fixture
def department(shown_store):
    return Territory.objects.get(kind="department", code="20")


@pytest.fixture
def commune(shown_store):
    return Territory.objects.get(kind="commune", code="20001")


@pytest.fixture
def region(shown_store):
    return Territory.objects.get(kind="region", code="99")


def page_of(territory):
    return f"/roles/{territory.pk}/"


@pytest.mark.parametrize("giver", Role)
@pytest.mark.parametrize("role", Role)
def test_managers_give_every_role_but_their_own_and_others_give_none(giver, role):
    """Written apart from the code, case by case."""
    if giver is Role.PLATFORM_ADMINISTRATOR:
        allowed = role is not Role.PLATFORM_ADMINISTRATOR
    elif giver is Role.MANAGER:
        allowed = role in (Role.READER, Role.CONTRIBUTOR, Role.MODERATOR, Role.COORDINATOR)
    else:
        allowed = False
    assert may_give_over_territory(giver, role) is allowed


@pytest.mark.parametrize("role", HELD_ROLES)
def test_pages_of_roles_do_what_the_table_says(
    department, commune, region, on_territory, person, as_user, role
):
    user, camille = on_territory(department, role), person("camille")
    allowed = Permission.CHANGE_TERRITORY_ROLES in ROLE_PERMISSIONS[role]
    client = as_user(user)
    assert client.get("/roles/").status_code == (200 if allowed else 404)
    sent = {"email": "Camille@Example.fr", "role": "moderator"}
    for place, inside in ((department, True), (commune, True), (region, False)):
        assert client.get(page_of(place)).status_code == (200 if allowed and inside else 404)
        given = client.post(page_of(place), sent)
        assert given.status_code == (302 if allowed and inside else 404)
        found = TerritoryRole.objects.filter(user=camille, territory=place, role="moderator")
        assert found.exists() is (allowed and inside)
    foreign = TerritoryRole.objects.create(
        user=camille, territory=region, role="reader", given_at=NOON
    )
    assert client.post(f"/roles/{foreign.pk}/retirer/").status_code == 404
    assert TerritoryRole.objects.filter(pk=foreign.pk).exists()
    for own in TerritoryRole.objects.filter(user=camille, territory=commune):
        assert client.post(f"/roles/{own.pk}/retirer/").status_code == 302
        assert not TerritoryRole.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("role", HELD_ROLES)
def test_a_role_in_an_organisation_gives_none_over_its_territories(
    department, organisation, member, as_user, role
):
    user = member(organisation("CPTS", department), role)
    client = as_user(user)
    assert client.get("/roles/").status_code == 404
    assert client.get(page_of(department)).status_code == 404
    assert roles_to_give_over(user, department) == ()
    assert "Confier des rôles" not in client.get("/compte/").content.decode()


def test_an_administrator_finds_a_territory_and_gives_a_role_that_counts(
    department, commune, person, as_user, django_assert_max_num_queries
):
    admin, camille = person("admin", is_platform_administrator=True), person("camille")
    client = as_user(admin)
    assert "Confier des rôles" in client.get("/compte/").content.decode()
    found = is_sound(client.get("/roles/", {"q": commune.name}))
    assert f'href="{page_of(commune)}"' in found
    assert "Aucun territoire" in client.get("/roles/", {"q": "xyzxyz"}).content.decode()
    is_sound(client.get(page_of(department)))
    client.post(page_of(department), {"email": camille.email, "role": "manager"})
    assert may(camille, Permission.CHANGE_TERRITORY_ROLES, territory=commune)
    page = is_sound(client.get(page_of(department)))
    assert camille.email in page
    with django_assert_max_num_queries(14):
        overview = is_sound(client.get("/roles/"))
    assert department.name in overview
    assert camille.email not in overview
    assert JournalEntry.objects.get().verb == "territory_role.given"
    assert AccessEntry.objects.filter(purpose="rôles sur un territoire").count() == 2
    assert Notice.objects.get().user == camille
    client.post(f"/roles/{TerritoryRole.objects.get().pk}/retirer/")
    assert "territory_role.withdrawn" in JournalEntry.objects.values_list("verb", flat=True)
    assert Notice.objects.filter(subject__startswith="Un rôle vous est retiré").exists()


def test_who_manages_a_territory_is_chosen_by_administrators_alone(
    department, commune, on_territory, person, as_user
):
    manager, other = on_territory(department, Role.MANAGER), on_territory(commune, Role.MANAGER)
    camille = person("camille")
    with pytest.raises(NotAllowed):
        give_territory_role(user=camille, territory=commune, role=Role.MANAGER, by=manager, at=NOON)
    sent = {"email": camille.email, "role": "manager"}
    assert as_user(manager).post(page_of(commune), sent).status_code == 422
    held = TerritoryRole.objects.get(user=other)
    assert as_user(manager).post(f"/roles/{held.pk}/retirer/").status_code == 404
    own = TerritoryRole.objects.get(user=manager)
    withdraw_territory_role(given=own, by=manager, at=NOON)  # one may always give one's own up
    assert list(TerritoryRole.objects.all()) == [held]


def test_nobody_raises_their_own_rights(department, on_territory, as_user):
    manager = on_territory(department, Role.MANAGER)
    with pytest.raises(NotToOneself):
        give_territory_role(
            user=manager, territory=department, role=Role.MODERATOR, by=manager, at=NOON
        )
    sent = {"email": manager.email, "role": "moderator"}
    answer = as_user(manager).post(page_of(department), sent)
    assert answer.status_code == 422
    assert "soi-même" in answer.content.decode()


def test_a_wrong_address_is_said_and_addresses_are_not_tried_one_after_the_other(
    department, person, as_user, monkeypatch
):
    monkeypatch.setattr(
        territory_views, "TRIES", territory_views.Limit("t", 2, territory_views.TRIES.per)
    )
    client = as_user(person("admin", is_platform_administrator=True))
    camille = person("camille")
    closed = person("ferme", is_active=False)
    for email in (closed.email, "nobody@example.fr"):
        answer = client.post(page_of(department), {"email": email, "role": "reader"})
        assert answer.status_code == 422
        assert "Aucun compte" in answer.content.decode()
    answer = client.post(page_of(department), {"email": camille.email, "role": "reader"})
    assert "reprenez demain" in is_sound(answer)
    assert not TerritoryRole.objects.exists()
    assert not Membership.objects.exists()


def test_who_hands_out_nothing_gives_up_their_own_role_and_nobody_elses(
    shown_store, on_territory, as_user
):
    grandville = Territory.objects.get(kind="commune", name="Grandville")
    mine = on_territory(grandville, Role.MODERATOR, "mien").territory_roles.get()
    theirs = on_territory(grandville, Role.READER, "autre").territory_roles.get()
    client = as_user(mine.user)
    assert f"/roles/{mine.pk}/retirer/" in client.get("/compte/").content.decode()
    assert client.post(f"/roles/{theirs.pk}/retirer/").status_code == 404
    answer = client.post(f"/roles/{mine.pk}/retirer/")
    assert answer.headers["Location"] == "/compte/"
    assert TerritoryRole.objects.get() == theirs
    assert client.post(f"/roles/{mine.pk}/retirer/").status_code == 404
