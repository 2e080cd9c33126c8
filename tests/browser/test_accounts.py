"""Accounts in a real browser: from sign-up to a second factor, also without JavaScript."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from playwright.sync_api import expect

from maillage.web.accounts.models import Membership, Organisation, User
from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE, WIDE
from tests.web.conftest import NOON

PASSWORD = "des mots assez longs 42"
OPEN = ("/compte/connexion/", "/compte/inscription/", "/compte/mot-de-passe/oublie/")
CLOSED = (
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


@pytest.fixture
def camille(site):
    user = User.objects.create_user("camille@example.fr", PASSWORD, full_name="Camille")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    where = Organisation.objects.create(name="CPTS des Vallées", kind="cpts", created_at=NOON)
    Membership.objects.create(organisation=where, user=user, role="manager", joined_at=NOON)
    return user


def log_in(page):
    page.get_by_label("Adresse électronique").or_(page.locator("#id_login")).first.fill(
        "camille@example.fr"
    )
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")


def code_for(secret):
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True)])
def test_no_page_of_accounts_breaks_a_rule_or_overflows(open_page, site, camille, size, dark):
    page = open_page(OPEN[0], size=size, dark=dark)
    for path in OPEN:
        page.goto(site + path)
        assert breaches(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
    page.goto(site + OPEN[0])
    log_in(page)
    where = Organisation.objects.get()
    for path in (*CLOSED, where.get_absolute_url(), f"{where.get_absolute_url()}modifier/"):
        page.goto(site + path)
        assert breaches(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_signs_up_and_protects_the_account(open_page, site, javascript):
    page = open_page("/", javascript=javascript)
    page.get_by_role("link", name="Connexion").click()
    page.get_by_role("link", name="Créez-en un").click()
    page.locator("#id_email").fill("camille@example.fr")
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez votre adresse")
    page.goto(site + re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body).group(1))
    page.get_by_role("button", name="Oui, confirmer").click()
    page.goto(f"{site}/compte/connexion/")
    log_in(page)
    page.get_by_role("link", name=re.compile("Second facteur")).click()
    page.get_by_role("link", name="Mettre en place").click()
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    if javascript:
        assert breaches(page) == []
    secret = page.locator("ol code").inner_text()
    page.locator("#id_code").fill(code_for(secret))
    page.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes de secours")
    page.goto(f"{site}/compte/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(f"{site}/compte/connexion/")
    page.locator("#id_login").fill("camille@example.fr")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.locator("#id_code").fill(code_for(secret))
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("link", name="Mon compte").first).to_be_visible()
