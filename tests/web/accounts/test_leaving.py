"""Nothing names who closed their account, and nothing tells of a session that is over."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from maillage.web.accounts.housekeeping import tidy
from maillage.web.accounts.models import Invitation, JournalEntry, Membership, Notice, User
from maillage.web.accounts.organisations.actions import join
from maillage.web.accounts.organisations.inviting import invite
from maillage.web.accounts.profile import leaving
from maillage.web.accounts.profile.deletion import delete_account
from maillage.web.accounts.rights import Role
from tests.web.accounts.test_pages import log_in
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db


def test_what_others_were_told_by_a_name_goes_with_the_account(organisation, member, person):
    where = organisation()
    manager = member(where, Role.MANAGER)
    paul = person("paul", full_name="Paul Dupont")
    join(organisation=where, user=paul, role=Role.READER, by=paul, at=NOON)
    assert "Paul Dupont" in Notice.objects.get(user=manager).text
    delete_account(user=paul, at=NOON)
    assert not Notice.objects.exists()
    assert User.objects.get() == manager


def test_invitations_to_and_by_the_person_end_and_those_of_others_stay(
    organisation, member, person
):
    where = organisation()
    manager, leaver = member(where, Role.MANAGER), member(where, Role.COORDINATOR)
    EmailAddress.objects.create(user=leaver, email="Other@example.fr", verified=True)
    EmailAddress.objects.create(user=leaver, email="victim@example.fr", verified=False)
    for by, email in (
        (leaver, "a@example.fr"),
        (manager, "b@example.fr"),
        (manager, "other@example.fr"),
        (manager, "victim@example.fr"),
    ):
        invite(organisation=where, email=email, role=Role.READER, by=by, at=NOON)
    delete_account(user=leaver, at=NOON)
    still = Invitation.objects.open(at=NOON).values_list("email", flat=True)
    assert set(still) == {"b@example.fr", "victim@example.fr"}, "an unproven address is another's"
    assert not Invitation.objects.filter(email="other@example.fr").exists()


def test_features_erase_what_they_hold_in_the_same_transaction(person, monkeypatch):
    user, seen = person("paul"), []

    def forget(leaver, addresses):
        seen.append((leaver.pk, addresses))
        raise RuntimeError("the feature fails")

    monkeypatch.setattr(leaving, "_FORGETTERS", [forget])
    leaving.forgets(forget)
    with pytest.raises(RuntimeError):
        delete_account(user=user, at=NOON)
    assert seen == [(user.pk, frozenset({"paul@example.fr"}))]
    assert User.objects.exists()
    assert not JournalEntry.objects.exists()


def test_address_and_browser_of_a_session_go_when_it_is_over(person):
    here, gone = Client(), Client()
    user = person()
    for client in (here, gone):
        log_in(client, user)
        client.get("/compte/")
    assert UserSession.objects.count() == 2
    over = NOON - timedelta(days=1)
    Session.objects.filter(session_key=gone.session.session_key).update(expire_date=over)
    tidy(at=NOON)
    assert UserSession.objects.get().session_key == here.session.session_key


def test_an_account_closed_leaves_no_row_that_names_it(organisation, member, person):
    where = organisation()
    member(where, Role.MANAGER)
    leaver = member(where, Role.CONTRIBUTOR, name="depart")
    delete_account(user=leaver, at=NOON)
    assert not Membership.objects.filter(role=Role.CONTRIBUTOR).exists()
    assert not EmailAddress.objects.filter(email="depart@example.fr").exists()
