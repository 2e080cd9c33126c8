"""Every address of the site, with hostile words and methods: an answer, never an error of ours."""

import itertools
import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from maillage.web.territories.loading import switch_to
from tests.web.conftest import NOON

WORDS = (
    "",
    "0",
    "-1",
    "99999999999999999999999999",
    "1e999",
    "nan",
    "é’\u202e\U0001f9d1\ud7ff",
    "\x00",
    "a\x00b",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "%s%n{{7*7}}",
    "x" * 5_000,
)
PARAMETERS = (
    "page",
    "tri",
    "type",
    "lettre",
    "departement",
    "region",
    "epci",
    "q",
    "t",
    "m",
    "v",
    "vue",
    "indicateur",
    "second",
    "zonage",
    "geste",
    "lieu",
    "kind",
    "code",
    "count",
    "acts",
    "nombre",
    "actes",
    "dit",
    "nom",
    "k",
    "candidats",
    "territoire",
    "state",
    "next",
    "inputs",
    "seed",
    "titre",
    "communes",
    "name",
)
CODE = "20001"
"""A commune of the small store: pages of territories are really made."""

SLUGS = ("commune", "99999", "a-b", "apl_gp", "csv", "-", "x" * 300)
METHODS = ("head", "options", "post", "put", "delete", "patch", "trace")


@pytest.fixture
def shown_line(db, line_store):
    """Eight communes in a line, with trips and contours, shown by the site."""
    switch_to(line_store.path, now=NOON)
    return line_store


def patterns(resolver=None, start=""):
    """Yield each pattern of the site with the text of its whole route."""
    for one in (resolver or get_resolver()).url_patterns:
        route = start + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        elif isinstance(one, URLPattern):
            yield route


def address_of(route, word):
    """Return an address of a route, its variable parts filled with a word that they accept."""
    route = re.sub(r"<kind:\w+>", "commune", route)
    route = re.sub(r"<int:\w+>", "7", route)
    route = re.sub(r"<[^>]+>", word, route)
    route = re.sub(r"\(\?P[^)]*\)|\([^)]*\)", "csv", route)
    return "/" + re.sub(r"[\^$\\?]", "", route)


ROUTES = sorted(set(patterns()))


def hostile_queries():
    for word in WORDS:
        yield dict.fromkeys(PARAMETERS, word)
    yield {name: ["1", "\x00", "é"] for name in PARAMETERS}


def test_there_are_addresses_to_try():
    assert len(ROUTES) > 60
    assert {"carte/", "recherche/", "territoires/"} <= set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_hostile_parameters_never_break_a_page(client, shown_line, route):
    client.raise_request_exception = False
    for query in hostile_queries():
        response = client.get(address_of(route, CODE), query)
        assert response.status_code < 500, (route, query["page"])


@pytest.mark.parametrize("route", [route for route in ROUTES if "<" in route])
def test_hostile_words_in_an_address_never_break_a_page(client, shown_line, route):
    client.raise_request_exception = False
    for word in (*SLUGS, *WORDS):
        response = client.generic("GET", address_of(route, word))
        assert response.status_code < 500, (route, word)


@pytest.mark.parametrize("route", ROUTES)
def test_no_method_breaks_a_page(client, shown_line, route):
    client.raise_request_exception = False
    for method, data in itertools.product(METHODS, ({}, dict.fromkeys(PARAMETERS, "\x00"))):
        if method == "trace":
            response = client.trace(address_of(route, CODE))
        elif method in ("head", "post"):
            response = getattr(client, method)(address_of(route, CODE), data)
        else:
            response = client.generic(method.upper(), address_of(route, CODE))
        assert response.status_code < 500, (route, method)
