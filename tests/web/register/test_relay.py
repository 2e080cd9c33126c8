"""A message that no mail server took is not sent: not told as such, not counted, not lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.web.accounts.limits import AttemptCount
from maillage.web.register.contributing.links import start_contribution
from maillage.web.register.mails import NotSent
from maillage.web.register.models import Amendment, Contact, ContactMessage
from maillage.web.register.sheets import relay
from tests.web.register.conftest import AT, SHEET, MakeInitiative

TEXT = {"nom": "Curieux", "email": "curieux@example.org", "texte": "Comment <faire> ?"}
NOT_SENT = "n’a pas pu partir"


@pytest.fixture
def server(settings: Any) -> Any:
    """Take the mail server away, and bring it back: server(away=True)."""

    def set_server(*, away: bool) -> None:
        kind = "smtp" if away else "locmem"
        settings.EMAIL_BACKEND = f"django.core.mail.backends.{kind}.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    return set_server


@pytest.fixture
def asked(make: MakeInitiative) -> tuple[ContactMessage, str]:
    """A message that waits for its sender's confirmation, and the secret of its link."""
    initiative = make()
    Contact.objects.create(initiative=initiative, email="porteuse@example.org", confirmed_at=AT)
    message = relay.write_message(
        initiative=initiative, name="Curieux", email="c@example.org", text="Comment ?", at=AT
    )
    return message, secret_in(mail.outbox.pop())


def secret_in(message: Any) -> str:
    return re.search(r"/initiatives/messages/\w+/([^/]+)/", message.body)[1]


def test_a_message_whose_confirmation_cannot_leave_is_typed_once_and_not_kept(
    make: MakeInitiative, client: Client, server: Any
):
    initiative = make()
    Contact.objects.create(initiative=initiative, email="porteuse@example.org", confirmed_at=AT)
    url = reverse("register:write_to_holder", args=[initiative.public_id])
    server(away=True)
    page = client.post(url, TEXT).text
    assert NOT_SENT in page
    assert "Comment &lt;faire&gt; ?" in page
    assert not ContactMessage.objects.exists()
    assert not AttemptCount.objects.filter(count__gt=0).exists(), "it was no try"
    server(away=False)
    assert client.post(url, TEXT).status_code == 302
    assert ContactMessage.objects.count() == 1


def test_a_message_that_reaches_nobody_leaves_later_by_the_same_link(
    asked: tuple[ContactMessage, str], server: Any
):
    message, secret = asked
    server(away=True)
    with pytest.raises(NotSent):
        relay.pass_on(secret=secret, at=AT)
    late = AT + relay.SILENT_AFTER
    assert relay.unanswered(message.initiative, at=late) == 0
    assert relay.remind_silent(at=late) == 0
    server(away=False)
    assert relay.pass_on(secret=secret, at=AT) == message
    assert [one.to for one in mail.outbox] == [["porteuse@example.org"]]
    assert relay.unanswered(message.initiative, at=late) == 1


def test_a_message_for_which_nobody_answers_any_more_is_not_counted_as_sent(
    asked: tuple[ContactMessage, str],
):
    message, secret = asked
    Contact.objects.all().delete()
    with pytest.raises(NotSent):
        relay.pass_on(secret=secret, at=AT)
    assert relay.unanswered(message.initiative, at=AT + relay.SILENT_AFTER) == 0


def test_the_pages_say_what_did_not_leave_and_keep_what_was_typed(
    asked: tuple[ContactMessage, str], client: Client, server: Any
):
    message, secret = asked
    ContactMessage.objects.update(created_at=message.created_at + timedelta(days=3650))
    confirm = reverse("register:confirm_message", args=[secret])
    server(away=True)
    assert NOT_SENT in client.post(confirm, follow=True).text
    server(away=False)
    assert "est parti" in client.post(confirm, follow=True).text
    reply = reverse("register:answer_message", args=[secret_in(mail.outbox[-1])])
    server(away=True)
    page = client.post(reply, {"texte": "Ainsi <fait>."}).text
    assert NOT_SENT in page
    assert "Ainsi &lt;fait&gt;." in page
    message.refresh_from_db()
    assert (message.answered_at, message.answer) == (None, "")
    server(away=False)
    assert "est partie" in client.post(reply, {"texte": "Ainsi."}, follow=True).text
    assert mail.outbox[-1].to == ["c@example.org"]


def test_a_suggestion_whose_link_cannot_leave_is_not_kept(
    make: MakeInitiative, client: Client, server: Any
):
    url = reverse("register:suggest", args=[make().public_id, "essentiel"])
    sent = {"title": "Neuf", "promise": "Autre.", "email": "l@example.org"}
    server(away=True)
    assert NOT_SENT in client.post(url, sent, follow=True).text
    assert not Amendment.objects.exists()
    server(away=False)
    client.post(url, sent)
    assert Amendment.objects.get().author_email == "l@example.org"


def test_suggestions_do_not_flood_one_address(make: MakeInitiative, client: Client):
    url = reverse("register:suggest", args=[make().public_id, "essentiel"])
    for number in range(7):
        client.post(url, {"title": f"Neuf {number}", "promise": "Autre.", "email": "l@example.org"})
    assert len(mail.outbox) == 5


def test_a_link_to_go_on_that_cannot_leave_is_told(shown_store: Any, client: Client, server: Any):
    _, secret = start_contribution(content=SHEET, at=timezone.now())
    url = reverse("register:write_by_link", args=[secret, "verifier"])
    server(away=True)
    page = client.post(url, {"geste": "courriel", "email": "p@example.org"}, follow=True).text
    assert NOT_SENT in page
    assert "est parti" not in page
