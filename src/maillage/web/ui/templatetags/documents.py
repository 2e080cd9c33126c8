"""Links from any template to a method page."""

from django import template

from maillage.web.ui.documents.shelves import METHODS, page_url

register = template.Library()


@register.filter
def method_url(file_name: str) -> str:
    """Return the address of a page of `docs/methods/`, such as "indicators/apl_gp.md"."""
    return page_url(METHODS, file_name.removesuffix(".md"))
