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


def rendered(text: str) -> SafeString:
    """Return the text as HTML; headings start at h3, below those of the page."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "nofollow ugc noopener")
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return mark_safe(html)
