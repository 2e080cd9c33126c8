"""The interactive map of the workshop, on the fictional department, with a software WebGL."""

import re

import pytest
from playwright.sync_api import Browser, expect

from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from tests.browser.accessibility import breaches
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.web.conftest import NOON


@pytest.fixture(scope="module")
def chromium(chromium: Browser):
    """The same Chromium, with WebGL computed by the processor."""
    software = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    browser = chromium.browser_type.launch(
        executable_path=str(CHROMIUM), args=[*ARGUMENTS, *software]
    )
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def shown_fictional(site: str, fictional_store: Store) -> None:
    """Show the fictional department, which has a packed map and tiles."""
    switch_to(fictional_store.path, now=NOON)


@pytest.fixture
def first_move(fictional_store: Store) -> str:
    """One doctor more in the most populated commune."""
    row = int(fictional_store.units["population"].argmax())
    return f"gp:{fictional_store.units['code'][row]}:1"


def open_map(page):
    page.get_by_role("button", name="Travailler sur la carte").click()
    expect(page.get_by_role("region", name="Choisir sur la carte")).to_be_visible()
    expect(page.locator("#carte-toile")).to_have_attribute("aria-busy", "false", timeout=20_000)
    return page.locator("#carte-toile canvas")


def test_a_click_on_the_map_chooses_a_commune_and_keeps_the_moves(open_page, first_move):
    page = open_page(f"/simuler/?m={first_move}")
    open_map(page).click()
    page.wait_for_url("**&lieu=*")
    assert re.search(rf"\?m={first_move}&lieu=\w{{5}}$", page.url)
    expect(page.get_by_role("heading", name=re.compile("Que se passe-t-il"))).to_be_visible()
    assert breaches(page) == []


def test_the_keyboard_chooses_the_commune_under_the_cross(open_page, first_move):
    page = open_page(f"/simuler/?m={first_move}")
    open_map(page).press("Enter")
    page.wait_for_url("**&lieu=*")


def test_the_map_takes_the_colours_of_each_new_gesture(open_page, first_move):
    page = open_page(f"/simuler/?m={first_move}")
    open_map(page)
    with page.expect_response(re.compile(r"gains\.bin\?m=gp:\w+:2$")) as seen:
        page.get_by_role("link", name="Plus : 1 généraliste").click()
    assert set(seen.value.body()) != {255}
    expect(page.locator("#carte-toile canvas")).to_be_visible()


def test_a_map_left_open_opens_again_and_can_be_closed(open_page, first_move):
    page = open_page(f"/simuler/?m={first_move}")
    open_map(page)
    page.reload()
    panel = page.get_by_role("region", name="Choisir sur la carte")
    expect(panel).to_be_visible()
    page.get_by_role("button", name="Fermer la carte").click()
    expect(panel).to_be_hidden()


def test_an_empty_scenario_starts_from_the_map(open_page):
    page = open_page("/simuler/")
    open_map(page)
    assert breaches(page) == []
