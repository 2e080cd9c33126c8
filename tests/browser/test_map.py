"""The national map in a real browser, on the fictional department, with a software WebGL."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from maillage.studies.figures import unit_values
from maillage.studies.indicators import indicator
from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from tests.browser.accessibility import breaches
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE, WIDE
from tests.web.conftest import NOON

ROOT = Path(__file__).parents[2]
BUDGET_BYTES = 600_000
NO_WEBGL = """
const plain = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : plain.call(this, kind, ...rest);
};
"""


@pytest.fixture(scope="module")
def chromium(chromium: Browser):
    """The same Chromium, with WebGL computed by the processor."""
    software = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    browser = chromium.browser_type.launch(
        executable_path=str(CHROMIUM), args=[*ARGUMENTS, *software]
    )
    yield browser
    browser.close()


@pytest.fixture
def site(live_server, transactional_db, fictional_store: Store) -> str:
    """A live site that shows the fictional department."""
    switch_to(fictional_store.path, now=NOON)
    return str(live_server)


@pytest.fixture
def open_map(open_page):
    """Open an address of the map and wait until every commune is painted."""

    def open_(path="/carte/", **options):
        page = open_page(path, **options)
        expect(page.locator("#carte-vues")).to_have_attribute("data-ready", "true", timeout=30_000)
        return page

    return open_


def canvas(page, number=1):
    return page.locator(f"[data-pane='{number}'] canvas")


def reading(page):
    return page.get_by_role("region", name="Commune lue")


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (WIDE, True), (PHONE, False)])
def test_no_rule_of_accessibility_is_broken(open_map, size, dark):
    page = open_map("/carte/?zonage=1", size=size, dark=dark)
    assert breaches(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_list_breaks_no_rule_and_fits(open_page, size):
    page = open_page("/carte/liste/?second=population&zonage=1&departement=20", size=size)
    assert breaches(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_pointer_reads_the_commune_under_it(open_map, fictional_store):
    page = open_map()
    canvas(page).hover()
    expect(reading(page)).to_be_visible()
    name = reading(page).get_by_role("link").inner_text()
    rows = [row for row, known in enumerate(fictional_store.units["name"]) if known == name]
    item = indicator("apl_gp")
    figures = {item.written(unit_values(fictional_store, item)[row]) for row in rows}
    assert any(figure in reading(page).inner_text() for figure in figures)


def test_the_keyboard_moves_reads_aloud_and_opens_the_profile(open_map):
    page = open_map()
    announced = page.locator("#carte-annonce")
    for _ in range(40):  # the keyboard comes to the map by Tab alone
        page.keyboard.press("Tab")
        if canvas(page).evaluate("canvas => canvas === document.activeElement"):
            break
    expect(announced).to_contain_text("Entrée pour ouvrir son portrait")
    first = announced.inner_text()
    page.keyboard.press("ArrowRight")
    expect(announced).not_to_have_text(first)
    page.keyboard.press("ArrowLeft")
    expect(announced).to_have_text(first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/territoires/commune/\w{5}"))


def test_a_second_indicator_stands_beside_and_moves_with_the_first(open_map):
    page = open_map()
    page.get_by_label("À côté").select_option("time_pharmacy_min")
    expect(page.get_by_role("region", name="Légende 2")).to_contain_text("valeur estimée")
    expect(canvas(page, 2)).to_be_visible()
    expect(page).to_have_url(re.compile("second=time_pharmacy_min"))
    canvas(page, 2).hover()
    expect(reading(page).locator("dt")).to_have_count(2)
    assert breaches(page) == []
    page.get_by_label("À côté").select_option("")
    expect(canvas(page, 2)).to_be_hidden()
    expect(page).not_to_have_url(re.compile("second="))


def test_another_indicator_changes_colours_legend_and_links(open_map):
    page = open_map()
    before = canvas(page).screenshot()
    page.get_by_label("Indicateur").select_option("share_65_plus")
    legend = page.locator("[data-legend='1'] [data-legend-of]")
    expect(legend).to_have_attribute("data-legend-of", "share_65_plus")
    page.wait_for_timeout(800)
    assert canvas(page).screenshot() != before
    link = page.get_by_role("link", name="Lire en liste")
    expect(link).to_have_attribute("href", re.compile("indicateur=share_65_plus"))


def test_the_commune_being_read_is_told_again_by_another_indicator(open_map):
    page = open_map()
    canvas(page).hover()
    expect(reading(page).locator("dt")).to_contain_text("Accès aux généralistes")
    page.get_by_label("Indicateur").select_option("share_65_plus")
    expect(reading(page).locator("dt")).to_contain_text("65 ans et plus")


def test_the_zoning_is_hatched_over_the_colours(open_map):
    page = open_map()
    before = canvas(page).screenshot()
    page.get_by_label("Superposer le zonage des médecins").check()
    legend = page.locator("[data-legend-overlay]")
    expect(legend).to_contain_text("Zone d'intervention prioritaire")
    page.wait_for_timeout(800)
    assert canvas(page).screenshot() != before


def test_the_search_flies_to_a_commune_and_the_address_remembers(open_map, fictional_store):
    name = str(fictional_store.units["name"][0])
    page = open_map()
    box = page.get_by_role("combobox", name="Aller à un territoire")
    box.fill(name)
    page.get_by_role("option", name=re.compile(re.escape(name))).first.click()
    expect(page.locator("#carte-annonce")).to_contain_text(name, timeout=20_000)
    expect(page).to_have_url(re.compile(r"vue=\d+\.\d+/"))
    again = open_map(page.url.split(page.url.split("/carte/")[0])[1])
    assert "vue=" in again.url


def test_the_image_has_its_title_classes_source_and_day(open_map):
    page = open_map()
    with page.expect_download() as download:
        page.get_by_role("button", name="Image PNG").click()
    assert download.value.suggested_filename == "maillage-apl_gp.png"
    data = download.value.path().read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    shown = canvas(page).bounding_box()
    assert width > shown["width"]
    assert height > shown["height"] + 200  # title, classes, notes


def test_the_image_says_what_its_hatches_mean(open_map):
    def height(page):
        with page.expect_download() as download:
            page.get_by_role("button", name="Image PNG").click()
        return int.from_bytes(download.value.path().read_bytes()[20:24], "big")

    assert height(open_map("/carte/?zonage=1")) == height(open_map()) + 2 * 22  # two lines


def test_the_theme_changes_the_colours_of_the_map(open_map):
    page = open_map()
    swatch = page.locator("[data-class='0']").first
    before = swatch.evaluate("mark => getComputedStyle(mark).backgroundColor")
    page.get_by_role("button", name="Passer à l’affichage sombre").click()
    assert swatch.evaluate("mark => getComputedStyle(mark).backgroundColor") != before


def test_without_webgl_a_picture_and_the_list_stand_for_the_map(open_page, chromium):
    page = open_page("/accessibilite/")
    page.context.add_init_script(NO_WEBGL)
    page.goto(page.url.replace("/accessibilite/", "/carte/"))
    expect(page.get_by_text("ne sait pas dessiner la carte interactive")).to_be_visible()
    picture = page.get_by_role("img", name=re.compile("Carte : Accès"))
    expect(picture).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())
    page.get_by_role("link", name="Lire toutes les communes en liste").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Communes en liste")


def test_without_javascript_indicators_are_chosen_and_the_picture_follows(open_page):
    page = open_page("/carte/", javascript=False)
    expect(page.get_by_role("img", name=re.compile("Carte : Accès"))).to_be_visible()
    page.get_by_label("Indicateur").select_option("population")
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_role("img", name=re.compile("Carte : Population"))).to_be_visible()


def first_view(tmp_path, **settings):
    finished = subprocess.run(
        [sys.executable, str(ROOT / "bench/first_view.py")],
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith(("MAILLAGE_", "DJANGO_"))},
            "MAILLAGE_VAR_DIR": str(tmp_path / "var"),
            "MAILLAGE_CHROMIUM": str(CHROMIUM),
            "VISITS": "1",
            **settings,
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=True,
    )
    return json.loads(finished.stdout.splitlines()[-1])


def test_the_first_view_fits_its_budget(chromium, tmp_path):
    found = first_view(tmp_path)
    assert 400_000 < found["transferred_bytes"] < BUDGET_BYTES


@pytest.mark.data
@pytest.mark.slow
def test_the_first_view_of_the_whole_nation_fits_its_budget(chromium, tmp_path, data_dir):
    found = first_view(tmp_path, MAILLAGE_DATA_DIR=str(data_dir))
    assert 500_000 < found["transferred_bytes"] < BUDGET_BYTES
