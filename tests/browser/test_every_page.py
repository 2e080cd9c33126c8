"""Every page of the register and of accounts, from the table of addresses: read by axe on a phone.

A page added to the site is looked at without being named here.
"""

from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from maillage.studies.store import Store
from maillage.web.accounts.models import User
from tests.browser.accessibility import breaches
from tests.browser.conftest import PHONE
from tests.web.register.conftest import MakeInitiative, make
from tests.web.security.addresses import path_of, routes, variables_of
from tests.web.security.test_strangers import BY_SECRET, OWNED, path_in
from tests.web.security.world import World, make_world

__all__ = ["make"]

PARTS = ("initiatives/", "organisations/", "compte/", "roles/", "widget/", "api/")
NAMED = (
    "account_login",
    "accounts:edit_organisation",
    "accounts:organisation",
    "accounts:organisation_journal",
    "accounts:profile",
    "accounts:roles_over",
    "accounts:territories",
    "register:amendment",
    "register:compare",
    "register:history",
    "register:imports",
    "register:initiative",
    "register:map",
    "register:mine",
    "register:panorama",
    "register:queue",
    "register:review",
    "register:suggest",
    "register:timeline",
    "register:write",
    "register:write_to_holder",
)
"""Pages that must be among those found: what finds them is held to something."""


@pytest.fixture
def shown_store(site: str, tiny_store: Store) -> Store:
    """The store that the live site shows: `make` writes beside it."""
    return tiny_store


@pytest.fixture
def world(make: MakeInitiative) -> World:
    return make_world(make)


def addresses(world: World) -> Iterator[tuple[str, User | None, str]]:
    """Yield each address of these parts: its route, who opens it, the address."""
    for route in routes():
        if route.lstrip("^").startswith(PARTS) and not variables_of(route):
            for user in (world.owners["moderator"], world.owners["administrator"], None):
                yield route, user, path_of(route, {})
    for route, named in OWNED:
        if named.get("owner") != "" and route.lstrip("^").startswith(PARTS):
            yield route, world.owners[named.get("owner", "author")], path_in(world, route, named)
    for route, secret in BY_SECRET.items():
        if secret:
            values = dict.fromkeys(variables_of(route), world.values[secret])
            yield route, None, path_of(route, values | {"step": "essentiel"})
    public = world.values["public"]
    for route in ("proposer/<slug:step>/", "ecrire/", ""):
        whole = f"initiatives/<slug:{'public_id' if route else 'address'}>/{route}"
        yield whole, None, path_of(whole, {"public_id": public, "address": public, "step": "lieux"})


def pages(world: World) -> dict[str, tuple[User | None, str]]:
    """Return, of these addresses, those that answer with a page: who opens each, and its name."""
    found: dict[str, tuple[User | None, str]] = {}
    for route, user, path in addresses(world):
        client = Client()
        if user is not None:
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        answer = client.get(path, follow=False)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        if is_page and answer.status_code == HTTPStatus.OK:
            found.setdefault(path, (user, routes()[route].name or route))
    return found


def become(page: Page, site: str, user: User | None) -> None:
    """Give the browser the session of somebody, or of nobody."""
    page.context.clear_cookies()
    if user is not None:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}]
        )


def test_no_page_of_the_register_or_of_accounts_breaks_a_rule_on_a_phone(
    world: World, site: str, open_page: Callable[..., Page]
) -> None:
    found = pages(world)
    names = {name for _, name in found.values()}
    missing = {name.rpartition(":")[2] for name in NAMED} - names
    assert not missing, "these pages answered with no page"
    page = open_page("/compte/connexion/", size=PHONE)
    broken = {}
    for path, (user, _) in sorted(found.items(), key=lambda each: str(each[1][0])):
        become(page, site, user)
        page.goto(site + path)
        faults = breaches(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        if faults or width > PHONE[0]:
            broken[path] = (faults, width)
    assert broken == {}
