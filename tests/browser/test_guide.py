"""The guide in a real browser."""

import pytest
from playwright.sync_api import expect

from maillage.web.ui.documents.shelves import GUIDE, METHODS, page_names, page_url
from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE, WIDE

GUIDE_PATHS = [page_url(GUIDE, name) for name in page_names(GUIDE)]
SOME_METHODS = ["apl", "sources-sante", "indicators/apl_gp"]
PATHS = [*GUIDE_PATHS, "/methodes/", *(page_url(METHODS, name) for name in SOME_METHODS)]


@pytest.mark.parametrize("path", PATHS)
def test_no_rule_of_accessibility_is_broken_and_a_phone_is_wide_enough(open_page, path):
    page = open_page(path, size=PHONE)
    assert breaches(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.parametrize("path", ["/guide/", "/guide/donnees/", "/methodes/apl/"])
@pytest.mark.parametrize("dark", [False, True])
def test_no_rule_of_accessibility_is_broken_on_a_wide_screen(open_page, path, dark):
    assert breaches(open_page(path, size=WIDE, dark=dark)) == []


def test_the_guide_is_reached_from_the_header_and_read_from_end_to_end(open_page):
    page = open_page("/", javascript=False)
    page.get_by_role("navigation", name="Navigation principale").get_by_role(
        "link", name="Guide"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guide de Maillage")
    seen = 1
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        seen += 1
    assert seen == len(GUIDE_PATHS)
