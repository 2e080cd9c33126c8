"""Turn a Markdown page of ours into HTML that the site's policy and a screen reader accept.

No inline style (the Content-Security-Policy refuses it), headings with an anchor, tables with
scoped headings, and everything wide in a frame that scrolls by keyboard.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from maillage.web.ui.words import typeset

Address = Callable[[str], str | None]
"""Where a relative link of the page leads on the site; None when the site has no such page."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the second level and its anchor."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Link:
    """A relative link as written, and the heading of the second level above it ("" before one)."""

    target: str
    section: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page ready to be shown.

    title     text of its first heading, which is not in `html`
    lead      text of its first paragraph
    html      the rest, safe to be shown: raw HTML of the source is left out
    sections  headings of the second level, in order
    links     relative links, in order
    """

    title: str
    lead: str
    html: str
    sections: tuple[Section, ...]
    links: tuple[Link, ...]


def render_page(text: str, *, address: Address, french: bool = False) -> Page:
    """Return the page that `text` holds. A relative link without an address keeps its words.

    french  give the text the apostrophes and the spaces that do not break of French printers
    """
    parser = MarkdownIt("commonmark").enable("table")
    tokens = [token for token in parser.parse(text) if token.type != "html_block"]
    if french:
        _typeset(tokens)
    title, tokens = _without_title(tokens)
    sections = tuple(_anchor_headings(tokens))
    links = tuple(_relative_links(tokens))
    for token in _inline(tokens):
        token.children = _with_addresses(token.children or [], address)
    _shape_tables(tokens)
    html = parser.renderer.render(list(_framed(tokens)), parser.options, {})
    return Page(title, _lead(tokens), html, sections, links)


def _typeset(tokens: list[Token]) -> None:
    for line in _inline(tokens):
        for child in line.children or []:
            if child.type == "text":
                child.content = typeset(child.content)


def _without_title(tokens: list[Token]) -> tuple[str, list[Token]]:
    if len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return _words(tokens[1]), tokens[3:]
    return "", tokens


def _anchor_headings(tokens: list[Token]) -> Iterator[Section]:
    """Give every heading an anchor of its own; yield those of the second level."""
    taken: dict[str, int] = {}
    for heading, inline in pairwise(tokens):
        if heading.type != "heading_open":
            continue
        title = _words(inline)
        slug = slugify(title) or "section"
        taken[slug] = taken.get(slug, 0) + 1
        anchor = slug if taken[slug] == 1 else f"{slug}-{taken[slug]}"
        heading.attrSet("id", anchor)
        if heading.tag == "h2":
            yield Section(anchor, title)


def _relative_links(tokens: list[Token]) -> Iterator[Link]:
    section = ""
    for previous, token in zip([None, *tokens], tokens, strict=False):
        if token.type != "inline":
            continue
        if previous and previous.type == "heading_open" and previous.tag == "h2":
            section = _words(token)
        for child in token.children or []:
            target = str(child.attrGet("href") or "")
            if child.type == "link_open" and _is_relative(target):
                yield Link(target, section)


def _with_addresses(children: list[Token], address: Address) -> list[Token]:
    """Return the tokens of a line with links that lead somewhere, and without raw HTML."""
    kept, open_links = [], []
    for child in children:
        if child.type == "html_inline":
            continue
        if child.type == "link_open":
            open_links.append(_lead_somewhere(child, address))
        if child.type not in ("link_open", "link_close") or open_links[-1]:
            kept.append(child)
        if child.type == "link_close":
            open_links.pop()
    return kept


def _lead_somewhere(link: Token, address: Address) -> bool:
    target = str(link.attrGet("href") or "")
    if target.startswith(("https://", "http://")):
        link.attrSet("rel", "external")
        return True
    if not _is_relative(target):
        return True
    path, mark, anchor = target.partition("#")
    found = address(path)
    if found is None:
        return False
    link.attrSet("href", found + mark + anchor)
    return True


def _is_relative(target: str) -> bool:
    return bool(target) and not target.startswith(("#", "/")) and ":" not in target


def _shape_tables(tokens: list[Token]) -> None:
    """Scope the headings of tables, and align by class what Markdown aligns by style."""
    without_headings = False
    first_of_row = False
    for position, token in enumerate(tokens):
        if token.type == "thead_open":
            without_headings = _is_empty_row(tokens, position)
        if token.type == "tr_open":
            first_of_row = True
        if token.type not in ("th_open", "td_open"):
            continue
        if "right" in str(token.attrs.pop("style", "")):
            token.attrSet("class", "number")
        if token.type == "th_open" and _words(tokens[position + 1]):
            token.attrSet("scope", "col")
        elif token.type == "th_open":  # a corner without words is no heading
            _rename_cell(tokens, position, "td")
        elif without_headings and first_of_row:
            token.attrSet("scope", "row")
            _rename_cell(tokens, position, "th")
        first_of_row = False


def _is_empty_row(tokens: list[Token], head: int) -> bool:
    """Say whether the header that opens at `head` has no word, and hide it if so."""
    end = next(i for i in range(head, len(tokens)) if tokens[i].type == "thead_close")
    empty = not any(_words(token) for token in tokens[head:end] if token.type == "inline")
    if empty:
        for token in tokens[head : end + 1]:
            token.hidden = True
            token.children = []
    return empty


def _rename_cell(tokens: list[Token], opening: int, tag: str) -> None:
    closing = tokens[opening].type.replace("open", "close")
    tokens[opening].tag = tag
    next(token for token in tokens[opening:] if token.type == closing).tag = tag


def _framed(tokens: list[Token]) -> Iterator[Token]:
    """Put tables in a frame that scrolls, and let code be scrolled by keyboard."""
    for token in tokens:
        if token.type == "table_open":
            frame = {"class": "table-responsive", "role": "group", "tabindex": "0"}
            yield Token("frame_open", "div", 1, attrs={**frame, "aria-label": "Tableau"})
        if token.type in ("fence", "code_block"):
            yield Token("frame_open", "pre", 1, attrs={"tabindex": "0"})
            yield Token("inline", "", 0, children=[_code(token)])
            yield Token("frame_close", "pre", -1)
        else:
            yield token
        if token.type == "table_close":
            yield Token("frame_close", "div", -1)


def _code(block: Token) -> Token:
    return Token("code_inline", "code", 0, content=block.content.rstrip("\n"))


def _lead(tokens: list[Token]) -> str:
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open":
            return _words(inline)
    return ""


def _inline(tokens: list[Token]) -> Iterator[Token]:
    return (token for token in tokens if token.type == "inline")


def _words(inline: Token) -> str:
    """Return the text of a line, without its marks."""
    parts = []
    for child in inline.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts).strip()
