"""Finding initiatives in a real browser: accessible, without script, and on a page of others."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from maillage.studies.store import Store
from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE, WIDE
from tests.web.register.conftest import MakeInitiative, make

__all__ = ["make"]

PAGES = (
    "/initiatives/",
    "/initiatives/?q=inititaive&theme=prevention",
    "/initiatives/?q=xylophone",
    "/initiatives/carte/",
    "/initiatives/frise/",
    "/initiatives/panorama/",
    "/initiatives/comparer/",
    "/initiatives/suivre/?theme=prevention",
    "/initiatives/integrer/",
    "/widget/initiatives/",
    "/api/",
)


@pytest.fixture
def shown_store(site: str, tiny_store: Store) -> Store:
    """The store that the live site shows: `make` writes beside it."""
    return tiny_store


@pytest.fixture
def some(site: str, make: MakeInitiative) -> list[str]:
    """Three initiatives."""
    return [make(title=f"Initiative {rank}", start_year=2018 + rank).public_id for rank in range(3)]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_pages_break_no_rule_of_accessibility_and_fit_their_screen(
    size: tuple[int, int], some: list[str], open_page: Callable[..., Page]
) -> None:
    compared = "/initiatives/comparer/?" + "&".join(f"i={each}" for each in some)
    page = open_page("/initiatives/", size=size)
    root = page.url.removesuffix("/initiatives/")
    for path in (*PAGES, compared):
        page.goto(root + path)
        assert breaches(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


def test_one_searches_filters_and_compares_without_any_script(
    some: list[str], open_page: Callable[..., Page]
) -> None:
    page = open_page("/initiatives/", javascript=False)
    page.get_by_label("Chercher dans les initiatives").fill("inititaive")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_text("Résultats pour")).to_be_visible()
    page.get_by_label("Prévention et sensibilisation").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.get_by_text("3 initiatives", exact=True)).to_be_visible()
    page.get_by_label("Comparer Initiative 0").check()
    page.get_by_label("Comparer Initiative 2").check()
    page.get_by_role("button", name="Comparer les initiatives cochées").click()
    expect(page.get_by_role("columnheader", name="Initiative 2")).to_be_visible()


def test_the_widget_lives_in_a_page_of_another_origin(
    some: list[str], site: str, stranger: tuple[Path, str], chromium: Browser
) -> None:
    folder, address = stranger
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="fr"><title>Autre site</title>'
        f'<script type="module" src="{site}/widget/initiatives.js"></script>'
        f'<maillage-initiatives query="theme=prevention"></maillage-initiatives>',
        encoding="utf-8",
    )
    context = chromium.new_context(viewport={"width": 600, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/index.html")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("3 initiatives", exact=True)).to_be_visible()
    expect(page.locator("iframe")).not_to_have_attribute("height", "600")
    frame.get_by_label("Chercher").fill("xylophone")
    frame.get_by_label("Chercher").press("Enter")
    expect(frame.get_by_text("Aucune initiative ne répond")).to_be_visible()
    assert context.cookies() == []
    assert errors == []
    context.close()


def test_another_page_of_the_site_cannot_be_framed(
    some: list[str], site: str, stranger: tuple[Path, str], chromium: Browser
) -> None:
    folder, address = stranger
    (folder / "index.html").write_text(
        f'<!doctype html><title>Autre</title><iframe src="{site}/initiatives/"></iframe>',
        encoding="utf-8",
    )
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/index.html")
    expect(page.frame_locator("iframe").get_by_text("3 initiatives")).to_have_count(0)
    context.close()
