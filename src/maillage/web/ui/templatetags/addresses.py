"""`{% url %}` as in Django; an address that holds nothing of its own is made once."""

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url

from maillage.web.ui.addresses import address

register = template.Library()


class AddressNode(Node):
    """An address without parts of its own."""

    def __init__(self, url_name: str) -> None:
        self.url_name = url_name

    def render(self, context: Context) -> str:
        """Return the address. Raises NoReverseMatch."""
        return address(self.url_name)


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """Take the place of Django's tag of the same name, with the same words."""
    node = django_url(parser, token)
    name = _plain_name(node)
    return AddressNode(name) if name else node


def _plain_name(node: URLNode) -> str:
    """Return the name written between quotes, when nothing else is; else ""."""
    written = node.view_name
    plain = isinstance(written.var, str) and not written.filters
    return str(written.var) if plain and not (node.args or node.kwargs or node.asvar) else ""
