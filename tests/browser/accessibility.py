"""The accessibility rules of axe-core, asked of an open page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def breaches(page: Page) -> list[str]:
    """Return one line per rule broken: its name and the elements that break it."""
    response = Axe().run(page, options=RULES).response
    return [
        f"{rule['id']}: " + " | ".join(node["html"][:160] for node in rule["nodes"])
        for rule in response["violations"]
    ]
