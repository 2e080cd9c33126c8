"""The table of addresses of the site, as Django reads it: what tests go through, whole."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver

_VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def routes() -> dict[str, URLPattern]:
    """Return every address of the site by its whole route, as it is written in the tables."""
    return dict(_routes(get_resolver(), ""))


def variables_of(route: str) -> tuple[str, ...]:
    """Return the names of what varies in a route."""
    return tuple(first or second for first, second in _VARIABLE.findall(route))


def path_of(route: str, values: Mapping[str, str]) -> str:
    """Return an address of a route. Raises KeyError for a value that is not given."""
    path = _VARIABLE.sub(lambda found: str(values[found[1] or found[2]]), route)
    return "/" + re.sub(r"[\^$]|\\(?=\.)", "", path)


def _routes(resolver: URLResolver, start: str) -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        route = start + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one, route)
        else:
            yield route, one
