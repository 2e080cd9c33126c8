"""Pages of one's own account: closed to strangers, whole, in French, few queries."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from maillage.web.accounts.models import ApiKey, JournalEntry, Membership, TerritoryRole, User
from maillage.web.accounts.notices.actions import unsubscribe_token
from maillage.web.accounts.people.models import NoticePace
from maillage.web.accounts.rights import Role
from maillage.web.territories.models import Territory
from tests.web.accounts.conftest import PASSWORD
from tests.web.conftest import NOON

pytestmark = pytest.mark.django_db

OWN = (
    "/compte/",
    "/compte/adresse/",
    "/compte/mot-de-passe/",
    "/compte/second-facteur/",
    "/compte/sessions/",
    "/compte/identites/",
    "/compte/cles/",
    "/compte/activite/",
    "/organisations/",
)
CONFIRMED = ("/compte/supprimer/", "/compte/cles/nouvelle/", "/compte/second-facteur/activer/")
ENTRANCE = (
    "/compte/connexion/",
    "/compte/inscription/",
    "/compte/mot-de-passe/oublie/",
    "/compte/mot-de-passe/oublie/envoye/",
    "/compte/mot-de-passe/oublie/change/",
    "/compte/adresse/confirmer/",
    "/compte/adresse/confirmer/abc:def/",
    "/compte/mot-de-passe/oublie/1-abc/",
    "/compte/ferme/",
    "/compte/deconnexion/",
    "/compte/identites/erreur/",
    "/compte/identites/abandon/",
    "/compte/messages/arreter/rien/",
)
ENGLISH = re.compile(
    r"\b(the|your|password|sign in|sign up|email address|log out)\b", re.IGNORECASE
)


def test_the_way_to_a_new_password_is_shown_once(client):
    page = client.get("/compte/connexion/").content.decode()
    assert page.count('href="/compte/mot-de-passe/oublie/"') == 1


def log_in(client, user, password=PASSWORD):
    return client.post("/compte/connexion/", {"login": user.email, "password": password})


def log_in_twice(client, user):
    """Log in, and say who it is once more."""
    log_in(client, user)
    client.post("/compte/confirmez/", {"password": PASSWORD})


def words_of(page):
    main = page[page.index("<main") : page.index("</main")]
    return re.sub(r"<[^>]+>", " ", main)


def is_sound(response):
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)
    identifiers = re.findall(r'\sid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
    assert not ENGLISH.search(words_of(page)), ENGLISH.search(words_of(page))
    return page


@pytest.mark.parametrize("path", OWN + CONFIRMED)
def test_a_stranger_is_led_to_the_way_in_and_back(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert unquote(response.headers["Location"]) == f"/compte/connexion/?next={path}"


@pytest.mark.parametrize("path", OWN)
def test_pages_of_the_account_are_sound(person, as_user, path):
    response = as_user(person()).get(path)
    assert response.status_code == 200
    is_sound(response)


@pytest.mark.parametrize("path", ENTRANCE)
def test_pages_of_the_entrance_are_sound(client, path):
    response = client.get(path, follow=True)
    assert response.status_code in (200, 401, 404)
    is_sound(response)


@pytest.mark.parametrize("path", CONFIRMED)
def test_what_touches_security_asks_who_it_is_once_more(person, client, path):
    log_in(client, person())
    asked = client.get(path)
    assert asked.status_code == 302
    assert unquote(asked.headers["Location"]) == f"/compte/confirmez/?next={path}"
    is_sound(client.get(asked.headers["Location"]))
    refused = client.post(asked.headers["Location"], {"password": "autre chose"})
    assert refused.status_code == 200
    assert client.get(path).status_code == 302
    back = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == path
    is_sound(client.get(path))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get(path).status_code == 302


def test_every_address_of_allauth_has_its_place():
    """allauth reverses these names by itself: one missing is an error in the middle of a step."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    wanted = {"account_login", "account_email", "mfa_index", "socialaccount_connections"}
    assert wanted <= names
    assert reverse("account_reset_password_from_key", args=["1", "a-b"])


def test_the_header_leads_in_and_then_to_the_account(client, person, as_user):
    assert 'href="/compte/connexion/">Connexion' in client.get("/accessibilite/").content.decode()
    page = as_user(person()).get("/accessibilite/").content.decode()
    assert 'href="/compte/">Mon compte' in page


def test_a_visitor_without_a_session_costs_no_query_for_the_header(
    client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(1):
        client.get("/accessibilite/")


def test_the_profile_is_changed_and_told_by_the_names_of_fields_alone(person, as_user):
    user = person()
    client = as_user(user)
    client.post("/compte/", {"full_name": "Camille Durand", "notice_pace": "daily"})
    user.refresh_from_db()
    assert (user.full_name, user.notice_pace) == ("Camille Durand", NoticePace.DAILY)
    assert JournalEntry.objects.get().fields == "full_name notice_pace"
    client.post("/compte/", {"full_name": "Camille Durand", "notice_pace": "daily"})
    assert JournalEntry.objects.count() == 1


def test_a_wrong_profile_is_shown_again(person, as_user):
    response = as_user(person()).post("/compte/", {"full_name": "x" * 151, "notice_pace": "x"})
    assert response.status_code == 422
    is_sound(response)


def test_the_profile_says_ones_roles_with_few_queries(
    shown_store, person, organisation, as_user, django_assert_max_num_queries
):
    user = person()
    for number in range(5):
        where = organisation(f"Organisation {number}")
        Membership.objects.create(organisation=where, user=user, role="reader", joined_at=NOON)
    department = Territory.objects.get(kind="department", code="20")
    TerritoryRole.objects.create(user=user, territory=department, role="moderator", given_at=NOON)
    client = as_user(user)
    with django_assert_max_num_queries(8):
        page = client.get("/compte/").content.decode()
    assert "Organisation 4" in page
    assert "modération" in page


@pytest.mark.parametrize("word", ["", "non", "supprime"])
def test_an_account_is_not_closed_by_mistake(person, client, word):
    user = person()
    log_in_twice(client, user)
    assert client.post("/compte/supprimer/", {"word": word}).status_code == 422
    assert User.objects.filter(pk=user.pk).exists()


def test_an_account_is_closed_for_good(person, organisation, client):
    user, where = person(), organisation()
    Membership.objects.create(organisation=where, user=user, role=Role.MANAGER, joined_at=NOON)
    log_in_twice(client, user)
    assert "Plus personne ne gérera" in client.get("/compte/supprimer/").content.decode()
    response = client.post("/compte/supprimer/", {"word": "Supprimer"}, follow=True)
    assert "Votre compte est supprimé" in response.content.decode()
    assert not User.objects.exists()
    assert not Membership.objects.exists()
    assert client.get("/compte/").status_code == 302
    assert JournalEntry.objects.get().verb == "user.deleted"
    refused = log_in(client, user)
    assert refused.status_code == 200


def test_a_key_is_shown_once_and_revoked(person, client):
    user = person()
    log_in_twice(client, user)
    made = client.post(
        "/compte/cles/nouvelle/", {"name": "Tableur", "scopes": ["read"], "days": "90"}
    )
    page = is_sound(made)
    (text,) = re.findall(r"mlg_[0-9a-f]{12}_[\w-]{43}", page)
    listed = is_sound(client.get("/compte/cles/"))
    assert text not in listed
    assert text[:16] in listed
    key = ApiKey.objects.get()
    assert text.split("_", 2)[2] not in str(ApiKey.objects.values_list().get())
    client.post(f"/compte/cles/{key.public_id}/revoquer/")
    assert "révoquée" in client.get("/compte/cles/").content.decode()


def test_a_key_without_a_scope_is_not_made(person, client):
    log_in_twice(client, person())
    assert client.post("/compte/cles/nouvelle/", {"name": "x"}).status_code == 422
    assert not ApiKey.objects.exists()


def test_the_account_shows_what_it_did(person, as_user):
    client = as_user(person())
    client.post("/compte/", {"full_name": "Camille", "notice_pace": "none"})
    page = is_sound(client.get("/compte/activite/"))
    assert "Compte modifié" in page


def test_messages_are_in_french(person, client):
    user = person()
    client.post("/compte/mot-de-passe/oublie/", {"email": user.email})
    client.post("/compte/mot-de-passe/oublie/", {"email": "nobody@example.fr"})
    client.post(
        "/compte/inscription/",
        {"email": "new@example.fr", "password1": PASSWORD, "password2": PASSWORD},
    )
    client.post(
        "/compte/inscription/",
        {"email": user.email, "password1": PASSWORD, "password2": PASSWORD},
    )
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert not ENGLISH.search(message.subject + message.body), message.body
        assert message.subject.startswith("[Maillage] ")
        assert "Bonjour" in message.body


@pytest.mark.parametrize(
    ("module", "path", "sent"),
    [
        ("profile.views", "/compte/", {"full_name": "Neuf", "notice_pace": "daily"}),
        ("notices.views", "/compte/messages/arreter/{token}/", {}),
        ("profile.views", "/compte/sessions/", {}),
    ],
)
def test_what_the_journal_cannot_tell_is_not_done(person, client, monkeypatch, module, path, sent):
    user = person()
    other = Client()
    for each in (client, other):
        log_in(each, user)
        each.get("/compte/")

    def refuse(*args, **kwargs):
        raise RuntimeError("the journal is full")

    monkeypatch.setattr(f"maillage.web.accounts.{module}.record", refuse)
    with pytest.raises(RuntimeError):
        client.post(path.format(token=unsubscribe_token(user)), sent)
    user.refresh_from_db()
    assert (user.full_name, user.notice_pace) == ("", "immediate")
    assert other.get("/compte/").status_code == 200
