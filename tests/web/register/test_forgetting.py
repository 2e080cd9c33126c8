"""What the register knows of people is erased when it has served, or when they leave."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from maillage.web.accounts import housekeeping
from maillage.web.accounts.models import Organisation, User
from maillage.web.accounts.organisations import inviting
from maillage.web.accounts.profile.deletion import delete_account
from maillage.web.register import contacts, forgetting
from maillage.web.register.finding.alerts import follow
from maillage.web.register.finding.criteria import criteria_of
from maillage.web.register.forgetting import (
    KEEP_ADDRESS,
    KEEP_ROWS,
    KEEP_UNCONFIRMED,
    KEEP_UNPUBLISHED,
    forget,
)
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.amending import suggest
from maillage.web.register.models import (
    Amendment,
    Contact,
    ContactMessage,
    Contribution,
    ImportBatch,
    ImportRow,
    Initiative,
    SavedSearch,
)
from maillage.web.register.models.choices import Licence, State
from maillage.web.register.models.life import LINK_LASTS
from maillage.web.register.sheets import relay
from maillage.web.runs.chores import do_due, offered
from tests.web.register.conftest import AT, MakeInitiative

SECOND = timedelta(seconds=1)


def with_people(initiative: Initiative, *, email: str = "porteuse@example.org") -> Initiative:
    """Give a sheet a contact and the link of who wrote it without account."""
    Contact.objects.create(initiative=initiative, email=email, phone="01", confirmed_at=AT)
    Contribution.objects.create(
        initiative=initiative,
        secret_hash=f"hash {initiative.pk}",
        email=email,
        confirmed_at=AT,
        created_at=AT,
        expires_at=AT + LINK_LASTS,
    )
    return initiative


@pytest.mark.parametrize("state", list(State))
def test_people_of_what_is_not_public_any_more_are_forgotten_after_a_year(
    make: MakeInitiative, author: User, state: State
):
    initiative = with_people(make(state, created_by=author))
    assert forget(at=AT + KEEP_UNPUBLISHED - SECOND).contacts == 0
    gone = forget(at=AT + KEEP_UNPUBLISHED).contacts
    erased = state in (State.REJECTED, State.ARCHIVED, State.MERGED)
    assert gone == (2 if erased else 0)
    assert Contact.objects.filter(initiative=initiative).exists() is not erased
    assert Contribution.objects.filter(initiative=initiative).exists() is not erased
    assert Initiative.objects.filter(pk=initiative.pk).exists(), "the sheet is its author's"


def test_a_refused_sheet_that_is_nobodys_goes_after_a_year(make: MakeInitiative):
    refused = with_people(make(State.REJECTED))
    kept = make(State.PUBLISHED)
    assert forget(at=AT + KEEP_UNPUBLISHED - SECOND).drafts == 0
    assert forget(at=AT + KEEP_UNPUBLISHED).drafts == 1
    assert not Initiative.objects.filter(pk=refused.pk).exists()
    assert Initiative.objects.get() == kept


def test_a_contact_that_never_agreed_is_forgotten(make: MakeInitiative, author: User):
    Contact.objects.create(
        initiative=make(created_by=author), name="Ada", email="x@example.org", asked_at=AT
    )
    agreed = Contact.objects.create(
        initiative=make(), email="y@example.org", asked_at=AT, confirmed_at=AT
    )
    assert forget(at=AT + contacts.CONFIRM_WITHIN - SECOND).contacts == 0
    assert forget(at=AT + contacts.CONFIRM_WITHIN).contacts == 1
    assert set(Contact.objects.values_list("name", "email")) == {("Ada", ""), ("", agreed.email)}


def test_the_address_of_a_suggestion_never_decided_is_forgotten(make: MakeInitiative):
    suggest(
        initiative=make(),
        changes={"promise": "A."},
        actor=Actor(),
        at=AT,
        author_email="l@example.org",
    )
    assert forget(at=AT + KEEP_ADDRESS - SECOND).addresses == 0
    assert forget(at=AT + KEEP_ADDRESS).addresses == 1
    assert Amendment.objects.get().author_email == ""


def batch_of(status: str, *outcomes: str) -> ImportBatch:
    batch = ImportBatch.objects.create(
        source_name="s",
        licence=Licence.LO_2_0,
        file_name="f.csv",
        sha256="0" * 64,
        mapping={},
        status=status,
        n_rows=len(outcomes),
        created_at=AT,
    )
    for number, outcome in enumerate(outcomes, start=2):
        ImportRow.objects.create(
            batch=batch,
            number=number,
            key=str(number),
            raw={"Contact": "ada@example.org"},
            errors=[["Contact", "« ada@example.org » ne se lit pas."]],
            outcome=outcome,
        )
    return batch


@pytest.mark.django_db
def test_lines_of_a_spreadsheet_are_emptied_after_a_year():
    batch = batch_of("done", "created", "error", "updated")
    assert forget(at=AT + KEEP_ROWS - SECOND).lines == 0
    assert forget(at=AT + KEEP_ROWS).lines == 3
    assert forget(at=AT + KEEP_ROWS).lines == 0
    assert {(str(row.raw), str(row.errors)) for row in batch.rows.all()} == {("{}", "[]")}
    assert [row.outcome for row in batch.rows.all()] == ["created", "error", "updated"]


@pytest.mark.django_db
def test_lines_that_were_never_brought_in_say_so():
    batch = batch_of("stopped", "created", "waiting")
    forget(at=AT + KEEP_ROWS)
    last = batch.rows.last()
    assert (last.outcome, last.raw) == ("error", {})
    assert "importez de nouveau" in last.errors[0][1]


@pytest.mark.django_db
def test_a_spreadsheet_tried_and_left_is_forgotten_after_a_month():
    batch_of("checked", "waiting")
    running = batch_of("running", "waiting")
    assert forget(at=AT + KEEP_UNCONFIRMED - SECOND).lines == 0
    assert forget(at=AT + KEEP_UNCONFIRMED).lines == 1
    forget(at=AT + KEEP_ROWS)
    assert ImportBatch.objects.get() == running
    assert running.rows.get().raw, "what is being brought in is read still"


def test_who_closes_their_account_leaves_the_register_without_a_trace(
    make: MakeInitiative, author: User
):
    own, others = make(created_by=author), with_people(make())
    Contact.objects.create(initiative=own, name="Autrice", email="typed@example.org")
    elsewhere = make()
    Contact.objects.create(initiative=elsewhere, email=author.email.upper(), confirmed_at=AT)
    with_people(make(State.SUBMITTED), email=author.email)
    Contact.objects.filter(initiative__state=State.SUBMITTED).delete()
    follow(email=author.email, criteria=criteria_of(""), rhythm="daily", at=AT)
    follow(email="other@example.org", criteria=criteria_of(""), rhythm="daily", at=AT)
    for email in (author.email, "other@example.org"):
        relay.write_message(initiative=others, name="N", email=email, text="?", at=AT)
    one = suggest(initiative=others, changes={"promise": "A."}, actor=Actor(), at=AT,
                  author_email=author.email)  # fmt: skip
    delete_account(user=author, at=AT)
    assert Contact.objects.get().initiative == others
    assert Contribution.objects.get().initiative == others
    assert SavedSearch.objects.get().email == "other@example.org"
    assert ContactMessage.objects.get().sender_email == "other@example.org"
    one.refresh_from_db()
    assert one.author_email == ""
    own.refresh_from_db()
    assert own.created_by is None


def test_a_contact_who_agreed_and_one_of_an_organisation_stay_when_the_author_leaves(
    make: MakeInitiative, author: User
):
    Contact.objects.create(
        initiative=make(created_by=author), email="collegue@example.org", confirmed_at=AT
    )
    house = Organisation.objects.create(name="CC", kind="local_authority", created_at=AT)
    ours = make(created_by=author)
    Initiative.objects.filter(pk=ours.pk).update(organisation=house)
    Contact.objects.create(initiative=ours, name="Accueil", email="accueil@example.org")
    delete_account(user=author, at=AT)
    assert Contact.objects.count() == 2


def test_a_worker_does_the_forgetting(make: MakeInitiative):
    with_people(make(State.REJECTED))
    late = AT + KEEP_UNPUBLISHED
    chores = [one for one in offered() if one.name == "register.forgetting"]
    with time_machine.travel(late, tick=False):
        done = do_due(owner="w", clock=lambda: late, chores=chores)
    assert done["register.forgetting"]["brouillons"] == 1


def days(span: timedelta) -> str:
    return "un an" if span.days in (365, 366) else f"{span.days} jours"


@pytest.mark.parametrize(
    ("what", "span"),
    [
        ("compte jamais confirmé", housekeeping.KEEP_UNCONFIRMED),
        ("invitation", inviting.VALID_FOR + housekeeping.KEEP_INVITATION),
        ("nouvelle", housekeeping.KEEP_NOTICE),
        ("consultation d’une liste de membres", housekeeping.KEEP_ACCESS),
        ("lien d’une fiche écrite sans compte", LINK_LASTS),
        ("contact jamais confirmé", contacts.CONFIRM_WITHIN),
        ("contact d’une fiche refusée, archivée ou fusionnée", KEEP_UNPUBLISHED),
        ("proposition jamais confirmée", KEEP_UNCONFIRMED),
        ("adresse de qui propose", KEEP_ADDRESS),
        ("message au porteur", relay.FORGOTTEN_AFTER),
        ("lignes d’un tableur", KEEP_ROWS),
        ("tableur essayé", forgetting.KEEP_UNCONFIRMED),
    ],
)
def test_the_privacy_page_tells_what_the_code_does(
    client: Client, db: None, what: str, span: timedelta
):
    rows: Any = client.get("/mentions-legales/").text.split("<tr>")
    (row,) = [one for one in rows if what in one.lower()]
    assert days(span) in row
