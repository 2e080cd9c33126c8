"""Notices: one per fact, at each one's pace, through a real mail server."""

import email
import re
import socket
from datetime import timedelta
from email import policy

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.test import Client

from maillage.web.accounts.housekeeping import tidy
from maillage.web.accounts.models import (
    AccessEntry,
    AttemptCount,
    Invitation,
    JournalEntry,
    Notice,
    User,
)
from maillage.web.accounts.notices.actions import notify, send_due, unsubscribe_token
from maillage.web.accounts.people.models import NoticePace
from tests.web.accounts.test_pages import is_sound
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Sink:
    """Keeps the messages that it is sent; refuses them while `closed`, or to who is `unknown`."""

    def __init__(self):
        self.messages, self.closed, self.unknown = [], False, ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.unknown:
            return f"550 {address} is nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.closed:
            return "451 come back later"
        self.messages.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def sink(settings):
    """A real mail server on 127.0.0.1, to which the site speaks SMTP."""
    handler = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    controller.stop()


def tell(*people, fact="f:1", by=None, at=NOON):
    return notify(
        people,
        fact=fact,
        subject="Élise a rejoint la CPTS",
        text="Élise fait maintenant partie de la CPTS.",
        path="/organisations/x/",
        by=by,
        at=at,
    )


def test_a_fact_goes_out_once_by_smtp_with_its_accents_and_the_way_out(person, sink):
    user = person()
    assert tell(user) == 1
    assert tell(user) == 0
    assert send_due(at=NOON) == 1
    assert send_due(at=NOON) == 0
    (message,) = sink.messages
    assert message["Subject"] == "[Maillage] Élise a rejoint la CPTS"
    assert message["To"] == user.email
    body = message.get_content()
    assert "Élise fait maintenant partie" in body
    assert "http://127.0.0.1:8000/organisations/x/" in body
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.search(r"<http://127.0.0.1:8000(/\S+)>", message["List-Unsubscribe"]).group(1)
    assert stop in body


def test_nobody_is_told_what_they_did_themselves(person):
    author, other = person("auteur"), person("autre")
    assert tell(author, other, by=author) == 1
    assert Notice.objects.get().user == other


def test_nobody_is_told_who_wants_nothing_or_has_left(person):
    quiet = person("quiet", notice_pace=NoticePace.NONE)
    gone = person("gone", is_active=False)
    assert tell(quiet, gone) == 0


def test_facts_go_one_by_one_or_once_a_day(person, sink):
    quick, daily = person("quick"), person("daily", notice_pace=NoticePace.DAILY)
    for number in range(3):
        tell(quick, daily, fact=f"f:{number}", at=NOON + number * HOUR)
    at = NOON + 3 * HOUR
    assert send_due(at=at) == 4
    (digest,) = [message for message in sink.messages if message["To"] == daily.email]
    assert "3 nouvelles" in digest["Subject"]
    assert digest.get_content().count("Élise fait") == 3
    tell(daily, fact="f:4", at=at)
    assert send_due(at=at + HOUR) == 0
    assert send_due(at=at + 25 * HOUR) == 1


def test_a_message_that_the_server_refuses_goes_out_later_and_once(person, sink):
    tell(person())
    sink.closed = True
    assert send_due(at=NOON) == 0
    sink.closed = False
    assert send_due(at=NOON + timedelta(minutes=1)) == 0, "the claim of the first try holds"
    assert send_due(at=NOON + timedelta(minutes=6)) == 1
    assert len(sink.messages) == 1


def test_a_subject_with_a_long_name_is_cut_to_what_its_column_holds(person):
    one = person()
    name = "Communauté\n" + "x" * 200
    assert notify([one], fact="f", subject=name, text=name, path="/", by=None, at=NOON) == 1
    notice = Notice.objects.get()
    assert notice.subject == f"Communauté {'x' * 189}"
    assert notice.text == name


def test_the_log_says_that_an_address_is_refused_and_not_which(person, sink, caplog):
    one = person()
    tell(one)
    sink.unknown = one.email
    assert send_due(at=NOON) == 0
    assert "SMTPRecipientsRefused" in caplog.text
    assert one.email not in caplog.text


def test_a_server_that_is_away_stops_nothing(person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell(person())
    assert send_due(at=NOON) == 0
    assert Notice.objects.get().sent_at is None


def test_the_link_of_a_message_stops_them_after_a_question(person):
    user = person()
    path = f"/compte/messages/arreter/{unsubscribe_token(user)}/"
    client = Client(enforce_csrf_checks=True)
    is_sound(client.get(path))
    user.refresh_from_db()
    assert user.notice_pace == NoticePace.IMMEDIATE
    is_sound(client.post(path, {"List-Unsubscribe": "One-Click"}))
    user.refresh_from_db()
    assert user.notice_pace == NoticePace.NONE
    client.post(path)
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize("token", ["rien", "a:b:c"])
def test_a_link_that_is_not_ours_stops_nobody(person, client, token):
    person()
    assert client.post(f"/compte/messages/arreter/{token}/").status_code == 404
    assert User.objects.get().notice_pace == NoticePace.IMMEDIATE


def test_what_no_longer_serves_is_deleted_and_nothing_else(person, organisation):
    keep = person("confirmed")
    User.objects.create_user("never@example.fr", "x")
    User.objects.update(date_joined=NOON - timedelta(days=31))
    User.objects.create_user("lately@example.fr", "x", date_joined=NOON - timedelta(days=29))
    where = organisation()
    for number, days in enumerate((200, 1)):
        past = NOON - timedelta(days=days)
        Invitation.objects.create(
            organisation=where,
            email="x@example.fr",
            role="reader",
            secret_hash=str(number),
            created_at=past,
            expires_at=past,
        )
    tell(keep, fact="old", at=NOON - timedelta(days=400))
    tell(keep, fact="new")
    old = NOON - timedelta(days=400)
    AccessEntry.objects.create(at=old, actor="a", object_kind="x", object_id="y", purpose="z")
    gone = tidy(at=NOON)
    assert (gone.unconfirmed, gone.invitations, gone.notices, gone.accesses) == (1, 1, 1, 1)
    assert set(User.objects.values_list("email", flat=True)) == {
        keep.email,
        "lately@example.fr",
    }
    assert Notice.objects.get().fact == "new"
    assert not AttemptCount.objects.exists()
    assert mail.outbox == []
