"""The Markdown pages of the repository, and what is quoted as code in them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
METHODS = DOCS / "methods"

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^(?: {4,}|\t).+$", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")


def pages() -> list[Path]:
    """Return every page: at the root and in docs/."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def method_pages() -> list[Path]:
    """Return the pages of docs/methods/."""
    return sorted(METHODS.rglob("*.md"))


def text_of(page: Path) -> str:
    """Return the text of a page."""
    return page.read_text(encoding="utf-8")


def quoted_code(page: Path) -> Iterator[str]:
    """Yield what a page shows as code: lines of blocks, and words between backticks."""
    text = text_of(page)
    for block in _FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    text = _FENCE.sub("", text)
    yield from (line.strip() for line in _INDENTED.findall(text))
    yield from _SPAN.findall(text)


def name_of(page: Path) -> str:
    """Return the path of a page from the root, for messages."""
    return page.relative_to(ROOT).as_posix()
