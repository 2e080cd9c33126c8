"""Initiatives in a real browser: written without script, accessible, narrow enough for a phone."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from maillage.studies.store import Store
from maillage.web.register.first_content.loading import load_first_content
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from maillage.web.territories.loading import switch_to
from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE, WIDE
from tests.web.conftest import NOON


@pytest.fixture
def site(live_server: object, transactional_db: None, tiny_store: Store) -> str:
    """Address of a live site with the first content."""
    switch_to(tiny_store.path, now=NOON)
    load_first_content(at=NOON)
    return str(live_server)


def paths() -> list[str]:
    whole = Initiative.objects.get(title__startswith="Présence Médicale 64")
    return [
        whole.get_absolute_url(),
        "/initiatives/proposer/",
        f"/initiatives/{whole.public_id}/proposer/lieux/",
        f"/initiatives/{whole.public_id}/proposer/moyens/",
    ]


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (WIDE, True), (PHONE, False)])
def test_no_rule_of_accessibility_is_broken(open_page, size, dark):
    for path in paths():
        page = open_page(path, size=size, dark=dark)
        assert breaches(page) == [], path


def test_no_page_is_wider_than_a_phone(open_page):
    for path in paths():
        page = open_page(path, size=PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path


def test_a_sheet_is_written_by_keyboard_without_script_then_sent(open_page, site):
    page = open_page("/initiatives/proposer/", javascript=False)
    page.get_by_label("Titre").press_sequentially("Navette vers la maison de garde")
    page.keyboard.press("Tab")
    page.keyboard.type("Une navette conduit les habitants à la maison de garde.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("L’essentiel")
    page.get_by_label("Description").fill("Trois soirs par semaine.")
    page.get_by_label("Innovations dans l’organisation").check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Où et avec qui")
    page.get_by_label("Territoires couverts").fill("20001")
    page.get_by_role("group", name="Porteurs, ligne 1").get_by_label("Nom").fill("CC du Levant")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_label("Territoires couverts")).to_have_value(re.compile("20001"))
    page.get_by_role("link", name="Relire et envoyer").last.click()
    assert breaches_without_script(page)
    page.get_by_label("Envoyer le lien à").fill("porteuse@example.org")
    page.get_by_role("button", name="Recevoir mon lien").click()
    link = re.search(r"(/initiatives/reprendre/\S+)", mail.outbox[-1].body)
    page.goto(site + link[1])
    page.get_by_role("button", name=re.compile("est bien mon adresse")).click()
    page.get_by_role("button", name="Envoyer pour publication").click()
    expect(page.get_by_text("elle sera relue avant publication")).to_be_visible()
    assert Initiative.objects.get(title__startswith="Navette").state == State.SUBMITTED


def breaches_without_script(page) -> bool:
    """Say whether the page has one main heading and every input its label: axe needs a script."""
    inputs = page.locator("input:not([type=hidden]), select, textarea")
    labelled = page.locator("label[for]")
    return page.locator("h1").count() == 1 and labelled.count() >= inputs.count() - 2
