"""Nothing is sent to an address before whoever reads it agreed."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from maillage.web.accounts.models import JournalEntry, User
from maillage.web.register.contacts import (
    CONFIRM_WITHIN,
    GivenContact,
    ask_to_confirm,
    keep_contact,
)
from maillage.web.register.contributing.links import (
    confirm_address,
    mail_link,
    start_contribution,
)
from maillage.web.register.mails import addresses_of_holder
from maillage.web.register.models import Contact, Initiative
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, SHEET, MakeInitiative

OTHER = "collegue@example.org"


def holder_of(initiative: Initiative) -> list[str]:
    return addresses_of_holder(Initiative.objects.get(pk=initiative.pk))


def link_in(message: Any) -> str:
    return re.search(r"http://[^/]+(/initiatives/contacts/\S+)", message.body)[1]


@pytest.fixture
def typed(make: MakeInitiative, author: User) -> Contact:
    """The address of somebody else, typed by the author of a public sheet."""
    initiative = make(created_by=author)
    given = GivenContact(email=OTHER)
    return keep_contact(initiative=initiative, given=given, by=author, at=AT)


def test_an_address_typed_by_somebody_else_receives_one_message_until_it_agrees(
    typed: Contact, author: User, client: Client
):
    assert holder_of(typed.initiative) == [author.email]
    with time_machine.travel(AT, tick=False):
        assert ask_to_confirm(typed, at=AT)
        (message,) = mail.outbox
        assert message.to == [OTHER]
        link = link_in(message)
        assert client.get(link).status_code == 200
        assert holder_of(typed.initiative) == [author.email], "mail filters open links"
        assert client.post(link).status_code == 302
    assert holder_of(typed.initiative) == [OTHER]


def test_an_agreement_is_of_one_address(typed: Contact, author: User, client: Client):
    with time_machine.travel(AT, tick=False):
        ask_to_confirm(typed, at=AT)
        link = link_in(mail.outbox[0])
        third = GivenContact(email="tiers@example.org")
        keep_contact(initiative=typed.initiative, given=third, by=author, at=AT)
        assert client.post(link).status_code == 404
    assert holder_of(typed.initiative) == [author.email]


def test_a_link_too_old_or_made_up_confirms_nothing(typed: Contact, client: Client):
    with time_machine.travel(AT, tick=False):
        ask_to_confirm(typed, at=AT)
    link = link_in(mail.outbox[0])
    with time_machine.travel(AT + CONFIRM_WITHIN + timedelta(seconds=1), tick=False):
        assert client.post(link).status_code == 404
    assert client.post("/initiatives/contacts/confirmer/faux:abc/").status_code == 404
    assert Contact.objects.get().confirmed_at is None


def test_ones_own_address_is_proven_already(make: MakeInitiative, author: User):
    initiative = make(created_by=author)
    own = GivenContact(email=author.email.upper(), name=" Ada  B. ", consents=True)
    kept = keep_contact(initiative=initiative, given=own, by=author, at=AT)
    assert (kept.confirmed_at, kept.name, kept.consented_at) == (AT, "Ada B.", AT)


def test_a_name_changed_keeps_the_agreement_of_the_address(typed: Contact, author: User):
    Contact.objects.update(confirmed_at=AT)
    named = GivenContact(email=OTHER, name="Collègue")
    keep_contact(initiative=typed.initiative, given=named, by=author, at=AT)
    assert holder_of(typed.initiative) == [OTHER]


def test_the_address_confirmed_to_go_on_is_proven_as_contact(shown_store: Any):
    initiative, _ = start_contribution(content=SHEET, at=AT)
    given = GivenContact(email="P@example.org")
    keep_contact(initiative=initiative, given=given, by=None, at=AT)
    mail_link(contribution=initiative.contribution, email="p@example.org", at=AT)
    assert holder_of(initiative) == []
    secret = re.search(r"/reprendre/([^/]+)/", mail.outbox[-1].body)[1]
    confirm_address(secret=secret, at=AT)
    assert Contact.objects.get().confirmed_at == AT


def test_a_contact_is_changed_by_who_may_edit_and_the_journal_says_which_fields(
    make: MakeInitiative, author: User
):
    client = Client()
    client.force_login(author)
    sent = {"geste": "contact", "name": "Ada", "email": OTHER}
    archived = make(State.ARCHIVED, created_by=author)
    client.post(reverse("register:write", args=[archived.public_id, "verifier"]), sent)
    assert not Contact.objects.exists()
    draft = make(State.DRAFT, created_by=author)
    page = client.post(
        reverse("register:write", args=[draft.public_id, "verifier"]), sent, follow=True
    ).text
    assert "pas encore confirmée" in page
    assert [message.to for message in mail.outbox] == [[OTHER]]
    entry = JournalEntry.objects.first()
    assert (entry.verb, entry.fields) == ("initiative.contact", "email name")


def test_the_link_of_a_sheet_that_is_not_written_any_more_changes_no_contact(shown_store: Any):
    initiative, secret = start_contribution(content=SHEET, at=AT)
    url = reverse("register:write_by_link", args=[secret, "verifier"])
    with time_machine.travel(AT, tick=False):
        Initiative.objects.filter(pk=initiative.pk).update(state=State.ARCHIVED)
        answer = Client().post(url, {"geste": "contact", "email": OTHER})
    assert answer.status_code == 404
    assert not Contact.objects.exists()


def test_links_to_addresses_are_counted(make: MakeInitiative, author: User):
    client = Client()
    client.force_login(author)
    url = reverse("register:write", args=[make(created_by=author).public_id, "verifier"])
    for _ in range(7):
        client.post(url, {"geste": "contact", "email": OTHER})
    assert len(mail.outbox) == 5
