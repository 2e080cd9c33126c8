"""Organisations by their pages: who sees, who changes, what a stranger gets from any address."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from maillage.web.accounts.journal.verification import verify
from maillage.web.accounts.models import (
    AccessEntry,
    ApiKey,
    Invitation,
    JournalEntry,
    Membership,
    Notice,
    Organisation,
    TerritoryRole,
    User,
)
from maillage.web.accounts.organisations.actions import (
    change_role,
    cover_territory,
)
from maillage.web.accounts.organisations.errors import InvitationOver, NotAllowed
from maillage.web.accounts.organisations.inviting import PER_DAY, accept_invitation, invite
from maillage.web.accounts.organisations.territory_roles import (
    give_territory_role,
    withdraw_territory_role,
)
from maillage.web.accounts.rights import HELD_ROLES, ROLE_PERMISSIONS, Permission, Role
from maillage.web.accounts.scopes import forget_held, may
from maillage.web.accounts.urls import urlpatterns
from maillage.web.territories.models import Territory
from tests.web.accounts.conftest import PASSWORD
from tests.web.accounts.test_pages import is_sound
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(organisation, member):
    """An organisation with one member of each role."""
    where = organisation()
    return where, {role: member(where, role) for role in HELD_ROLES}


@pytest.fixture
def admin(person):
    return person("admin", is_platform_administrator=True)


def invited(client, where, email="paul@example.fr", role="reader"):
    return client.post(f"/organisations/{where.public_id}/inviter/", {"email": email, "role": role})


def link(message):
    return re.search(r"https?://[^/]+(/organisations/\S+)", message.body).group(1)


def addresses(where, user, invitation, key):
    """Every address of the accounts that names an object, with each method it may be asked by."""
    values = {
        "public_id": where.public_id,
        "user_id": user.public_id,
        "invitation_id": invitation.public_id,
        "pk": "1",
    }
    found = []
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if "<" not in route or "secret" in route or "token" in route:
            continue
        own = values | ({"public_id": key.public_id} if "cles/" in route else {})
        path = re.sub(r"<\w+:(\w+)>", lambda m, own=own: own[m.group(1)], route)
        found.append("/" + path)
    return found


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_of_somebody_elses_object_answers_anything(house, person, as_user, method):
    """Every address that names an object, asked by a person without a role and by nobody."""
    where, members = house
    invitation, _ = invite(
        organisation=where,
        email="p@example.fr",
        role=Role.READER,
        by=members[Role.MANAGER],
        at=NOON,
    )
    key = ApiKey.objects.create(
        user=members[Role.READER], name="x", secret_hash="x", scopes="read", created_at=NOON
    )
    paths = addresses(where, members[Role.READER], invitation, key)
    assert len(paths) >= 9
    before = [
        list(model.objects.values()) for model in (Membership, Invitation, Organisation, ApiKey)
    ]
    stranger, nobody = as_user(person("etranger")), Client()
    for path in paths:
        answer = getattr(stranger, method)(path, {"role": "manager", "email": "x@example.fr"})
        assert answer.status_code in (404, 405), path
        assert where.name not in answer.content.decode()
        answer = getattr(nobody, method)(path)
        assert answer.status_code in (302, 405), path
    after = [
        list(model.objects.values()) for model in (Membership, Invitation, Organisation, ApiKey)
    ]
    assert before == after


@pytest.mark.parametrize("role", HELD_ROLES)
@pytest.mark.parametrize(
    ("permission", "path", "sent", "done"),
    [
        (Permission.SEE_MEMBERS, "", None, 200),
        (Permission.EDIT_ORGANISATION, "modifier/", None, 200),
        (Permission.EDIT_ORGANISATION, "modifier/", {"name": "Neuf", "kind": "ars"}, 302),
        (Permission.INVITE_MEMBERS, "inviter/", {"email": "p@example.fr", "role": "reader"}, 302),
        (Permission.CHANGE_MEMBERS, "membres/{reader}/role/", {"role": "contributor"}, 302),
        (Permission.CHANGE_MEMBERS, "membres/{contributor}/retirer/", {}, 302),
        (Permission.COVER_TERRITORY, "territoires/", None, 200),
    ],
)
def test_pages_do_what_the_table_says_for_each_role(
    house, as_user, role, permission, path, sent, done
):
    where, members = house
    own = path.endswith("retirer/") and role is Role.CONTRIBUTOR  # one may always leave
    allowed = permission in ROLE_PERMISSIONS[role] or own
    names = {role.value: user.public_id for role, user in members.items()}
    address = f"/organisations/{where.public_id}/{path.format(**names)}"
    client = as_user(members[role])
    answer = client.get(address) if sent is None else client.post(address, sent)
    assert answer.status_code == (done if allowed else 404)


def test_the_page_of_an_organisation_is_sound_and_its_reading_is_logged(
    house, as_user, django_assert_max_num_queries
):
    where, members = house
    client = as_user(members[Role.MANAGER])
    with django_assert_max_num_queries(20):
        page = is_sound(client.get(where.get_absolute_url()))
    assert "reader@example.fr" in page
    assert AccessEntry.objects.get().object_id == where.public_id
    seen = as_user(members[Role.READER]).get("/compte/activite/").content.decode()
    assert "liste des membres" in seen


def test_the_number_of_queries_does_not_grow_with_the_members(
    house, member, as_user, django_assert_max_num_queries
):
    where, members = house
    for number in range(30):
        member(where, Role.READER, name=f"lecteur-{number}")
    client = as_user(members[Role.MANAGER])
    with django_assert_max_num_queries(20):
        client.get(where.get_absolute_url())


def test_an_administrator_writes_an_organisation_and_its_territories(shown_store, admin, as_user):
    client = as_user(admin)
    grandville = Territory.objects.get(kind="commune", name="Grandville")
    Territory.objects.filter(pk=grandville.pk).update(id=1_234_567)  # never « 1 234 567 » in a form
    is_sound(client.get("/organisations/nouvelle/"))
    client.post("/organisations/nouvelle/", {"name": "CPTS", "kind": "cpts", "website": "a.fr"})
    made = Organisation.objects.get()
    assert made.website == "https://a.fr"
    base = f"/organisations/{made.public_id}/territoires/"
    page = is_sound(client.get(base, {"q": "Grandville"}))
    number = re.search(r'name="territory" value="(\d+)"', page).group(1)
    client.post(base, {"territory": number})
    assert made.territories.get().name == "Grandville"
    assert "Grandville" in client.get(made.get_absolute_url()).content.decode()
    client.post(base, {"territory": number, "remove": "1"})
    assert not made.territories.exists()
    for wrong in ("", "x", "-1", "999999", "9" * 30):
        assert client.post(base, {"territory": wrong}).status_code == 404
    assert verify().sound


def test_a_wrong_organisation_is_shown_again(admin, house, as_user):
    where, members = house
    assert as_user(admin).post("/organisations/nouvelle/", {"name": ""}).status_code == 422
    client = as_user(members[Role.MANAGER])
    path = f"/organisations/{where.public_id}/modifier/"
    assert client.post(path, {"name": "", "kind": "x"}).status_code == 422
    assert invited(client, where, email="pas une adresse").status_code == 422


def test_an_invitation_leads_from_the_message_to_the_organisation(
    house, person, as_user, django_capture_on_commit_callbacks
):
    where, members = house
    with django_capture_on_commit_callbacks(execute=True):
        invited(as_user(members[Role.MANAGER]), where, email="Paul@Example.fr", role="moderator")
    (message,) = mail.outbox
    assert message.to == ["paul@example.fr"]
    path = link(message)
    secret = path.rstrip("/").rsplit("/", 1)[1]
    assert secret not in str(list(Invitation.objects.values_list()))
    paul = person("paul")
    client = as_user(paul)
    shown = client.get(path, follow=True)
    assert shown.redirect_chain[-1][0] == "/organisations/invitation/"
    is_sound(shown)
    assert not Membership.objects.filter(user=paul).exists()
    client.post("/organisations/invitation/")
    assert Membership.objects.get(user=paul).role == Role.MODERATOR
    assert "n’est plus valable" in Client().get(path, follow=True).content.decode()
    told = Notice.objects.get()
    assert told.user == members[Role.MANAGER]


def test_who_has_no_account_opens_one_by_the_invitation(
    house, as_user, settings, django_capture_on_commit_callbacks
):
    settings.SIGNUP_IS_OPEN = False
    where, members = house
    with django_capture_on_commit_callbacks(execute=True):
        invited(as_user(members[Role.COORDINATOR]), where)
    client = Client()
    page = is_sound(client.get(link(mail.outbox[0]), follow=True))
    address = re.search(r'href="(/compte/inscription/[^"]*)"', page).group(1)
    sent = {"email": "paul@example.fr", "password1": PASSWORD, "password2": PASSWORD}
    done = client.post(address, sent)
    assert done.headers["Location"] == "/organisations/invitation/"
    assert client.post("/organisations/invitation/").headers["Location"] == where.get_absolute_url()
    assert Membership.objects.get(user__email="paul@example.fr").role == Role.READER
    assert len(mail.outbox) == 1


def test_an_invitation_is_for_one_address(house, person, as_user):
    where, members = house
    invitation, secret = invite(
        organisation=where,
        email="paul@example.fr",
        role=Role.READER,
        by=members[Role.MANAGER],
        at=timezone.now(),
    )
    client = as_user(person("etranger"))
    client.get(f"/organisations/invitation/{secret}/")
    answer = client.post("/organisations/invitation/", follow=True)
    assert "une autre adresse" in answer.content.decode()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


@pytest.mark.parametrize("secret", ["rien", "x" * 43, "%00", "é"])
def test_a_link_that_was_never_made_says_what_a_used_one_says(client, secret):
    answer = client.get(f"/organisations/invitation/{secret}/", follow=True)
    assert "n’est plus valable" in answer.content.decode()


def test_an_invitation_ends_by_itself_and_by_a_new_one_and_when_revoked(house, person, as_user):
    where, members = house
    manager, paul = members[Role.MANAGER], person("paul")
    sent = {"organisation": where, "email": paul.email, "role": Role.READER, "by": manager}
    _, first_secret = invite(**sent, at=timezone.now())
    second, second_secret = invite(**sent, at=timezone.now())
    client = as_user(paul)
    assert (
        "plus valable"
        in client.get(f"/organisations/invitation/{first_secret}/", follow=True).content.decode()
    )
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        late = Client().get(f"/organisations/invitation/{second_secret}/", follow=True)
        assert "plus valable" in late.content.decode()
    path = f"/organisations/{where.public_id}/invitations/{second.public_id}/annuler/"
    as_user(manager).post(path)
    client.get(f"/organisations/invitation/{second_secret}/")
    client.post("/organisations/invitation/")
    assert not Membership.objects.filter(user=paul).exists()


def test_two_clicks_make_one_membership(house, person):
    where, members = house
    paul = person("paul")
    invitation, _ = invite(
        organisation=where,
        email=paul.email,
        role=Role.READER,
        by=members[Role.MANAGER],
        at=timezone.now(),
    )
    accept_invitation(invitation=invitation, user=paul, at=timezone.now())
    with pytest.raises(InvitationOver):
        accept_invitation(invitation=invitation, user=paul, at=timezone.now())
    assert Membership.objects.filter(user=paul).count() == 1


def test_a_coordinator_invites_no_manager(house, as_user):
    where, members = house
    answer = invited(as_user(members[Role.COORDINATOR]), where, role="manager")
    assert answer.status_code == 422
    with pytest.raises(NotAllowed):
        invite(
            organisation=where,
            email="x@example.fr",
            role=Role.MANAGER,
            by=members[Role.COORDINATOR],
            at=NOON,
        )
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_again_and_nobody_invites_without_end(house, as_user):
    where, members = house
    client = as_user(members[Role.MANAGER])
    invited(client, where, email="reader@example.fr")
    assert not Invitation.objects.exists()
    for number in range(PER_DAY.amount + 3):
        invited(client, where, email=f"p{number}@example.fr")
    assert Invitation.objects.count() == PER_DAY.amount


def test_the_last_manager_neither_leaves_nor_steps_down(house, as_user):
    where, members = house
    manager = members[Role.MANAGER]
    client = as_user(manager)
    base = f"/organisations/{where.public_id}/membres/{manager.public_id}"
    for path, sent in ((f"{base}/retirer/", {}), (f"{base}/role/", {"role": "reader"})):
        answer = client.post(path, sent, follow=True)
        assert "dernière personne" in answer.content.decode()
    assert Membership.objects.get(user=manager).role == Role.MANAGER
    Membership.objects.filter(user=members[Role.READER]).update(role=Role.MANAGER)
    client.post(f"{base}/retirer/")
    assert not Membership.objects.filter(user=manager).exists()


def test_a_member_leaves_at_will(house, as_user):
    where, members = house
    reader = members[Role.READER]
    client = as_user(reader)
    client.post(f"/organisations/{where.public_id}/membres/{reader.public_id}/retirer/")
    assert client.get(where.get_absolute_url()).status_code == 404


def test_a_change_of_role_counts_at_once_and_is_told_once(house, as_user):
    where, members = house
    reader, manager = members[Role.READER], members[Role.MANAGER]
    membership = Membership.objects.get(user=reader)
    change_role(membership=membership, role=Role.MANAGER, by=manager, at=NOON)
    change_role(membership=membership, role=Role.MANAGER, by=manager, at=NOON)
    path = f"/organisations/{where.public_id}/modifier/"
    assert as_user(reader).get(path).status_code == 200
    assert Notice.objects.filter(user=reader).count() == 1
    assert JournalEntry.objects.filter(verb="membership.role_changed").count() == 1


def test_nobody_becomes_a_platform_administrator_by_a_page(house, as_user):
    where, members = house
    manager, reader = members[Role.MANAGER], members[Role.READER]
    path = f"/organisations/{where.public_id}/membres/{reader.public_id}/role/"
    sent = {"role": "platform_administrator"}
    assert as_user(manager).post(path, sent).status_code == 404
    as_user(reader).post("/compte/", {"full_name": "x", "is_platform_administrator": "on"})
    assert not User.objects.filter(is_platform_administrator=True).exists()


def test_a_role_over_one_commune_opens_no_organisation_of_the_whole_department(
    shown_store, organisation, on_territory, as_user
):
    commune = Territory.objects.get(kind="commune", code="20001")
    other = Territory.objects.get(kind="commune", code="20002")
    where = organisation("Large", commune, other)
    user = on_territory(commune, Role.MANAGER)
    assert as_user(user).get(where.get_absolute_url()).status_code == 404
    where.territories.set([commune])
    assert as_user(user).get(where.get_absolute_url()).status_code == 200


def test_roles_over_territories_are_given_by_administrators_alone(
    shown_store, admin, person, house
):
    department = Territory.objects.get(kind="department", code="20")
    user, (where, members) = person("elu"), house
    with pytest.raises(NotAllowed):
        give_territory_role(
            user=user, territory=department, role=Role.MODERATOR, by=members[Role.MANAGER], at=NOON
        )
    with pytest.raises(NotAllowed):
        cover_territory(organisation=where, territory=department, by=members[Role.MANAGER], at=NOON)
    given = give_territory_role(
        user=user, territory=department, role=Role.MODERATOR, by=admin, at=NOON
    )
    assert may(user, Permission.MODERATE, territory=department)
    withdraw_territory_role(given=given, by=admin, at=NOON)
    forget_held(user)
    assert not may(user, Permission.MODERATE, territory=department)
    assert not TerritoryRole.objects.exists()
