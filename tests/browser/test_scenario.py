"""The workshop of scenarios in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE, WIDE
from tests.web.conftest import NOON

PATHS = (
    "/simuler/",
    "/simuler/?q=commune",
    "/simuler/?lieu=20003",
    "/simuler/?m=gp:20003:1&m=bus:20001:1&m=gp:20102:-1",
    "/simuler/enregistres/",
    "/simuler/meilleurs-lieux/",
    "/simuler/meilleurs-lieux/?territoire=epci:200000001",
)


@pytest.fixture(autouse=True)
def shown_line(site: str, line_store: Store) -> None:
    """Show them in place of the store without trips."""
    switch_to(line_store.path, now=NOON)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (WIDE, True), (PHONE, False)])
def test_no_rule_of_accessibility_is_broken(open_page, path, size, dark):
    page = open_page(path, size=size, dark=dark)
    assert breaches(page) == []


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_a_phone(open_page, path):
    page = open_page(path, size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def compose(page):
    page.get_by_role("searchbox", name="Commune où agir").fill("20003")
    page.get_by_role("button", name="Choisir").click()
    page.get_by_role("link", name=re.compile("Commune 20003")).click()
    page.get_by_label("Nombre de médecins (temps plein)").first.fill("2")
    page.get_by_role("button", name="Ajouter ce geste").first.click()
    page.wait_for_url("**/simuler/?m=gp:20003:2")


def test_without_javascript_a_scenario_is_composed_undone_and_saved(open_page):
    page = open_page("/simuler/", javascript=False)
    compose(page)
    expect(page.get_by_text("publié 1,0 → estimé 3,7")).to_be_visible()
    page.get_by_role("link", name="Plus : 2 généralistes").click()
    page.wait_for_url("**/simuler/?m=gp:20003:3")
    page.get_by_label("Enregistrer sous le nom").fill("Trois médecins")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trois médecins")
    page.get_by_role("link", name="Reprendre ce scénario").click()
    page.get_by_role("link", name="Retirer : 3 généralistes").click()
    page.wait_for_url("**/simuler/")


def test_the_combobox_leads_to_a_commune_and_keeps_the_moves(open_page):
    page = open_page("/simuler/?m=gp:20001:1")
    box = page.get_by_role("combobox", name="Commune où agir")
    box.fill("grandv")
    expect(page.get_by_role("option").first).to_contain_text("Grandville")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/simuler/?m=gp:20001:1&lieu=20100")
    expect(page.locator("#arrive-nombre")).to_be_focused()


def test_a_gesture_refreshes_the_figures_and_the_map_without_a_new_page(open_page):
    page = open_page("/simuler/?m=gp:20003:1")
    page.evaluate("window.sameDocument = true")
    before = page.locator(".gain-map").inner_html()
    page.get_by_role("link", name="Plus : 1 généraliste").click()
    expect(page.get_by_text("2 généralistes de plus à Commune 20003")).to_be_visible()
    assert page.url.endswith("/simuler/?m=gp:20003:2")
    assert page.evaluate("window.sameDocument") is True
    assert page.locator(".gain-map").inner_html() != before
    expect(page.locator("#resultat")).to_be_focused()
    assert breaches(page) == []


def test_back_undoes_a_gesture(open_page):
    page = open_page("/simuler/?m=gp:20003:1")
    page.get_by_role("link", name="Plus : 1 généraliste").click()
    expect(page.get_by_text("2 généralistes de plus à Commune 20003")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("1 généraliste de plus à Commune 20003")).to_be_visible()
    assert page.url.endswith("/simuler/?m=gp:20003:1")


def test_a_refused_form_shows_its_error_in_place_and_focuses_it(open_page):
    page = open_page("/simuler/?lieu=20003", forgive=("422",))
    page.get_by_label("Nombre de médecins (temps plein)").first.fill("beaucoup")
    page.get_by_role("button", name="Ajouter ce geste").first.click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("n’est pas un nombre")
    expect(alert).to_be_focused()
    assert breaches(page) == []


def test_after_a_swap_the_search_still_suggests(open_page):
    page = open_page("/simuler/?m=gp:20003:1")
    page.get_by_role("link", name="Plus : 1 généraliste").click()
    expect(page.get_by_text("2 généralistes de plus à Commune 20003")).to_be_visible()
    page.get_by_role("combobox", name="Commune où agir").fill("grandv")
    expect(page.get_by_role("option").first).to_contain_text("Grandville")


def test_the_keyboard_alone_adds_a_gesture(open_page):
    page = open_page("/simuler/?lieu=20003")
    page.locator("summary", has_text="Un bus avec médecin").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Jours par semaine")
    expect(field).to_be_visible()
    field.press("Enter")
    page.wait_for_url("**/simuler/?m=bus:20003:1")
