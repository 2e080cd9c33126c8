"""Who is told what happens to a record: the right people, once, never about their own doing."""

import re
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from maillage.web.accounts.link_secrets import hashed
from maillage.web.accounts.models import Notice, Organisation, TerritoryRole, User
from maillage.web.accounts.notices.actions import send_due
from maillage.web.register.forgetting import forget
from maillage.web.register.life.actors import MACHINE, Actor
from maillage.web.register.life.amending import accept, confirm_suggestion, refuse, suggest
from maillage.web.register.life.commenting import comment
from maillage.web.register.life.editing import edit, revert
from maillage.web.register.life.freshness import REMIND_AFTER, turn_clock
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import TRANSITIONS, Action, Role
from maillage.web.register.mails import send_news
from maillage.web.register.models import Amendment, Contact, ContactMessage, Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.models.life import LINK_LASTS, Contribution
from maillage.web.register.sheets.relay import (
    SILENT_AFTER,
    forget_messages,
    pass_on,
    remind_silent,
)
from maillage.web.territories.models import Territory
from tests.web.register.conftest import AT, MakeInitiative
from tests.web.register.test_pages import logged_in

OnCommit = Callable[..., Any]


def told() -> dict[str, str]:
    """Return the subject of the only notice of each person, by the start of their address."""
    found = [(one.user.email.split("@")[0], one.subject) for one in Notice.objects.all()]
    assert len(dict(found)) == len(found), found
    return dict(found)


def person(name: str, **fields: Any) -> User:
    return User.objects.create_user(f"{name}@example.org", **fields)


@pytest.fixture
def act(author: User) -> Callable[..., None]:
    """Do a move as somebody: act(initiative, Action.PUBLISH, by=moderator)."""

    def _act(initiative: Initiative, action: Action, *, by: User, **more: Any) -> None:
        initiative = Initiative.objects.get(pk=initiative.pk)
        actor = Actor(by, frozenset({Role.AUTHOR if by == author else Role.MODERATOR}))
        move(initiative=initiative, action=action, actor=actor, at=AT, **more)

    return _act


def test_moderators_of_the_place_are_told_of_what_is_sent_and_no_others(
    make: MakeInitiative, author: User, moderator: User, administrator: User, act: Any
):
    elsewhere = Territory.objects.get(kind="commune", code="20005")
    TerritoryRole.objects.create(
        user=person("ailleurs"), territory=elsewhere, role="moderator", given_at=AT
    )
    epci = Territory.objects.get(kind="epci", code="200000001")
    TerritoryRole.objects.create(
        user=person("lectrice"), territory=epci, role="reader", given_at=AT
    )
    initiative = make(State.DRAFT, created_by=author, title="Navette")
    act(initiative, Action.SUBMIT, by=author)
    assert told() == {"moderatrice": "À relire : Navette"}


def test_administrators_are_told_where_nobody_moderates(
    make: MakeInitiative, author: User, administrator: User, act: Any
):
    act(make(State.DRAFT, created_by=author), Action.SUBMIT, by=author)
    assert set(told()) == {"admin"}


def test_who_moderates_in_the_organisation_is_told(make: MakeInitiative, author: User, act: Any):
    organisation = Organisation.objects.create(name="CC", kind="local_authority", created_at=AT)
    organisation.memberships.create(user=person("relectrice"), role="moderator", joined_at=AT)
    organisation.memberships.create(user=person("membre"), role="contributor", joined_at=AT)
    initiative = make(State.DRAFT, created_by=author)
    Initiative.objects.filter(pk=initiative.pk).update(organisation=organisation)
    act(initiative, Action.SUBMIT, by=author)
    assert set(told()) == {"relectrice"}


@pytest.mark.parametrize(
    ("state", "action", "said"),
    [
        (State.SUBMITTED, Action.PUBLISH, "est publiée"),
        (State.SUBMITTED, Action.SEND_BACK, "changements demandés"),
        (State.SUBMITTED, Action.REJECT, "est refusée"),
        (State.PUBLISHED, Action.ARCHIVE, "est archivée"),
        (State.ARCHIVED, Action.RESTORE, "remise en ligne"),
    ],
)
def test_the_author_is_told_of_each_decision_with_its_reason(
    make: MakeInitiative,
    author: User,
    moderator: User,
    act: Any,
    state: State,
    action: Action,
    said: str,
):
    initiative = make(state, created_by=author)
    act(initiative, action, by=moderator, reason="Précisez le lieu.")
    assert said in told()["autrice"]
    assert "Précisez le lieu." in Notice.objects.get().text
    assert send_due(at=AT) == 1
    assert mail.outbox[0].to == ["autrice@example.org"]


def test_nobody_is_told_what_they_did_themselves(make: MakeInitiative, author: User, act: Any):
    initiative = make(created_by=author)
    act(initiative, Action.ARCHIVE, by=author, reason="Terminée.")
    edit(initiative=make(created_by=author), changes={"promise": "Relue."},
         actor=Actor(author, frozenset({Role.MODERATOR})), at=AT)  # fmt: skip
    assert told() == {}


def test_what_the_machine_does_is_told_to_nobody(
    make: MakeInitiative, author: User, moderator: User, administrator: User
):
    for state in State:
        make(state, created_by=author)
    assert told() == {}
    assert mail.outbox == []


def test_both_authors_are_told_of_a_merger(
    make: MakeInitiative, author: User, moderator: User, act: Any
):
    kept = make(title="Celle qui reste", created_by=person("autre"))
    act(make(title="Doublon", created_by=author), Action.MERGE, by=moderator, into=kept)
    assert "fusionnée dans une autre" in told()["autrice"]
    assert "« Doublon » est fusionnée dans la vôtre" in told()["autre"]


def test_a_change_by_a_moderator_is_told_to_the_author_with_its_fields(
    make: MakeInitiative, author: User, moderator: User
):
    initiative = make(created_by=author)
    actor = Actor(moderator, frozenset({Role.MODERATOR}))
    edit(initiative=initiative, changes={"promise": "Relue."}, actor=actor, at=AT)
    assert "En une phrase" in Notice.objects.get().text
    number = initiative.versions.last().number
    revert(initiative=initiative, number=number, actor=actor, at=AT)
    assert Notice.objects.filter(user=author).count() == 2


def test_remarks_are_told_to_the_other_side(make: MakeInitiative, author: User, moderator: User):
    initiative = make(State.SUBMITTED, created_by=author)
    for user, role in ((author, Role.AUTHOR), (moderator, Role.MODERATOR)):
        comment(initiative=initiative, text="Et où ?", actor=Actor(user, frozenset({role})), at=AT)
    assert set(told()) == {"moderatrice", "autrice"}
    assert {one.text.endswith("Et où ?") for one in Notice.objects.all()} == {True}


def test_a_remark_on_a_draft_is_told_to_no_moderator_who_cannot_see_it(
    make: MakeInitiative, author: User, moderator: User
):
    initiative = make(State.DRAFT, created_by=author)
    comment(initiative=initiative, text="?", actor=Actor(author, frozenset({Role.AUTHOR})), at=AT)
    assert told() == {}


def test_a_suggestion_is_told_to_the_author_and_its_end_to_who_made_it(
    make: MakeInitiative, author: User, moderator: User
):
    initiative, other = make(created_by=author, title="Bus"), person("lecteur")
    first = suggest(initiative=initiative, changes={"promise": "A."}, actor=Actor(other), at=AT)
    assert told() == {"autrice": "Une modification est proposée pour « Bus »"}
    Notice.objects.all().delete()
    accept(amendment=first, actor=Actor(author, frozenset({Role.AUTHOR})), at=AT)
    assert told() == {"lecteur": "Votre proposition pour « Bus » est acceptée."}


def test_a_suggestion_is_told_to_moderators_when_no_account_answers(
    make: MakeInitiative, moderator: User
):
    suggest(initiative=make(), changes={"promise": "A."}, actor=Actor(), at=AT)
    assert set(told()) == {"moderatrice"}


def test_a_suggestion_without_account_is_told_once_confirmed_and_answered_by_mail(
    make: MakeInitiative, moderator: User, django_capture_on_commit_callbacks: OnCommit
):
    initiative = make()
    one = suggest(
        initiative=initiative,
        changes={"promise": "A."},
        actor=Actor(),
        at=AT,
        author_email="lecteur@example.org",
        secret_hash="h",
    )
    assert told() == {}
    confirm_suggestion(secret_hash="h", at=AT)
    assert set(told()) == {"moderatrice"}
    one.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        actor = Actor(moderator, frozenset({Role.MODERATOR}))
        refuse(amendment=one, actor=actor, at=AT, reason="Déjà dit.")
    (message,) = mail.outbox
    assert message.to == ["lecteur@example.org"]
    assert "refusée" in message.body
    assert "Déjà dit." in message.body


def test_who_wrote_without_account_is_written_to(
    make: MakeInitiative, moderator: User, act: Any, django_capture_on_commit_callbacks: OnCommit
):
    initiative = make(State.SUBMITTED)
    Contribution.objects.create(
        initiative=initiative,
        secret_hash="s",
        email="porteuse@example.org",
        confirmed_at=AT,
        created_at=AT,
        expires_at=AT - timedelta(days=1),
    )
    with django_capture_on_commit_callbacks(execute=True):
        act(initiative, Action.SEND_BACK, by=moderator, reason="Précisez le lieu.")
    (message,) = mail.outbox
    assert message.to == ["porteuse@example.org"]
    assert "Précisez le lieu." in message.body
    assert "lien que vous avez reçu" in message.body
    assert Contribution.objects.get().expires_at == AT + LINK_LASTS, "the link works again"


def test_the_log_says_that_an_address_is_refused_and_not_which(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def refuse(message: mail.EmailMessage) -> None:
        raise SMTPRecipientsRefused(dict.fromkeys(message.to, (550, b"nobody here")))

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    assert not send_news(to="porteuse@example.org", subject="Publiée", text="Oui.", path="")
    assert "SMTPRecipientsRefused" in caplog.text
    assert "porteuse@example.org" not in caplog.text


def test_the_author_who_left_the_organisation_is_not_told_but_who_writes_for_it(
    make: MakeInitiative, author: User, moderator: User, act: Any
):
    organisation = Organisation.objects.create(name="CC", kind="local_authority", created_at=AT)
    organisation.memberships.create(user=person("collegue"), role="contributor", joined_at=AT)
    organisation.memberships.create(user=person("lectrice"), role="reader", joined_at=AT)
    initiative = make(State.SUBMITTED, created_by=author)
    Initiative.objects.filter(pk=initiative.pk).update(organisation=organisation)
    act(initiative, Action.PUBLISH, by=moderator)
    assert set(told()) == {"collegue"}


@pytest.mark.parametrize("stays", [True, False])
def test_a_message_to_an_organisation_never_reaches_who_left_it(
    make: MakeInitiative, author: User, stays: bool
):
    organisation = Organisation.objects.create(name="CC", kind="local_authority", created_at=AT)
    for one, role in ((person("a"), "contributor"), (person("b"), "coordinator")):
        organisation.memberships.create(user=one, role=role, joined_at=AT)
    organisation.memberships.create(user=person("lectrice"), role="reader", joined_at=AT)
    if stays:
        organisation.memberships.create(user=author, role="contributor", joined_at=AT)
    initiative = make(created_by=author)
    Initiative.objects.filter(pk=initiative.pk).update(organisation=organisation)
    ContactMessage.objects.create(
        initiative=initiative,
        secret_hash=hashed("secret"),
        sender_name="Curieux",
        sender_email="c@example.org",
        text="Comment faire ?",
        created_at=AT,
    )
    assert pass_on(secret="secret", at=AT) is not None
    expected = [[author.email]] if stays else [["a@example.org"], ["b@example.org"]]
    assert sorted(message.to for message in mail.outbox) == expected


def test_a_silent_holder_is_reminded_once_and_the_message_is_erased_in_the_end(
    make: MakeInitiative, author: User
):
    Contact.objects.create(initiative=make(created_by=author), email="porteuse@example.org")
    ContactMessage.objects.create(
        initiative=Initiative.objects.get(),
        secret_hash="x",
        sender_name="Curieux",
        sender_email="c@example.org",
        text="Comment faire ?",
        created_at=AT,
        sent_at=AT,
    )
    assert remind_silent(at=AT + SILENT_AFTER - timedelta(seconds=1)) == 0
    assert remind_silent(at=AT + SILENT_AFTER) == 1
    assert remind_silent(at=AT + SILENT_AFTER) == 0
    assert "attend une réponse" in told()["autrice"]
    assert "Curieux" not in Notice.objects.get().text
    assert forget_messages(at=AT + timedelta(days=365)) == 1


def test_what_nobody_confirmed_is_forgotten_and_what_is_somebodys_is_kept(
    make: MakeInitiative, author: User
):
    left, own = make(State.DRAFT), make(State.DRAFT, created_by=author)
    for number, one in enumerate((left, own, make(State.SUBMITTED))):
        Contribution.objects.create(
            initiative=one, secret_hash=str(number), created_at=AT, expires_at=AT + LINK_LASTS
        )
    public = make()
    for number, days in enumerate((31, 1)):
        suggest(
            initiative=public,
            changes={"promise": str(number)},
            actor=Actor(),
            at=AT + LINK_LASTS - timedelta(days=days),
            secret_hash=f"h{number}",
        )
    early = forget(at=AT + LINK_LASTS - timedelta(seconds=1))
    assert (early.drafts, early.suggestions) == (0, 1)
    late = forget(at=AT + LINK_LASTS)
    assert (late.drafts, late.suggestions) == (1, 0)
    assert not Initiative.objects.filter(pk=left.pk).exists()
    assert Initiative.objects.count() == 3


def test_the_address_of_who_suggested_is_forgotten_a_year_after_the_decision(make: MakeInitiative):
    one = suggest(initiative=make(), changes={"promise": "A."}, actor=Actor(), at=AT,
                  author_email="l@example.org")  # fmt: skip
    refuse(amendment=one, actor=MACHINE, at=AT, reason="")
    assert forget(at=AT + timedelta(days=364)).addresses == 0
    assert forget(at=AT + timedelta(days=365)).addresses == 1
    assert Amendment.objects.get().author_email == ""


@pytest.mark.parametrize(
    "key", [key for key, line in TRANSITIONS.items() if line.to != key[0]], ids=str
)
def test_what_is_told_of_every_move_leads_to_a_page_that_its_reader_may_open(
    make: MakeInitiative, author: User, moderator: User, key: tuple[State, Action]
):
    from_state, action = key
    initiative, into = make(from_state, created_by=author), make(created_by=author)
    Notice.objects.all().delete()
    actor = Actor(None, frozenset(Role))
    move(initiative=initiative, action=action, actor=actor, at=AT, reason="motif", into=into)
    for notice in Notice.objects.all():
        assert logged_in(notice.user).get(notice.path).status_code == 200, notice.subject


def test_a_remark_on_an_archived_record_leads_to_its_sheet(
    make: MakeInitiative, author: User, moderator: User
):
    initiative = make(State.ARCHIVED, created_by=author)
    by = Actor(moderator, frozenset({Role.MODERATOR}))
    comment(initiative=initiative, text="Pourquoi ?", actor=by, at=AT)
    assert logged_in(author).get(Notice.objects.get().path).status_code == 200


def test_what_is_told_of_a_suggestion_leads_on_once_it_is_decided_or_its_record_archived(
    make: MakeInitiative, author: User, moderator: User
):
    decided, archived = make(created_by=author), make(created_by=author)
    for one in (decided, archived):
        suggest(initiative=one, changes={"promise": "Mieux."}, actor=Actor(), at=AT)
    first = Amendment.objects.get(initiative=decided)
    refuse(amendment=first, actor=MACHINE, at=AT, reason="non")
    move(initiative=archived, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="fini")
    client = logged_in(author)
    said = [
        client.get(reverse("register:amendment", args=[one.public_id]), follow=True).text
        for one in Amendment.objects.order_by("pk")
    ]
    assert "Déjà examinée" in said[0]
    assert "n’est plus en ligne" in said[1]


def test_the_links_mailed_about_a_record_archived_since_say_so(
    make: MakeInitiative, django_capture_on_commit_callbacks: OnCommit
):
    initiative = make()
    contribution = Contribution.objects.create(
        initiative=initiative,
        secret_hash=hashed("s"),
        email="porteuse@example.org",
        confirmed_at=AT,
        created_at=AT,
        expires_at=AT + LINK_LASTS,
    )
    assert contribution.confirmed_at
    turn_clock(at=AT + REMIND_AFTER)
    suggest(
        initiative=initiative,
        changes={"promise": "Mieux."},
        actor=Actor(),
        at=AT,
        author_email="curieux@example.org",
        secret_hash=hashed("secret"),
    )
    reminder = re.search(r"/initiatives/rappels/\S+", mail.outbox[-1].body)
    assert reminder is not None
    links = [reminder.group(), reverse("register:confirm_suggestion", args=["secret"])]
    for link in links:
        assert Client().get(link).status_code == 200
    fresh = Initiative.objects.get(pk=initiative.pk)
    move(initiative=fresh, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="fini")
    for link in links:
        for answer in (Client().get(link), Client().post(link)):
            assert answer.status_code == 410
            assert "archivée" in answer.text
