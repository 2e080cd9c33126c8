"""A search is followed only by who confirms it, told of what is new once, stopped by one click."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client

from maillage.web.register.finding.alerts import follow, purge, send_due
from maillage.web.register.finding.criteria import criteria_of
from maillage.web.register.finding.publications import last_publication
from maillage.web.register.life.actors import MACHINE
from maillage.web.register.life.moving import move
from maillage.web.register.life.transitions import Action
from maillage.web.register.models import Publication, SavedSearch
from maillage.web.register.models.choices import State
from tests.web.register.conftest import AT, MakeInitiative

FOLLOW = "/initiatives/suivre/?theme=prevention"


def _asked(client: Client, email: str = "elue@example.org") -> None:
    response = client.post(FOLLOW, {"email": email, "rhythm": "daily"})
    assert response.status_code == 200


def _link(kind: str, message: int = -1) -> str:
    found = re.search(rf"http\S+(/initiatives/suivre/{kind}/\S+)", str(mail.outbox[message].body))
    assert found
    return found[1]


@pytest.fixture
def followed(db: None) -> SavedSearch:
    """A search confirmed at noon."""
    saved = follow(
        email="elue@example.org", criteria=criteria_of("theme=prevention"), rhythm="daily", at=AT
    )
    SavedSearch.objects.update(confirmed_at=AT)
    mail.outbox.clear()
    return saved


def test_nothing_is_sent_before_the_address_is_confirmed(
    make: MakeInitiative, client: Client
) -> None:
    with time_machine.travel(AT, tick=False):
        _asked(client)
        make(title="Bus", at=AT + timedelta(hours=1))
        assert send_due(at=AT + timedelta(days=2)) == 0
        link = _link("confirmer")
        assert client.get(link).status_code == 200
        assert SavedSearch.objects.get().confirmed_at is None
        client.post(link)
    make(title="Cabine", at=AT + timedelta(hours=2))
    assert send_due(at=AT + timedelta(days=2)) == 1
    assert mail.outbox[-1].to == ["elue@example.org"]
    assert "Cabine" in str(mail.outbox[-1].body)


def test_what_is_new_is_told_once_and_at_its_rhythm(
    followed: SavedSearch, make: MakeInitiative
) -> None:
    make(title="Bus", at=AT + timedelta(hours=1))
    make(title="Autre thème", themes=["digital"], sub_themes=[], at=AT + timedelta(hours=1))
    make(State.DRAFT, title="Brouillon secret", at=AT + timedelta(hours=1))
    assert send_due(at=AT + timedelta(hours=2)) == 1
    body = str(mail.outbox[0].body)
    assert "Bus" in body
    assert "Autre thème" not in body
    assert "Brouillon" not in body
    make(title="Gardes", at=AT + timedelta(hours=3))
    assert send_due(at=AT + timedelta(hours=4)) == 0
    assert send_due(at=AT + timedelta(hours=26)) == 1
    assert "Bus" not in str(mail.outbox[1].body)
    assert send_due(at=AT + timedelta(days=9)) == 0


def test_what_is_committed_late_is_told_once_whatever_its_clock_said(
    followed: SavedSearch, make: MakeInitiative
) -> None:
    make(title="Bus", at=AT + timedelta(hours=2))
    assert send_due(at=AT + timedelta(hours=3)) == 1
    make(title="Cabine", at=AT + timedelta(hours=1))  # its clock was read before, it was slow
    assert send_due(at=AT + timedelta(hours=27)) == 1
    body = str(mail.outbox[1].body)
    assert "Cabine" in body
    assert "Bus" not in body
    assert send_due(at=AT + timedelta(days=9)) == 0


def test_an_initiative_is_new_once(followed: SavedSearch, make: MakeInitiative) -> None:
    made = make(title="Bus", at=AT + timedelta(hours=1))
    assert send_due(at=AT + timedelta(hours=2)) == 1
    for action in (Action.ARCHIVE, Action.RESTORE):
        later = AT + timedelta(days=2)
        move(initiative=made, action=action, actor=MACHINE, at=later, reason="parce que")
    assert send_due(at=AT + timedelta(days=3)) == 0


def test_what_was_public_before_an_address_confirms_is_no_news(
    make: MakeInitiative, client: Client
) -> None:
    with time_machine.travel(AT, tick=False):
        _asked(client)
        make(title="Bus", at=AT + timedelta(hours=1))
        client.post(_link("confirmer"))
    assert send_due(at=AT + timedelta(days=2)) == 0


def test_numbers_of_publications_follow_the_commits(make: MakeInitiative) -> None:
    make(State.SUBMITTED, title="Attend")
    made = [make(title=title, at=AT - timedelta(days=day)) for day, title in enumerate("abc")]
    found = Publication.objects.order_by("number").values_list("initiative_id", flat=True)
    assert list(found) == [one.pk for one in made]
    assert last_publication() == Publication.objects.get(initiative=made[-1]).number


def test_one_click_stops_and_erases(
    followed: SavedSearch, make: MakeInitiative, client: Client
) -> None:
    make(title="Bus", at=AT + timedelta(hours=1))
    send_due(at=AT + timedelta(hours=2))
    message = mail.outbox[0]
    link = _link("arreter")
    assert link in message.extra_headers["List-Unsubscribe"]
    assert client.get(link).status_code == 200
    assert SavedSearch.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not SavedSearch.objects.exists()
    assert client.post(link).status_code == 200


def test_nobody_learns_that_an_address_follows_a_search(
    followed: SavedSearch, client: Client
) -> None:
    known = client.post(FOLLOW, {"email": "elue@example.org", "rhythm": "daily"})
    new = client.post(FOLLOW, {"email": "autre@example.org", "rhythm": "daily"})
    assert known.content == new.content
    assert [message.to for message in mail.outbox] == [["autre@example.org"]]


def test_links_of_others_or_too_old_do_nothing(followed: SavedSearch, client: Client) -> None:
    assert client.post("/initiatives/suivre/confirmer/faux/").status_code == 404
    client.post("/initiatives/suivre/arreter/faux:abc/")
    assert SavedSearch.objects.exists()
    with time_machine.travel(AT, tick=False):
        _asked(client, "tard@example.org")
    with time_machine.travel(AT + timedelta(days=4), tick=False):
        assert client.post(_link("confirmer")).status_code == 404
    assert purge(at=AT + timedelta(days=4)) == 1
    assert SavedSearch.objects.get() == followed


def test_too_many_messages_to_one_address_are_refused(db: None, client: Client) -> None:
    statuses = [
        client.post(f"{FOLLOW}&q=mot{rank}", {"email": "a@example.org", "rhythm": "daily"})
        for rank in range(7)
    ]
    assert [each.status_code for each in statuses][-1] == 429
    assert len(mail.outbox) == 5


def test_a_wrong_address_is_said(db: None, client: Client) -> None:
    response = client.post(FOLLOW, {"email": "rien", "rhythm": "daily"})
    assert 'role="alert"' in response.content.decode()
    assert not mail.outbox


def test_an_alert_that_the_server_refuses_is_told_at_the_next_call_and_once(
    followed: SavedSearch, make: MakeInitiative, settings: Any
) -> None:
    make(title="Bus", at=AT + timedelta(hours=1))
    kept = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send_due(at=AT + timedelta(hours=2)) == 0
    settings.EMAIL_BACKEND = kept
    assert send_due(at=AT + timedelta(hours=3)) == 1
    assert send_due(at=AT + timedelta(days=3)) == 0
    assert "Bus" in str(mail.outbox[0].body)


def test_the_log_says_that_an_address_is_refused_and_not_which(
    followed: SavedSearch,
    make: MakeInitiative,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(message: mail.EmailMessage) -> None:
        raise SMTPRecipientsRefused(dict.fromkeys(message.to, (550, b"nobody here")))

    make(title="Bus", at=AT + timedelta(hours=1))
    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    assert send_due(at=AT + timedelta(hours=2)) == 0
    assert "SMTPRecipientsRefused" in caplog.text
    assert followed.email not in caplog.text


def test_the_command_says_what_it_did(
    followed: SavedSearch, make: MakeInitiative, capsys: pytest.CaptureFixture[str]
) -> None:
    make()
    call_command("index_initiatives")
    call_command("index_initiatives", rebuild=True)
    assert "entries written: 1" in capsys.readouterr().out


def test_visitors_behind_one_proxy_do_not_share_a_count(
    db: None, client: Client, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    statuses = [
        client.post(
            f"{FOLLOW}&q=mot{rank}",
            {"email": f"a{rank}@example.org", "rhythm": "daily"},
            headers={"X-Forwarded-For": f"203.0.113.{rank}"},
        ).status_code
        for rank in range(7)
    ]
    assert statuses == [200] * 7


def test_a_search_too_long_to_be_kept_is_refused_with_a_sentence(db: None, client: Client) -> None:
    sent = {"email": "elue@example.org", "rhythm": "daily"}
    response = client.post("/initiatives/suivre/", sent, query_params={"q": "€" * 300})
    assert response.status_code == 422
    assert "trop longue" in response.content.decode()
    assert not SavedSearch.objects.exists()
    assert not mail.outbox


def test_asking_again_before_confirming_begins_anew(db: None) -> None:
    criteria = criteria_of("theme=prevention")
    again = AT + timedelta(days=2)
    follow(email="elue@example.org", criteria=criteria, rhythm="weekly", at=AT)
    follow(email="elue@example.org", criteria=criteria, rhythm="daily", at=again)
    assert purge(at=AT + timedelta(days=4)) == 0
    assert SavedSearch.objects.get().rhythm == "daily"
    assert purge(at=again + timedelta(days=3)) == 1


def test_asking_again_for_a_search_that_is_followed_leaves_it_as_it_is(
    followed: SavedSearch,
) -> None:
    later = AT + timedelta(days=2)
    criteria = criteria_of("theme=prevention")
    follow(email="elue@example.org", criteria=criteria, rhythm="weekly", at=later)
    kept = SavedSearch.objects.get()
    assert (kept.rhythm, kept.created_at) == ("daily", AT)
