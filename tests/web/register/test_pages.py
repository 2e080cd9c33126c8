"""Pages of the register, from the first word to the published sheet, without account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.studies.store import Store
from maillage.web.accounts.limits import Limit
from maillage.web.accounts.models import JournalEntry, Organisation, TerritoryRole, User
from maillage.web.register.content.fields import STEPS
from maillage.web.register.contributing import sending
from maillage.web.register.contributing.limits import DAY
from maillage.web.register.contributing.links import start_contribution
from maillage.web.register.life.actors import MACHINE, Actor
from maillage.web.register.life.amending import suggest
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import (
    Amendment,
    Attachment,
    Contact,
    ContactMessage,
    Initiative,
)
from maillage.web.register.models.choices import State
from maillage.web.territories.models import Territory
from tests.web.register.conftest import AT, MakeInitiative

PDF = b"%PDF-1.7 a small file"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def link_in(message: Any) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", message.body)
    assert found
    return found[1]


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_somebody_without_account_writes_and_a_moderator_publishes(
    moderator: User, client: Client, shown_store: Store
):
    begun = client.post(
        reverse("register:start"),
        {"title": "Navette santé", "promise": "Une navette vers le soin."},
    )
    first = begun.url
    secret = first.split("/")[3]
    sent = {
        "essentiel": {
            "title": "Navette santé",
            "promise": "Une navette vers le soin.",
            "description": "Trois fois par semaine.",
            "themes": ["organisation"],
        },
        "lieux": {
            "territories": "20001",
            "country_code": "FR",
            "holders-0-name": "CC du Levant",
            "holders-0-kind": "local_authority",
            "holders-0-role": "holds",
            "holders-1-name": "",
            "holders-1-kind": "other",
            "holders-1-role": "holds",
        },
    }
    for step, data in sent.items():
        url = reverse("register:write_by_link", args=[secret, step])
        assert client.get(url).status_code == 200
        assert client.post(url, data | {"suite": "oui"}).status_code == 302
    check = reverse("register:write_by_link", args=[secret, "verifier"])
    assert "Confirmez d’abord" in client.post(check, {"geste": "envoyer"}, follow=True).text
    client.post(check, {"geste": "contact", "name": "A. Porteuse", "email": "p@example.org"})
    client.post(check, {"geste": "courriel", "email": "P@example.org"})
    resume = link_in(mail.outbox[-1])
    elsewhere = Client()
    assert "est bien mon adresse" in elsewhere.get(resume).text
    assert elsewhere.post(resume, follow=True).status_code == 200
    assert "relue avant publication" in client.post(check, {"geste": "envoyer"}, follow=True).text
    initiative = Initiative.objects.get()
    assert initiative.state == State.SUBMITTED
    assert Client().get(initiative.get_absolute_url()).status_code == 404
    judge = logged_in(moderator)
    assert initiative.title in judge.get(reverse("register:queue")).text
    review = reverse("register:review", args=[initiative.public_id])
    assert judge.get(review).status_code == 200
    judge.post(review, {"geste": "publish"})
    initiative.refresh_from_db()
    assert initiative.state == State.PUBLISHED
    assert mail.outbox[-1].to == ["p@example.org"]
    page = Client().get(initiative.get_absolute_url())
    assert page.status_code == 200
    assert "p@example.org" not in page.text
    assert "A. Porteuse" not in page.text


def test_what_resembles_a_public_sheet_is_shown_before_anything_is_written(
    make: MakeInitiative, client: Client
):
    make(title="Bus de dépistage du Levant")
    data = {"title": "Le bus de dépistage du Levant", "promise": "Un bus va vers chacun."}
    page = client.post(reverse("register:start"), data)
    assert "Bus de dépistage du Levant" in page.text
    assert Initiative.objects.count() == 1
    assert client.post(reverse("register:start"), data | {"malgre": "oui"}).status_code == 302


def test_what_is_only_near_does_not_stop_who_begins_and_is_read_before_sending(
    make: MakeInitiative, author: User, moderator: User
):
    elsewhere = {"holders": [{"name": "Ville", "kind": "other"}], "territories": ["commune:20101"]}
    near = make(title="Un bus vers chacun", **elsewhere)
    words = {"title": "Yoga en bus", "promise": "Bouger assis."}
    draft = make(State.DRAFT, created_by=author, **words)
    likely = make(**words)
    client = logged_in(author)
    started = client.post(reverse("register:start"), {"title": "Bus Zoom", "promise": "Danser."})
    assert started.status_code == 302
    page = client.get(reverse("register:write", args=[draft.public_id, "verifier"])).text
    same, _, other = page.partition("Initiatives proches, à lire avant d’envoyer")
    assert "Sans doute la même initiative" in same
    assert likely.get_absolute_url() in same
    assert near.get_absolute_url() in other
    assert "Mots en commun" in other
    waiting = make(State.SUBMITTED, **words)
    review = logged_in(moderator).get(reverse("register:review", args=[waiting.public_id])).text
    assert "Initiatives proches, à lire avant de décider" in review
    assert f"identifiant {near.public_id}" in review


def test_a_step_with_a_mistake_is_shown_again_with_what_was_typed(
    make: MakeInitiative, author: User
):
    initiative = make(State.DRAFT, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, "publics"])
    page = logged_in(author).post(url, {"start_year": "demain", "stage": "deployed"})
    assert page.status_code == 200
    assert "demain" in page.text
    assert "quatre chiffres" in page.text


def test_a_step_without_title_is_shown_again_with_what_was_typed(
    make: MakeInitiative, author: User
):
    initiative = make(State.DRAFT, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, "essentiel"])
    page = logged_in(author).post(url, {"title": " ", "promise": "Une autre promesse."})
    assert page.status_code == 200
    assert "Donnez un titre." in page.text
    assert "Une autre promesse." in page.text
    initiative.refresh_from_db()
    assert initiative.title == "Bus de dépistage du Levant"


def test_every_step_of_the_contribution_answers(make: MakeInitiative, author: User):
    initiative = make(State.DRAFT, created_by=author)
    for step in [*(step.key for step in STEPS), "verifier"]:
        url = reverse("register:write", args=[initiative.public_id, step])
        assert logged_in(author).get(url).status_code == 200


@pytest.mark.parametrize("state", [one for one in State if one != State.PUBLISHED])
def test_what_is_not_public_is_not_found_by_strangers(
    make: MakeInitiative, client: Client, author: User, state: State
):
    initiative = make(state)
    stranger = logged_in(author)
    public_id = initiative.public_id
    names = ("review", "history", "write_to_holder")
    addresses = [reverse(f"register:{name}", args=[public_id]) for name in names]
    addresses += [
        reverse(f"register:{name}", args=[public_id, "lieux"]) for name in ("suggest", "write")
    ]
    for url in addresses:
        assert stranger.get(url).status_code == 404, url
    page = client.get(initiative.get_absolute_url())
    expected = {State.ARCHIVED: 410, State.MERGED: 301}
    assert page.status_code == expected.get(state, 404)
    assert initiative.title not in page.text


def test_a_hidden_sheet_is_seen_by_who_answers_for_it_alone(
    make: MakeInitiative, client: Client, author: User
):
    initiative = make(created_by=author)
    Initiative.objects.filter(pk=initiative.pk).update(hidden_at=AT)
    url = initiative.get_absolute_url()
    assert client.get(url).status_code == 404
    own = logged_in(author)
    assert "masquée" in own.get(url).text
    own.post(reverse("register:check_fresh", args=[initiative.public_id]))
    assert client.get(url).status_code == 200


def test_an_address_with_another_ending_leads_to_the_right_one(
    make: MakeInitiative, client: Client
):
    initiative = make()
    page = client.get(f"/initiatives/{initiative.public_id}-ancien-titre/")
    assert (page.status_code, page.url) == (301, initiative.get_absolute_url())


def test_no_text_of_a_sheet_becomes_markup(make: MakeInitiative, client: Client):
    texts = {
        "title": HOSTILE,
        "promise": HOSTILE,
        "description": HOSTILE,
        "place_note": HOSTILE,
        "results": HOSTILE,
        "pitfalls": HOSTILE,
        "staff_note": HOSTILE,
        "source_name": HOSTILE,
        "scheme_note": HOSTILE,
        "holders": [{"name": HOSTILE}],
        "partners": [{"name": HOSTILE, "role": HOSTILE}],
        "milestones": [{"year": 2020, "text": HOSTILE}],
        "figures": [{"label": HOSTILE, "value": 1, "unit": "<b>", "source": HOSTILE}],
        "budget_lines": [{"funder": HOSTILE}],
        "resources": [{"title": HOSTILE, "url": "https://example.org/?<script>"}],
        "evaluation": [{"criterion": "equity", "answer": "met", "note": HOSTILE}],
    }
    initiative = make(**texts)
    page = client.get(initiative.get_absolute_url())
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "\\u003cscript" in page.text  # in the data block


def test_a_suggestion_without_account_waits_for_its_address_then_is_shown_as_a_difference(
    make: MakeInitiative, client: Client, moderator: User
):
    initiative = make()
    url = reverse("register:suggest", args=[initiative.public_id, "essentiel"])
    data = {
        "title": initiative.title,
        "promise": "Un bus va vers chacun.",
        "description": "Le bus **dépiste** et oriente.",
        "themes": ["prevention"],
        "sub_themes": ["prevention.screening"],
    }
    assert "adresse électronique" in client.post(url, data).text
    client.post(url, data | {"email": "quelquun@example.org"})
    judge = logged_in(moderator)
    amendment = Amendment.objects.get()
    page = reverse("register:amendment", args=[amendment.public_id])
    assert judge.get(page).status_code == 404
    client.post(link_in(mail.outbox[-1]))
    shown = judge.get(page).text
    assert "<ins>" in shown
    assert "<del>" in shown
    judge.post(reverse("register:decide", args=[amendment.public_id]), {"decision": "accepter"})
    initiative.refresh_from_db()
    assert initiative.promise == "Un bus va vers chacun."
    history = judge.get(reverse("register:history", args=[initiative.public_id]))
    assert f"Proposition {amendment.public_id} acceptée" in history.text
    first = initiative.versions.last().number
    judge.post(reverse("register:revert", args=[initiative.public_id, first]))
    initiative.refresh_from_db()
    assert initiative.promise == "Un bus va vers ceux que le soin ne voit pas."


def test_a_suggestion_that_crosses_another_is_not_written_over_it(
    make: MakeInitiative, moderator: User
):
    initiative = make()
    for words in ("Une version.", "Une autre."):
        suggest(initiative=initiative, changes={"promise": words}, actor=Actor(), at=AT)
    judge = logged_in(moderator)
    first, second = Amendment.objects.order_by("pk")
    judge.post(reverse("register:decide", args=[first.public_id]), {"decision": "accepter"})
    page = judge.post(
        reverse("register:decide", args=[second.public_id]), {"decision": "accepter"}, follow=True
    )
    assert "En une phrase" in page.text
    initiative.refresh_from_db()
    second.refresh_from_db()
    assert (initiative.promise, second.status) == ("Une version.", Amendment.Status.WAITING)


def test_a_message_reaches_the_holder_and_no_page_nor_sender_learns_the_address(
    make: MakeInitiative, client: Client
):
    initiative = make()
    Contact.objects.create(
        initiative=initiative,
        name="Porteuse",
        email="porteuse@example.org",
        phone="0102030405",
        confirmed_at=AT,
    )
    url = reverse("register:write_to_holder", args=[initiative.public_id])
    text = {"nom": "Curieux", "email": "curieux@example.org", "texte": "Comment faire ?"}
    client.post(url, text)
    assert [message.to for message in mail.outbox] == [["curieux@example.org"]]
    confirm = link_in(mail.outbox[0])
    client.get(confirm)
    assert len(mail.outbox) == 1  # a mail filter that opens links sends nothing
    client.post(confirm)
    assert mail.outbox[1].to == ["porteuse@example.org"]
    assert "curieux@example.org" not in mail.outbox[1].body
    assert client.post(confirm).status_code == 404
    reply = link_in(mail.outbox[1])
    client.post(reply, {"texte": "Ainsi."})
    assert mail.outbox[2].to == ["curieux@example.org"]
    assert "porteuse" not in mail.outbox[2].body.lower()
    page = client.get(initiative.get_absolute_url()).text
    for hidden in ("porteuse@example.org", "0102030405", "Porteuse", "curieux"):
        assert hidden not in page


def test_silence_is_shown(make: MakeInitiative, client: Client, moderator: User):
    initiative = make()
    Contact.objects.create(initiative=initiative, email="porteuse@example.org", confirmed_at=AT)
    ContactMessage.objects.create(
        initiative=initiative,
        secret_hash="x",
        sender_name="Curieux",
        sender_email="c@example.org",
        text="?",
        created_at=AT - timedelta(days=60),
        sent_at=AT - timedelta(days=60),
    )
    assert "1 message sans réponse" in client.get(initiative.get_absolute_url()).text
    assert initiative.title in logged_in(moderator).get(reverse("register:queue")).text


def test_a_contact_is_shown_with_consent_and_never_the_address(
    make: MakeInitiative, client: Client
):
    initiative = make()
    Contact.objects.create(
        initiative=initiative, name="Porteuse", email="p@example.org", phone="01", consented_at=AT
    )
    page = client.get(initiative.get_absolute_url()).text
    assert "Porteuse" in page
    assert "p@example.org" not in page


def test_a_moderator_elsewhere_moderates_nothing_here(make: MakeInitiative, author: User):
    initiative = make(State.SUBMITTED)
    other = Territory.objects.get(kind="commune", code="20005")
    TerritoryRole.objects.create(user=author, territory=other, role="moderator", given_at=AT)
    client = logged_in(author)
    assert initiative.title not in client.get(reverse("register:queue")).text
    assert client.get(reverse("register:review", args=[initiative.public_id])).status_code == 404


def test_a_draft_is_seen_by_its_organisation_and_not_by_the_moderator_of_the_place(
    make: MakeInitiative, author: User, moderator: User
):
    organisation = Organisation.objects.create(name="CC", kind="local_authority", created_at=AT)
    organisation.memberships.create(user=author, role="contributor", joined_at=AT)
    initiative = make(State.DRAFT)
    Initiative.objects.filter(pk=initiative.pk).update(organisation=organisation)
    assert Initiative.objects.visible_to(author).count() == 1
    assert Initiative.objects.visible_to(moderator).count() == 0


def test_a_sheet_begun_by_a_member_is_the_organisations(author: User, shown_store: Store):
    organisation = Organisation.objects.create(name="CC", kind="local_authority", created_at=AT)
    organisation.memberships.create(user=author, role="contributor", joined_at=AT)
    data = {"title": "Navette", "promise": "Une navette vers le soin."}
    logged_in(author).post(reverse("register:start"), data)
    assert Initiative.objects.get().organisation == organisation


def test_the_administrator_sees_all_and_a_stranger_the_public_alone(
    make: MakeInitiative, administrator: User, author: User
):
    for state in State:
        make(state)
    everything = Initiative.objects.count()
    assert Initiative.objects.visible_to(administrator).count() == everything
    public = set(Initiative.objects.public())
    assert set(Initiative.objects.visible_to(author)) == public
    assert set(Initiative.objects.visible_to(None)) == public
    assert {one.state for one in public} == {State.PUBLISHED}


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("bilan.pdf", PDF, "joint"),
        ("../../etc/passwd.pdf", PDF, "joint"),
        ("bilan.pdf", b"<html>not a pdf", "ni un PDF"),
        ("bilan.exe", b"MZ", "ni un PDF"),
        ("grand.pdf", PDF + b"x" * (5 * 1024 * 1024), "5 Mo"),
    ],
)
def test_a_file_is_judged_by_what_is_in_it(
    make: MakeInitiative, author: User, name: str, body: bytes, said: str
):
    initiative = make(State.DRAFT, created_by=author)
    url = reverse("register:write", args=[initiative.public_id, "verifier"])
    client = logged_in(author)
    file = SimpleUploadedFile(name, body, content_type="application/pdf")
    page = client.post(url, {"geste": "fichier", "fichier": file}, follow=True)
    assert said in page.text
    for kept in initiative.attachments.all():
        assert "/" not in kept.name
        answered = client.get(
            reverse("register:attachment", args=[initiative.public_id, kept.public_id])
        )
        assert answered.content == body
        assert "attachment" in answered["Content-Disposition"]
        stranger = Client().get(
            reverse("register:attachment", args=[initiative.public_id, kept.public_id])
        )
        assert stranger.status_code == 404


def given_file(name: str = "bilan.pdf", body: bytes = PDF) -> dict[str, Any]:
    return {"geste": "fichier", "fichier": SimpleUploadedFile(name, body)}


def test_a_file_is_public_with_its_sheet_and_kept_not_shown_by_browsers(
    make: MakeInitiative, author: User, moderator: User
):
    initiative = make(State.SUBMITTED, created_by=author)
    check = reverse("register:write", args=[initiative.public_id, "verifier"])
    logged_in(author).post(check, given_file("Bilan d’été 2023.pdf"))
    file = initiative.attachments.get()
    url = reverse("register:attachment", args=[initiative.public_id, file.public_id])
    assert Client().get(url).status_code == 404
    move(initiative=initiative, action=Action.PUBLISH, actor=MACHINE, at=AT)
    answer = Client().get(url)
    assert answer.content == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Bilan%20d")
    assert url in Client().get(initiative.get_absolute_url()).text
    other = make()
    assert (
        Client().get(reverse("register:attachment", args=[other.public_id, file.public_id]))
    ).status_code == 404
    move(initiative=initiative, action=Action.ARCHIVE, actor=MACHINE, at=AT, reason="x")
    assert Client().get(url).status_code == 404


def test_a_file_is_removed_by_who_writes_the_sheet_and_the_journal_says_so(
    make: MakeInitiative, author: User, administrator: User
):
    initiative, other = make(created_by=author), make(created_by=administrator)
    check = reverse("register:write", args=[initiative.public_id, "verifier"])
    client = logged_in(author)
    client.post(check, given_file())
    client.post(check, given_file("le-meme.pdf"))
    file = initiative.attachments.get()
    elsewhere = reverse("register:write", args=[other.public_id, "verifier"])
    gone = {"geste": "retirer", "fichier": file.public_id}
    logged_in(administrator).post(elsewhere, gone)
    assert initiative.attachments.count() == 1
    assert "Le fichier est effacé." in client.post(check, gone, follow=True).text
    assert initiative.attachments.count() == 0
    verbs = list(JournalEntry.objects.values_list("verb", flat=True))
    assert verbs.count("initiative.file_added") == verbs.count("initiative.file_removed") == 1


def test_no_file_comes_before_an_address_is_confirmed_nor_beyond_what_a_day_takes(
    make: MakeInitiative, author: User, monkeypatch: pytest.MonkeyPatch
):
    _, secret = start_contribution(content={"title": "Navette"}, at=timezone.now())
    check = reverse("register:write_by_link", args=[secret, "verifier"])
    assert "Confirmez d’abord" in Client().post(check, given_file(), follow=True).text
    own = make(State.DRAFT, created_by=author)
    monkeypatch.setattr(sending, "FILES", Limit("register.files", 1, DAY))
    url = reverse("register:write", args=[own.public_id, "verifier"])
    logged_in(author).post(url, given_file())
    page = logged_in(author).post(url, given_file("b.pdf", PDF + b"2"), follow=True)
    assert "réessayez demain" in page.text
    assert Attachment.objects.count() == 1


def test_a_draft_is_erased_by_its_author_with_its_files_and_nothing_else_is(
    make: MakeInitiative, author: User
):
    draft, public = make(State.DRAFT, created_by=author), make(created_by=author)
    client = logged_in(author)
    urls = [reverse("register:write", args=[one.public_id, "verifier"]) for one in (draft, public)]
    client.post(urls[0], given_file())
    client.post(urls[0], {"geste": "contact", "name": "A", "email": "a@example.org"})
    assert client.post(urls[1], {"geste": "effacer"}).status_code == 404
    assert client.post(urls[0], {"geste": "effacer"}, follow=True).status_code == 200
    assert list(Initiative.objects.all()) == [public]
    assert not Attachment.objects.exists()
    assert not Contact.objects.exists()


def test_a_sheet_is_read_in_a_fixed_number_of_queries(
    make: MakeInitiative, client: Client, django_assert_max_num_queries: Any
):
    initiative = make()
    client.get(initiative.get_absolute_url())
    with django_assert_max_num_queries(24):
        client.get(initiative.get_absolute_url())


def test_a_merged_sheet_leads_to_the_one_that_stays(make: MakeInitiative, client: Client):
    first, second = make(title="Première"), make(title="Seconde")
    move(initiative=first, action=Action.MERGE, actor=MACHINE, at=AT, into=second)
    page = client.get(first.get_absolute_url())
    assert (page.status_code, page.url) == (301, second.get_absolute_url())


def test_a_link_that_is_not_ours_opens_nothing(client: Client, shown_store: Store):
    for name in ("resume", "confirm_suggestion", "confirm_message", "answer_message"):
        assert client.get(reverse(f"register:{name}", args=["x" * 43])).status_code == 404
    assert client.get("/initiatives/proposer/xxx/essentiel/").status_code == 404
