"""The map of initiatives in a real browser, on the fictional department, with a software WebGL."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_map import NO_WEBGL, chromium
from tests.web.conftest import NOON
from tests.web.register.conftest import MakeInitiative, make

__all__ = ["chromium", "make"]

MAP = "/initiatives/carte/"
OpenMap = Callable[..., Page]


@pytest.fixture
def site(live_server: object, transactional_db: None, fictional_store: Store) -> str:
    """A live site that shows the fictional department."""
    switch_to(fictional_store.path, now=NOON)
    return str(live_server)


@pytest.fixture
def shown_store(site: str, fictional_store: Store) -> Store:
    """The store that the live site shows: `make` writes beside it."""
    return fictional_store


@pytest.fixture
def some(make: MakeInitiative, shown_store: Store) -> None:
    """Five initiatives: of two neighbours, of a commune far from them, of the department."""
    lon, lat = shown_store.units["lon"], shown_store.units["lat"]
    codes = shown_store.units["code"]
    first, second = (int(row) for row in ((lon - lon[0]) ** 2 + (lat - lat[0]) ** 2).argsort()[:2])
    far = int(((lon - lon[0]) ** 2 + (lat - lat[0]) ** 2).argmax())
    for title, row in (("Bus", first), ("Bourses", second), ("Gardes", far), ("Guichet", far)):
        make(title=title, territories=[f"commune:{codes[row]}"])
    make(title="Plan", territories=["department:20"])


@pytest.fixture
def open_map(open_page: OpenMap, some: None) -> OpenMap:
    """Open the map and wait until its dots are there."""

    def open_(path: str = MAP, **options: object) -> Page:
        page = open_page(path, **options)
        expect(page.locator("#carte-vues")).to_have_attribute("data-ready", "true", timeout=30_000)
        return page

    return open_


def chosen(page: Page) -> object:
    return page.get_by_role("region", name="Initiatives du lieu choisi")


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (WIDE, True), (PHONE, False)])
def test_no_rule_of_accessibility_is_broken(
    open_map: OpenMap, size: tuple[int, int], dark: bool
) -> None:
    page = open_map(size=size, dark=dark)
    assert breaches(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_keyboard_opens_a_dot_and_lands_on_its_initiatives(open_map: OpenMap) -> None:
    page = open_map()
    dot = page.get_by_role("button", name=re.compile("commune : 2 initiatives"))
    dot.focus()
    page.keyboard.press("Enter")
    region = chosen(page)
    expect(region.get_by_role("link", name="Gardes")).to_be_visible()
    expect(region.get_by_role("link", name="Guichet")).to_be_visible()
    expect(region.get_by_role("heading")).to_be_focused()
    assert breaches(page) == []


def test_a_group_opens_into_its_places(open_map: OpenMap) -> None:
    page = open_map()
    group = page.get_by_role("button", name="2 lieux, 2 initiatives : agrandir")
    group.click()
    expect(group).to_have_count(0)
    dots = page.get_by_role("button", name=re.compile("commune : 1 initiative"))
    expect(dots).to_have_count(2)
    expect(page).to_have_url(re.compile(r"vue=\d"))


def test_a_filter_leaves_its_places_alone(open_map: OpenMap) -> None:
    page = open_map(f"{MAP}?q=gardes")
    expect(page.locator(".map-dot")).to_have_count(1)
    expect(page.get_by_role("region", name="Légende")).to_contain_text("1 commune")


def test_the_keyboard_reads_how_many_cover_the_commune_in_the_middle(open_map: OpenMap) -> None:
    page = open_map()
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("ArrowRight")
    announced = page.locator("#carte-annonce")
    expect(announced).to_contain_text(re.compile(r"Initiatives qui la couvrent.* : (1|2 ou 3)"))


def test_without_webgl_a_picture_stands_for_the_map(
    open_page: OpenMap, some: None, chromium: Browser
) -> None:
    page = open_page("/accessibilite/")
    page.context.add_init_script(NO_WEBGL)
    page.goto(page.url.replace("/accessibilite/", MAP))
    expect(page.get_by_text("ne sait pas dessiner la carte interactive")).to_be_visible()
    expect(page.get_by_role("group", name="Initiatives par département")).to_be_visible()


def test_without_javascript_a_picture_stands_for_the_map(open_page: OpenMap, some: None) -> None:
    page = open_page(MAP, javascript=False)
    expect(page.get_by_role("group", name="Initiatives par département")).to_be_visible()
    expect(page.locator("#carte-vues")).to_be_hidden()
