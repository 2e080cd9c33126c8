"""ProConnect and Pro Santé Connect, played by a real identity provider on this machine."""

import base64
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from maillage.web.accounts.identity import tokens
from maillage.web.accounts.identity.tokens import check_nonce, nonce_of, read_token
from maillage.web.accounts.models import User
from tests.conftest import required
from tests.web.accounts.test_pages import is_sound, log_in_twice

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).with_name("identity_provider.mjs")
ROOT = Path(__file__).parents[3]
AGENT = {
    "id": "agent-1",
    "given_name": "Camille",
    "usual_name": "Durand",
    "email": "camille.durand@agglo.example.fr",
    "siret": "21640000000013",
}
PROFESSIONAL = {
    "id": "f:1:899700000017",
    "given_name": "Dominique",
    "family_name": "Martin",
    "SubjectNameID": "810001234565",
}
SCOPES = {
    "given_name": ["given_name"],
    "usual_name": ["usual_name"],
    "email": ["email"],
    "scope_all": ["given_name", "family_name", "SubjectNameID"],
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def play(settings):
    """Start a provider that plays one of the two, and make the site believe it."""
    if shutil.which("node") is None or not (ROOT / "node_modules/oidc-provider").is_dir():
        if required("node"):
            pytest.fail("MAILLAGE_REQUIRE asks for node: run npm ci.")
        pytest.skip("node or its oidc-provider is not there")
    started = []

    def start(name, slug, claims, *, alg, acr="eidas1", jwt_userinfo=True):
        port = free_port()
        asked = {
            "port": port,
            "alg": alg,
            "acr": acr,
            "claims": claims,
            "scopes": SCOPES,
            "jwtUserinfo": jwt_userinfo,
            "redirectUri": f"http://testserver/compte/identites/{slug}/retour/",
            "home": "http://testserver/",
        }
        process = subprocess.Popen(
            ["node", str(SCRIPT), json.dumps(asked)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        address = f"http://127.0.0.1:{port}"
        pkce = name == "pro_sante_connect"
        settings.SOCIALACCOUNT_PROVIDERS = {
            name: {
                "APPS": [
                    {
                        "client_id": "maillage",
                        "secret": "a secret of thirty-two characters.",
                        "name": {"proconnect": "ProConnect"}.get(name, "Pro Santé Connect"),
                        "settings": {"server_url": address, "oauth_pkce_enabled": pkce},
                    }
                ]
            }
        }
        return address

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def leave(client, slug):
    """Press the button, and return the provider's address that the page leads to."""
    page = client.post(f"/compte/identites/{slug}/")
    is_sound(page)
    kind, _, address = page.headers["Refresh"].partition("; url=")
    assert kind == "0"
    assert f'href="{address}"'.replace("&", "&amp;") in page.content.decode()
    return address


def signed_in_at(address):
    """Follow the provider as a browser does; return the address on our site it leads back to."""
    browser = requests.Session()
    for _ in range(8):
        answer = browser.get(address, allow_redirects=False, timeout=10)
        location = urljoin(address, answer.headers.get("Location", ""))
        if not answer.is_redirect or location.startswith("http://testserver/"):
            return location.removeprefix("http://testserver"), answer.text
        address = location
    raise AssertionError("the provider goes round in circles")


def come_in(client, slug):
    back, text = signed_in_at(leave(client, slug))
    assert back.startswith("/compte/"), text
    return client.get(back)


def test_an_agent_comes_in_through_proconnect(client, play):
    play("proconnect", "proconnect", AGENT, alg="RS256")
    assert "ProConnect" in client.get("/compte/connexion/").content.decode()
    answer = come_in(client, "proconnect")
    assert answer.headers["Location"] == "/compte/"
    user = User.objects.get()
    assert (user.email, user.full_name) == (AGENT["email"], "Camille Durand")
    assert EmailAddress.objects.get(user=user).verified
    assert not user.has_usable_password()
    kept = SocialAccount.objects.get()
    assert "siret" not in str(kept.extra_data)
    is_sound(client.get("/compte/identites/"))


def test_what_is_asked_of_proconnect_is_what_it_accepts(client, play):
    play("proconnect", "proconnect", AGENT, alg="RS256")
    query = parse_qs(urlsplit(leave(client, "proconnect")).query)
    assert set(query) == {
        "client_id", "redirect_uri", "scope", "response_type", "state", "acr_values", "nonce",
    }  # fmt: skip
    assert len(query["state"][0]) >= 32
    assert len(query["nonce"][0]) >= 32
    assert set(query["scope"][0].split()) == {"openid", "given_name", "usual_name", "email"}


def test_a_visitor_adds_nothing_to_what_is_asked(client, play):
    play("proconnect", "proconnect", AGENT, alg="RS256")
    page = client.post("/compte/identites/proconnect/?auth_params=prompt%3Dnone&scope=siret")
    assert "siret" not in page.headers["Refresh"]
    assert "prompt" not in page.headers["Refresh"]


def test_coming_back_finds_the_same_account(client, play):
    play("proconnect", "proconnect", AGENT, alg="RS256")
    come_in(client, "proconnect")
    client.post("/compte/deconnexion/")
    come_in(client, "proconnect")
    assert User.objects.count() == 1


def test_leaving_leaves_the_provider_too(client, play):
    address = play("proconnect", "proconnect", AGENT, alg="RS256")
    come_in(client, "proconnect")
    page = client.post("/compte/deconnexion/")
    away = page.headers["Refresh"].partition("url=")[2]
    assert away.startswith(f"{address}/session/end?")
    query = parse_qs(urlsplit(away).query)
    assert set(query) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert len(query["state"][0]) >= 32
    assert requests.get(away, timeout=10).status_code == 200
    assert client.get("/compte/").status_code == 302


def test_an_address_that_has_an_account_is_not_taken_over(client, play, person):
    play("proconnect", "proconnect", AGENT | {"email": "camille@example.fr"}, alg="RS256")
    owner = person()
    come_in(client, "proconnect")
    assert client.get("/compte/").status_code == 302
    assert not SocialAccount.objects.filter(user=owner).exists()


def test_an_account_is_linked_by_who_holds_it(play, person, client):
    play("proconnect", "proconnect", AGENT, alg="RS256")
    user = person()
    log_in_twice(client, user)
    address = client.post("/compte/identites/proconnect/?process=connect")
    back, _ = signed_in_at(address.headers["Refresh"].partition("url=")[2])
    client.get(back)
    assert SocialAccount.objects.get().user == user
    page = is_sound(client.get("/compte/identites/"))
    assert 'type="radio"' in page


def test_a_professional_comes_in_through_pro_sante_connect(client, play):
    slug = "pro-sante-connect"
    play("pro_sante_connect", slug, PROFESSIONAL, alg="PS256", jwt_userinfo=False)
    query = parse_qs(urlsplit(leave(client, slug)).query)
    assert query["acr_values"] == ["eidas1"]
    assert "code_challenge" in query
    answer = come_in(client, slug)
    assert answer.headers["Location"] == "/compte/identites/inscription/"
    is_sound(client.get(answer.headers["Location"]))
    sent = client.post("/compte/identites/inscription/", {"email": "dr.martin@example.fr"})
    assert sent.headers["Location"] == "/compte/adresse/confirmer/"
    kept = SocialAccount.objects.get()
    assert set(kept.extra_data["userinfo"]) <= {"sub", "email", "given_name", "family_name"}
    assert PROFESSIONAL["SubjectNameID"] not in str(kept.extra_data), "said, and not kept"
    assert kept.user.full_name == "Dominique Martin"
    assert not EmailAddress.objects.get(user=kept.user).verified


@pytest.mark.parametrize("acr", ["eidas0", None])
def test_a_level_that_is_too_low_is_refused(client, play, acr):
    slug = "pro-sante-connect"
    play("pro_sante_connect", slug, PROFESSIONAL, alg="PS256", acr=acr)
    answer = come_in(client, slug)
    assert "n’a pas pu être vérifiée" in answer.content.decode()
    assert not User.objects.exists()


def test_a_code_brought_by_somebody_else_is_refused(client, play):
    """Log-in CSRF: an attacker's own code, put into the victim's browser."""
    play("proconnect", "proconnect", AGENT, alg="RS256")
    back, _ = signed_in_at(leave(Client(), "proconnect"))
    answer = client.get(back)
    assert "n’a pas pu être vérifiée" in answer.content.decode()
    assert client.get("/compte/").status_code == 302


def test_a_provider_that_is_away_is_told(client, play, settings):
    address = play("proconnect", "proconnect", AGENT, alg="RS256")
    app = settings.SOCIALACCOUNT_PROVIDERS["proconnect"]["APPS"][0]
    app["settings"]["server_url"] = address.rsplit(":", 1)[0] + f":{free_port()}"
    page = client.post("/compte/identites/proconnect/")
    assert page.status_code == 502
    is_sound(page)


def test_identities_without_a_client_id_are_not_offered(client):
    page = client.get("/compte/connexion/").content.decode()
    assert "Connect" not in page.replace("Connexion", "")
    assert client.post("/compte/identites/proconnect/").status_code == 404
    assert client.get("/compte/identites/proconnect/retour/").status_code == 404


@pytest.fixture
def signer(monkeypatch):
    """Sign tokens with a key that the provider shows, or does not."""
    shown = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    hidden = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(shown.public_key()))
    keys = {"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]}

    class Shown:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def get(self, url):
            return self

        def raise_for_status(self):
            return None

        def json(self):
            return keys

    class Adapter:
        def get_requests_session(self):
            return Shown()

    monkeypatch.setattr(tokens, "get_adapter", Adapter)
    now = int(time.time())
    good = {"iss": "https://p", "aud": "us", "sub": "1", "exp": now + 60, "iat": now}

    def sign(*, key=shown, alg="RS256", kid="k1", **claims):
        merged = {k: v for k, v in (good | claims).items() if v is not None}
        return jwt.encode(merged, hidden if key is None else key, alg, headers={"kid": kid})

    return sign


def read(token):
    return read_token(
        token,
        keys_url="https://p/keys",
        issuer="https://p",
        audience="us",
        algorithms=("RS256",),
        required=("exp", "iat"),
    )


def test_a_good_token_is_read(signer):
    assert read(signer())["sub"] == "1"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other"},
        {"aud": "them"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"kid": "k2"},
        {"key": None},
        {"key": "a" * 40, "alg": "HS256"},
    ],
)
def test_a_token_that_is_wrong_in_any_way_is_refused(signer, claims):
    with pytest.raises(OAuth2Error):
        read(signer(**claims))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_what_is_no_token_is_refused(signer, token):
    with pytest.raises(OAuth2Error):
        read(token)


def test_an_unsigned_token_is_refused(signer):
    parts = signer().split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"none","kid":"k1"}').decode().rstrip("=")
    with pytest.raises(OAuth2Error):
        read(f"{header}.{parts[1]}.")


def test_an_identity_given_for_another_log_in_is_refused():
    check_nonce({"nonce": nonce_of("state")}, state="state")
    for claims in ({}, {"nonce": ""}, {"nonce": nonce_of("other")}):
        with pytest.raises(OAuth2Error):
            check_nonce(claims, state="state")
