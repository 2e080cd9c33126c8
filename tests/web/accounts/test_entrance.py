"""Sign up, log in, forget, protect, leave; and what an attacker learns from it: nothing."""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from zeal import zeal_ignore

from maillage.web.accounts.entrance.adapter import CodesAdapter
from maillage.web.accounts.entrance.lockout import (
    FROM_ONE_ADDRESS,
    ON_ONE_ACCOUNT,
    ON_ONE_ACCOUNT_FROM_ONE_ADDRESS,
)
from maillage.web.accounts.models import AttemptCount, User
from tests.web.accounts.conftest import PASSWORD
from tests.web.accounts.test_pages import is_sound, log_in, log_in_twice, words_of

pytestmark = pytest.mark.django_db
SIGN_UP = {"email": "Nouvelle@Example.fr", "password1": PASSWORD, "password2": PASSWORD}


def link_in(message):
    return re.search(r"https?://[^/]+(/\S+)", message.body).group(1)


def code_of(user):
    secret = CodesAdapter().decrypt(
        Authenticator.objects.get(user=user, type="totp").data["secret"]
    )
    return code_for(secret)


def code_for(secret):
    """Return the code that a telephone shows now, as RFC 6238 defines it."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@pytest.fixture
def protected(person, client):
    """A person with a second factor, and their recovery codes."""
    user = person()
    log_in_twice(client, user)
    page = client.get("/compte/second-facteur/activer/").content.decode()
    secret = re.search(r'<code class="text-break">(\w+)</code>', page).group(1)
    client.post("/compte/second-facteur/activer/", {"code": code_for(secret)})
    codes = re.findall(
        r"<li>(\w+)</li>", client.get("/compte/second-facteur/secours/").content.decode()
    )
    client.post("/compte/deconnexion/")
    cache.clear()
    return user, codes


def test_an_account_opens_once_its_address_is_confirmed(client):
    client.post("/compte/inscription/", SIGN_UP)
    user = User.objects.get()
    assert user.email == "nouvelle@example.fr"
    assert user.public_id
    assert log_in(client, user).headers["Location"] == "/compte/adresse/confirmer/"
    assert "_auth_user_id" not in client.session
    path = link_in(mail.outbox[0])
    page = is_sound(client.get(path))
    assert "nouvelle@example.fr" in page
    assert not user.emailaddress_set.get().verified
    client.post(path)
    assert user.emailaddress_set.get().verified
    cache.clear()
    assert log_in(Client(), user).headers["Location"] == "/compte/"


def test_who_asks_for_too_many_messages_is_told_to_wait_in_french(client):
    for _ in range(30):
        response = client.post("/compte/mot-de-passe/oublie/", {"email": "x@example.fr"})
    assert response.status_code == 429
    assert "Attendez quelques minutes" in is_sound(response)
    assert len(mail.outbox) <= 20


def test_a_link_of_confirmation_ends_after_three_days(client):
    client.post("/compte/inscription/", SIGN_UP)
    path = link_in(mail.outbox[0])
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert "n’est plus valable" in client.get(path).content.decode()
        client.post(path)
    assert not User.objects.get().emailaddress_set.get().verified


@pytest.mark.parametrize(
    "password", ["court", "123456789012345", "motdepasse", "nouvelle@example.fr"]
)
def test_a_weak_password_is_refused(client, password):
    sent = SIGN_UP | {"password1": password, "password2": password}
    is_sound(client.post("/compte/inscription/", sent))
    assert not User.objects.exists()


def test_passwords_are_kept_by_argon2(person, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = person()
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password(PASSWORD)


def test_the_real_settings_ask_for_argon2_first():
    from maillage.web.config import settings

    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def without_addresses(response):
    return re.sub(r"\S+@\S+", "…", words_of(response.content.decode()))


def test_signing_up_says_nothing_of_who_has_an_account(person, client):
    known, unknown = person(), "personne@example.fr"
    answers = [
        client.post("/compte/inscription/", SIGN_UP | {"email": email}, follow=True)
        for email in (known.email, unknown)
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert without_addresses(answers[0]) == without_addresses(answers[1])
    assert len(mail.outbox) == 2
    assert "a déjà un" in mail.outbox[0].body


def test_forgetting_says_nothing_of_who_has_an_account(person, client):
    answers = [
        client.post("/compte/mot-de-passe/oublie/", {"email": email}, follow=True)
        for email in (person().email, "personne@example.fr")
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert without_addresses(answers[0]) == without_addresses(answers[1])
    assert [len(message.to) for message in mail.outbox] == [1, 1]


def failed(client, email, password="autre chose"):
    return client.post("/compte/connexion/", {"login": email, "password": password})


def test_logging_in_says_nothing_of_who_has_an_account(person, client):
    closed = person("ferme", is_active=False)
    answers = {
        words_of(failed(client, email).content.decode()).replace(email, "")
        for email in (person().email, "personne@example.fr", closed.email)
    }
    assert len(answers) == 1
    assert "ne vont pas ensemble" in answers.pop()


def test_an_unknown_account_costs_the_same_work_as_a_known_one(
    person, client, settings, monkeypatch
):
    """One slow hash in each case: counted, since a clock says little on a busy machine."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    known, worked = person().email, []
    for name in ("encode", "verify"):
        plain = getattr(Argon2PasswordHasher, name)

        def counted(self, *given, plain=plain, name=name):
            worked.append(name)
            return plain(self, *given)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    failed(client, known)
    assert len(worked) == 1
    failed(client, "personne@example.fr")
    assert len(worked) == 2


@pytest.mark.parametrize("exists", [True, False])
def test_five_failures_close_the_door_to_this_account_from_this_address(person, client, exists):
    email = person().email if exists else "personne@example.fr"
    for _ in range(ON_ONE_ACCOUNT_FROM_ONE_ADDRESS.amount):
        assert "ne vont pas ensemble" in failed(client, email).content.decode()
    for password in ("autre chose", PASSWORD):
        assert "Trop d’essais" in failed(client, email, password).content.decode()
    assert "_auth_user_id" not in client.session


def test_the_owner_comes_in_from_elsewhere_while_an_attacker_is_held(person, client):
    user = person()
    for _ in range(8):
        failed(client, user.email)
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert log_in(elsewhere, user).headers["Location"] == "/compte/"


def test_the_door_opens_again_by_itself(person, client):
    user = person()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for _ in range(8):
            failed(client, user.email)
        assert log_in(client, user).status_code == 200
    with time_machine.travel(now + 2 * ON_ONE_ACCOUNT_FROM_ONE_ADDRESS.per, tick=False):
        assert log_in(client, user).status_code == 302


def test_who_remembers_at_last_starts_from_nothing(person, client):
    user = person()
    for _ in range(3):
        for _ in range(4):
            failed(client, user.email)
        assert log_in(client, user).status_code == 302
        client.post("/compte/deconnexion/")


def test_trying_many_accounts_from_one_address_ends_too(client):
    for number in range(FROM_ONE_ADDRESS.amount):
        failed(client, f"p{number}@example.fr")
    assert "Trop d’essais" in failed(client, "encore@example.fr").content.decode()


def test_trying_one_account_from_many_addresses_ends_too(person):
    email = person().email
    for number in range(ON_ONE_ACCOUNT.amount):
        failed(Client(REMOTE_ADDR=f"203.0.113.{number}"), email)
    last = failed(Client(REMOTE_ADDR="198.51.100.1"), email)
    assert "Trop d’essais" in last.content.decode()


def test_the_counts_name_nobody(person, client):
    failed(client, person().email)
    rows = str(list(AttemptCount.objects.values_list()))
    assert "camille" not in rows
    assert "127.0.0.1" not in rows


def test_an_address_given_by_the_visitor_is_not_believed(person, client):
    email = person().email
    for number in range(8):
        client.post(
            "/compte/connexion/",
            {"login": email, "password": "x"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
    assert "Trop d’essais" in failed(client, email).content.decode()


def test_a_password_is_chosen_again_by_a_link_that_serves_once(person, client):
    user = person()
    other = Client()
    log_in(other, user)
    client.post("/compte/mot-de-passe/oublie/", {"email": user.email})
    path = link_in(mail.outbox[0])
    form = client.get(path, follow=True)
    is_sound(form)
    address = form.redirect_chain[-1][0]
    chosen = "tout autre chose 77"
    client.post(address, {"password1": chosen, "password2": chosen})
    user.refresh_from_db()
    assert user.check_password(chosen)
    assert "n’est plus valable" in Client().get(path, follow=True).content.decode()
    assert other.get("/compte/").status_code == 302, "a session opened before goes on"


def test_a_second_factor_is_asked_for_and_its_secret_is_not_in_the_clear(protected):
    user, _ = protected
    client = Client()
    assert log_in(client, user).headers["Location"] == "/compte/second-facteur/code/"
    is_sound(client.get("/compte/second-facteur/code/"))
    assert client.get("/compte/").status_code == 302
    wrong = client.post("/compte/second-facteur/code/", {"code": "000000"})
    assert wrong.status_code == 200
    done = client.post("/compte/second-facteur/code/", {"code": code_of(user)})
    assert done.headers["Location"] == "/compte/"
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert CodesAdapter().decrypt(kept) not in str(Authenticator.objects.values_list("data"))


def test_one_time_codes_cannot_be_guessed(protected):
    user, _ = protected
    client = Client()
    log_in(client, user)
    for number in range(5):
        client.post("/compte/second-facteur/code/", {"code": f"{number:06d}"})
    late = client.post("/compte/second-facteur/code/", {"code": code_of(user)})
    assert late.status_code == 200
    assert client.get("/compte/").status_code == 302


def test_a_recovery_code_serves_once(protected):
    user, codes = protected
    assert len(codes) == 10
    for expected in (302, 200):
        client = Client()
        log_in(client, user)
        sent = client.post("/compte/second-facteur/code/", {"code": codes[0]})
        assert sent.status_code == expected


def test_the_pages_of_the_second_factor_are_sound(protected):
    user, codes = protected
    client = Client()
    log_in(client, user)
    client.post("/compte/second-facteur/code/", {"code": code_of(user)})
    client.post("/compte/confirmez/", {"password": PASSWORD})
    assert "10" in is_sound(client.get("/compte/second-facteur/"))
    for path in ("secours/", "secours/nouveaux/", "desactiver/"):
        is_sound(client.get(f"/compte/second-facteur/{path}"))
    assert codes[3] in client.get("/compte/second-facteur/secours/codes.txt").content.decode()
    client.post("/compte/second-facteur/desactiver/")
    assert not Authenticator.objects.filter(type="totp").exists()


def test_the_key_of_a_session_changes_at_log_in(person, client):
    """Who planted a session key in somebody's browser does not hold an open session."""
    client.get("/compte/connexion/")
    client.post("/calculs/lancer/inconnue/")
    planted = client.session.session_key
    log_in(client, person())
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/compte/").status_code == 302


@zeal_ignore([{"model": "accounts.User"}])  # at log-in, allauth looks at each session's person
def test_sessions_are_listed_and_closed_one_by_one_or_together(person, client):
    user = person()
    others = [Client(HTTP_USER_AGENT=f"Navigateur {n}") for n in range(3)]
    for browser in (client, *others):
        log_in(browser, user)
    page = is_sound(client.get("/compte/sessions/"))
    assert "Navigateur 2" in page
    first = UserSession.objects.get(user_agent="Navigateur 0")
    client.post(f"/compte/sessions/{first.pk}/fermer/")
    assert others[0].get("/compte/").status_code == 302
    assert others[1].get("/compte/").status_code == 200
    client.post("/compte/sessions/")
    assert others[1].get("/compte/").status_code == 302
    assert client.get("/compte/").status_code == 200


def test_changing_address_waits_for_the_new_one_to_be_confirmed(person, client):
    user = person()
    log_in_twice(client, user)
    client.post("/compte/adresse/", {"email": "autre@example.fr", "action_add": "1"})
    is_sound(client.get("/compte/adresse/"))
    user.refresh_from_db()
    assert user.email == "camille@example.fr"
    to_new = next(message for message in mail.outbox if message.to == ["autre@example.fr"])
    client.post(link_in(to_new))
    user.refresh_from_db()
    assert user.email == "autre@example.fr"


def test_without_open_sign_up_nobody_opens_an_account(client, settings):
    settings.SIGNUP_IS_OPEN = False
    page = is_sound(client.get("/compte/inscription/"))
    assert "sur invitation" in page
    client.post("/compte/inscription/", SIGN_UP)
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["/compte/connexion/", "/compte/inscription/", "/compte/"])
def test_a_form_without_its_token_is_refused(person, path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person())
    assert client.post(path, {}).status_code == 403


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_log_in_leads_nowhere_else(person, client, target):
    response = client.post(
        "/compte/connexion/",
        {"login": person().email, "password": PASSWORD, "next": target},
    )
    assert response.headers["Location"] == "/compte/"


@pytest.mark.parametrize("email", ["camille@example.fr", "inconnue@example.fr"])
def test_a_mail_server_that_is_away_is_told_the_same_to_all(person, client, settings, email):
    person()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post("/compte/mot-de-passe/oublie/", {"email": email}, follow=True)
    assert answer.redirect_chain[-1][0] == "/compte/mot-de-passe/oublie/envoye/"
    assert "n’a pas pu partir" in answer.content.decode()
