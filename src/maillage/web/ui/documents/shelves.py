"""Where the pages of the guide and of the methods are, and in what order they are read."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify

from maillage.web.ui.documents.markdown import Page, render_page

GUIDE, METHODS = "guide", "methods"
FIRST_PAGE = "index"
"""The guide's own first page, which lists the others in order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in a list of pages."""

    name: str
    title: str
    lead: str
    url: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Pages under one heading."""

    title: str
    entries: tuple[Entry, ...]


def page(shelf: str, name: str) -> Page | None:
    """Return a page by its name, such as "premiers-pas" or "indicators/apl_gp"; None if none."""
    if name not in page_names(shelf):
        return None
    path = _folder(shelf) / f"{name}.md"
    return _rendered(shelf, name, path, path.stat().st_mtime_ns)


def page_names(shelf: str) -> list[str]:
    """Return the names of the pages of a shelf, sorted."""
    folder = _folder(shelf)
    # A writer of documents sees a new one at once; elsewhere they come and go with the software.
    return list(_names_in.__wrapped__(folder) if settings.DEBUG else _names_in(folder))


def guide_chapters() -> list[Chapter]:
    """Return the pages of the guide in the order in which its first page names them."""
    first = page(GUIDE, FIRST_PAGE)
    chapters: dict[str, list[Entry]] = {}
    for link in first.links if first else ():
        if not link.section:  # a link in passing
            continue
        name = link.target.partition("#")[0].removesuffix(".md")
        chapters.setdefault(link.section, []).extend(_entries(GUIDE, [name]))
    return [Chapter(title, tuple(entries)) for title, entries in chapters.items() if entries]


def method_chapters() -> list[Chapter]:
    """Return the method pages: computations and data first, then indicators, each by title."""
    names = page_names(METHODS)
    indicators = [name for name in names if name.startswith("indicators/")]
    others = [name for name in names if "/" not in name]
    return [
        Chapter("Calculs et données", _by_title(others)),
        Chapter("Indicateurs", _by_title(indicators)),
    ]


def page_url(shelf: str, name: str) -> str:
    """Return the address of a page on the site."""
    if shelf == METHODS:
        return reverse("ui:method", args=[name])
    return reverse("ui:guide") if name == FIRST_PAGE else reverse("ui:guide_page", args=[name])


def _by_title(names: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(sorted(_entries(METHODS, names), key=lambda entry: slugify(entry.title)))


def _entries(shelf: str, names: Sequence[str]) -> Iterator[Entry]:
    for name in names:
        found = page(shelf, name)
        if found:
            yield Entry(name, found.title, found.lead, page_url(shelf, name))


def _folder(shelf: str) -> Path:
    """Return the folder of a shelf: inside the wheel, else `docs/` of the clone."""
    packaged = Path(__file__).parent / shelf
    return packaged if packaged.is_dir() else Path(__file__).parents[5] / "docs" / shelf


@lru_cache
def _names_in(folder: Path) -> tuple[str, ...]:
    found = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.md"))
    return tuple(sorted(path.as_posix() for path in found))


@lru_cache(maxsize=256)
def _rendered(shelf: str, name: str, path: Path, modified_ns: int) -> Page:
    """Render a page once for as long as its file does not change."""

    def address(target: str) -> str | None:
        place = posixpath.normpath(posixpath.join(shelf, posixpath.dirname(name), target))
        other, _, rest = place.partition("/")
        if other not in (GUIDE, METHODS):
            return None
        if not rest:
            return reverse("ui:guide") if other == GUIDE else reverse("ui:methods")
        found = rest.removesuffix(".md")
        return page_url(other, found) if found in page_names(other) else None

    text = path.read_text(encoding="utf-8")
    return render_page(text, address=address, french=shelf == GUIDE)
