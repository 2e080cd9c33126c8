"""Profiles in a real browser: accessible, printable, narrow enough, and useful without script."""

import re

import pytest
from playwright.sync_api import expect

from maillage.studies.store import Store
from maillage.web.atlas.profiles.subject import official_subject
from maillage.web.territories.loading import switch_to
from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE, WIDE
from tests.web.conftest import NOON

PATHS = (
    "/territoires/departement/20/",
    "/territoires/departement/20/communes/?tri=-apl",
    "/territoires/departement/20/vitrine/",
    "/territoires/pays/FR/",
    "/comparer/",
    "/comparer/?t=departement:20&t=pays:FR&q=saint",
)


@pytest.fixture
def site(live_server: object, transactional_db: None, fictional_store: Store) -> str:
    """Address of a live site that shows the fictional department."""
    switch_to(fictional_store.path, now=NOON)
    return str(live_server)


def commune_of(store):
    """Return the most populated commune of a store."""
    table = store.units
    return official_subject(store, "commune", str(table["code"][table["population"].argmax()]))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (WIDE, True), (PHONE, False)])
def test_no_rule_of_accessibility_is_broken(open_page, path, size, dark):
    page = open_page(path, size=size, dark=dark)
    assert breaches(page) == []


def test_no_rule_is_broken_once_every_fold_is_open(open_page):
    page = open_page("/territoires/departement/20/")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert breaches(page) == []


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_a_phone(open_page, path):
    page = open_page(path, size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_without_javascript_a_table_is_sorted_and_a_fold_opens(open_page):
    page = open_page("/territoires/departement/20/", javascript=False)
    page.get_by_text("Lire ce graphique en tableau").first.click()
    expect(page.get_by_role("columnheader", name="Territoire").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Toute la liste")).click()
    page.get_by_role("link", name="Habitants").click()
    expect(page.get_by_role("columnheader", name="Habitants")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_the_maps_are_drawn(open_page):
    page = open_page("/territoires/departement/20/")
    for name in (re.compile("^Situation"), re.compile("^Carte de l’accès")):
        image = page.get_by_role("img", name=name)
        image.scroll_into_view_if_needed()
        expect(image).to_be_visible()
        page.wait_for_function("image => image.naturalWidth > 0", arg=image.element_handle())


def test_from_a_search_to_the_comparison_of_two_territories(open_page, fictional_store):
    name = commune_of(fictional_store).name
    page = open_page("/")
    page.get_by_role("combobox").fill(name)
    page.get_by_role("option", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("link", name="Comparer", exact=True).click()
    page.get_by_role("searchbox", name="Ajouter un territoire").fill("departement 20")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("link", name=re.compile("Ajouter Vézillois")).first.click()
    headers = page.locator(".comparison-table thead th")
    expect(headers).to_have_count(4)


def test_on_paper_the_buttons_go_and_the_sentences_stay(open_page):
    page = open_page("/territoires/departement/20/")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Simuler ici")).to_be_hidden()
    expect(page.get_by_role("heading", name="En bref, à lire à voix haute")).to_be_visible()


def test_the_page_of_a_store_without_maps_has_no_broken_image(open_page, tiny_store):
    switch_to(tiny_store.path, now=NOON)
    page = open_page("/territoires/commune/20005/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Commune 20005")
    assert page.locator("main img").count() == 0
    assert breaches(page) == []
