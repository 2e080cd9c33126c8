"""An invitation waits for a mail server that is away, and outlives nobody's right to send it."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.utils import timezone

from maillage.web.accounts.models import Invitation, Membership
from maillage.web.accounts.organisations.actions import change_role, remove_member
from maillage.web.accounts.organisations.errors import InvitationOver
from maillage.web.accounts.organisations.inviting import (
    VALID_FOR,
    accept_invitation,
    invitation_of,
    invite,
    mail_due,
    mail_invitation,
)
from maillage.web.accounts.profile.deletion import delete_account
from maillage.web.accounts.rights import Role
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def sent(organisation, member):
    """An invitation by a coordinator of an organisation that somebody else manages."""
    where = organisation()
    member(where, Role.MANAGER)
    invitation, secret = invite(
        organisation=where,
        email="paul@example.fr",
        role=Role.READER,
        by=member(where, Role.COORDINATOR),
        at=NOON,
    )
    return invitation, secret


@pytest.fixture
def away(settings):
    """A mail server that nobody answers for."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def again(invitation):
    return Invitation.objects.select_related("organisation", "invited_by").get(pk=invitation.pk)


def test_a_mail_server_that_is_away_loses_no_invitation(
    organisation, member, as_user, away, settings, django_capture_on_commit_callbacks
):
    where = organisation()
    client = as_user(member(where, Role.MANAGER))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            f"/organisations/{where.public_id}/inviter/",
            {"email": "paul@example.fr", "role": "reader"},
        )
    assert answer.status_code == 302
    assert "pas encore pu partir" in client.get(where.get_absolute_url()).content.decode()
    at = Invitation.objects.get().created_at + HOUR
    assert mail_due(at=at) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_due(at=at) == 1
    assert mail_due(at=at) == 0
    (message,) = mail.outbox
    secret = re.search(r"/organisations/invitation/([^/]+)/", message.body).group(1)
    assert invitation_of(secret, at=at) == Invitation.objects.get()
    assert "pas encore pu partir" not in client.get(where.get_absolute_url()).content.decode()


def test_a_link_that_leaves_after_a_change_of_the_key_opens(sent, settings):
    invitation, _ = sent
    settings.SECRET_KEY = "another key, long enough for everything that it signs"
    assert mail_due(at=NOON + HOUR) == 1
    secret = re.search(r"/organisations/invitation/([^/]+)/", mail.outbox[0].body).group(1)
    assert invitation_of(secret, at=NOON + HOUR) == invitation


def test_an_invitation_leaves_once_whoever_sends_it(sent):
    invitation, _ = sent
    assert mail_invitation(invitation, at=NOON)
    assert not mail_invitation(invitation, at=NOON)
    assert mail_due(at=NOON + HOUR) == 0
    assert len(mail.outbox) == 1


def test_an_invitation_that_is_over_never_leaves(sent):
    assert mail_due(at=NOON + VALID_FOR) == 0
    assert mail.outbox == []


def test_the_log_does_not_name_an_address_that_is_refused(sent, monkeypatch, caplog):
    def refuse(message):
        raise SMTPRecipientsRefused(dict.fromkeys(message.to, (550, b"nobody here")))

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    assert not mail_invitation(sent[0], at=NOON)
    assert "SMTPRecipientsRefused" in caplog.text
    assert "paul@example.fr" not in caplog.text


def lose_the_account(sender, organisation):
    delete_account(user=sender, at=NOON)


def leave_the_organisation(sender, organisation):
    remove_member(membership=Membership.objects.get(user=sender), by=sender, at=NOON)


def step_down(sender, organisation):
    manager = Membership.objects.get(organisation=organisation, role=Role.MANAGER).user
    membership = Membership.objects.get(user=sender)
    change_role(membership=membership, role=Role.READER, by=manager, at=NOON)


def be_shut_out(sender, organisation):
    sender.is_active = False
    sender.save()


@pytest.mark.parametrize("loss", [lose_the_account, leave_the_organisation, step_down, be_shut_out])
def test_an_invitation_outlives_no_right_of_who_sent_it(sent, person, client, loss):
    invitation, secret = sent
    paul = person("paul")
    assert invitation_of(secret, at=NOON) == invitation
    loss(invitation.invited_by, invitation.organisation)
    with pytest.raises(InvitationOver):
        invitation_of(secret, at=NOON)
    with pytest.raises(InvitationOver):
        accept_invitation(invitation=again(invitation), user=paul, at=NOON)
    assert mail_due(at=NOON) == 0
    assert not Membership.objects.filter(user=paul).exists()


def test_who_came_by_an_invitation_that_has_lost_its_sender_opens_no_account(
    organisation, member, client, settings, django_capture_on_commit_callbacks
):
    settings.SIGNUP_IS_OPEN = False
    where = organisation()
    member(where, Role.MANAGER)
    sender = member(where, Role.COORDINATOR)
    _, secret = invite(
        organisation=where, email="p@example.fr", role=Role.READER, by=sender, at=timezone.now()
    )
    client.get(f"/organisations/invitation/{secret}/")
    opened = client.get("/compte/inscription/").content.decode()
    assert 'name="password1"' in opened
    sender.memberships.all().delete()
    closed = client.get("/compte/inscription/").content.decode()
    assert 'name="password1"' not in closed
