"""The accessibility rules of axe-core, asked of an open page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
_AXE = Axe()
# What is well comes to megabytes for a page of the register: it stays in the browser.
_BREACHES = """
rules => axe.run(rules).then(found => found.violations.map(
  rule => `${rule.id}: ` + rule.nodes.map(node => node.html.slice(0, 160)).join(" | ")
))
"""


def breaches(page: Page) -> list[str]:
    """Return one line per rule broken: its name and the elements that break it."""
    page.evaluate(_AXE.axe_script)
    found: list[str] = page.evaluate(_BREACHES, _RULES)
    return found
