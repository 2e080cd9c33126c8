"""The house in a real browser: no accessibility fault, no stranger, no page wider than a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE, WIDE

PATHS = (
    "/",
    "/recherche/",
    "/recherche/?q=comune",
    "/recherche/?q=xyzzyqw",
    "/territoires/?type=commune",
    "/territoires/departement/20/composition/",
    "/territoires/sur-mesure/nouveau/",
    "/sources/",
    "/accessibilite/",
    "/mentions-legales/",
    "/calculs/",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (WIDE, True), (PHONE, False)])
def test_no_rule_of_accessibility_is_broken(open_page, path, size, dark):
    page = open_page(path, size=size, dark=dark)
    assert breaches(page) == []


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_a_phone(open_page, path):
    page = open_page(path, size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_the_error_page_breaks_no_rule(open_page):
    page = open_page("/nulle-part/", forgive=("404",))
    expect(page.get_by_role("heading", level=1)).to_have_text("Page introuvable")
    assert breaches(page) == []


def test_the_search_suggests_and_the_keyboard_chooses(open_page):
    page = open_page("/")
    box = page.get_by_role("combobox")
    box.fill("grandv")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Grandville")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert breaches(page) == []
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", re.compile(r"suggestions-\d+-0"))
    box.press("Enter")
    page.wait_for_url(re.compile(r"/territoires/commune/20100-"))


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(open_page):
    page = open_page("/sources/")
    box = page.get_by_role("combobox")
    box.fill("grandv")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("grandv")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_a_click_on_a_suggestion_goes_there(open_page):
    page = open_page("/")
    page.get_by_role("combobox").fill("20001")
    page.get_by_role("option", name="Commune 20001").click()
    page.wait_for_url(re.compile(r"/territoires/commune/20001-"))


def test_without_javascript_the_search_still_finds(open_page):
    page = open_page("/", javascript=False)
    page.get_by_role("searchbox").fill("grandville")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("link", name="Grandville")).to_be_visible()


def test_the_theme_button_changes_the_colours_and_is_remembered(open_page):
    page = open_page("/")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Passer à l’affichage sombre").click()
    night = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert night != paper
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == night


def test_dark_comes_without_javascript_when_the_machine_asks_for_it(open_page):
    page = open_page("/", dark=True, javascript=False)
    other = open_page("/", javascript=False)
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.locator("body").evaluate(f"() => {colour}") != other.locator("body").evaluate(
        f"() => {colour}"
    )


def test_the_skip_link_is_the_first_stop_of_the_keyboard(open_page):
    page = open_page("/sources/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_territory_is_composed_and_shared(open_page):
    page = open_page("/territoires/sur-mesure/nouveau/", forgive=("422",))
    page.get_by_label("Nom du territoire").fill("Mon PETR")
    page.get_by_label("Communes").fill("20001\nNulle-Part")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Nulle-Part")
    assert breaches(page) == []
    page.get_by_label("Communes").fill("20001\n20002")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(re.compile(r"/territoires/sur-mesure/[\w-]{12}/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mon PETR")


def test_on_paper_the_menus_go_and_the_content_stays(open_page):
    page = open_page("/sources/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Navigation principale")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_on_a_phone_the_sections_open_by_a_menu_without_script(open_page):
    page = open_page("/", size=PHONE, javascript=False)
    navigation = page.get_by_role("navigation", name="Navigation principale")
    expect(navigation.get_by_role("link")).to_have_count(0)
    navigation.get_by_text("Menu").focus()
    page.keyboard.press("Enter")
    navigation.get_by_role("link", name="Initiatives").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Initiatives des territoires")
