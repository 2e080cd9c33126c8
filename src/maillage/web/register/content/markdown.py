"""The little Markdown that a description may hold, made safe by construction.

No HTML goes through (markdown-it writes it as text), no image, and links only to http and https
addresses: what is left are headings, lists, emphasis, quotes and links.
"""

from typing import Final

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_ALLOWED: Final = (
    "heading",
    "lheading",
    "list",
    "blockquote",
    "paragraph",
    "emphasis",
    "link",
    "newline",
    "escape",
    "normalize",
    "block",
    "inline",
    "text_join",
    "balance_pairs",
    "fragments_join",
    "text",
)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "linkify": False, "breaks": True})
    known = {name for names in parser.get_all_rules().values() for name in names}
    parser.enable([name for name in _ALLOWED if name in known])
    parser.validateLink = _is_web_address  # type: ignore[method-assign]
    return parser


def _is_web_address(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


_PARSER: Final = _parser()


def rendered(text: str, *, first_level: int = 3) -> SafeString:
    """Return the text as HTML; its headings start at `first_level` and skip no level."""
    tokens = _PARSER.parse(text)
    level = first_level - 1
    least = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) - least + first_level, level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "nofollow ugc noopener")
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return mark_safe(html)
