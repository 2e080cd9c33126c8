"""Addresses asked for by the hundred: what does not change in them is asked once.

`reverse` takes 50 µs, and a page has dozens of links.
"""

from functools import cache
from typing import Final

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_PLACE: Final = "-code-"


def address(url_name: str) -> str:
    """Return an address that holds nothing of its own. Raises NoReverseMatch."""
    return _address(url_name, get_urlconf(), get_script_prefix())


def around(url_name: str, *before: str) -> tuple[str, str]:
    """Return what stands before and after the last part of an address; "" twice without one.

    before  the parts of the address before the last
    """
    return _around(url_name, before, get_urlconf(), get_script_prefix())


@cache
def _address(url_name: str, urlconf: str | None, script_prefix: str) -> str:
    return reverse(url_name, urlconf)


@cache
def _around(
    url_name: str, before: tuple[str, ...], urlconf: str | None, script_prefix: str
) -> tuple[str, str]:
    try:
        whole = reverse(url_name, urlconf, args=[*before, _PLACE])
    except NoReverseMatch:
        return "", ""
    start, _, end = whole.partition(_PLACE)
    return start, end
