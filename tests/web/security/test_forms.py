"""No form from elsewhere does anything, and nothing is done by reading a page."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.test import Client

from maillage.web.accounts.models import User
from tests.web.register.conftest import MakeInitiative
from tests.web.security.addresses import path_of, routes, variables_of
from tests.web.security.test_strangers import BY_SECRET, OWNED, SHARED, path_in
from tests.web.security.visits import noted_writes
from tests.web.security.world import World, make_world

EXEMPT: Final = {
    "compte/messages/arreter/<str:token>/": "mail programs post to it: the link is the right",
    "initiatives/suivre/arreter/<str:token>/": "the same, for alerts",
}
"""Addresses that take a form without its token, and why."""

READ_ONLY: Final = "api/v1/"
"""The public interface has no form and no cookie: it refuses every method but reading."""

VALUES: Final = {
    "kind": "commune",
    "code": "20001",
    "address": "20001",
    "file_format": "csv",
    "name": "index",
    "slug": "commune",
    "indicator_id": "apl_gp",
    "version": "x",
    "part_name": "initiatives",
    "study": "profile",
    "rest": "x",
    "step": "essentiel",
    "key": "x",
    "uidb36": "1",
    "token": "x",
    "secret": "x",
}
"""For the variables of addresses that name nobody's object."""


@pytest.fixture
def world(make: MakeInitiative) -> World:
    return make_world(make)


def paths(world: World) -> dict[str, str]:
    """Return an address of each route, of an object that is there when it names one."""
    owned = {route: path_in(world, route, named) for route, named in OWNED}
    shared = {route: path_in(world, route, {"public_id": name}) for route, name in SHARED.items()}
    opened = {
        route: path_of(route, VALUES | {"secret": world.values[right]})
        for route, right in BY_SECRET.items()
        if right
    }
    named = owned | shared | opened
    plain = {route: path_of(route, VALUES) for route in routes() if route not in named}
    return named | plain


def test_no_form_from_elsewhere_does_anything(world: World) -> None:
    administrator = world.owners["administrator"]
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    with noted_writes() as writes:
        for route, path in paths(world).items():
            if route in EXEMPT:
                continue
            for method in ("post", "put", "patch", "delete"):
                answer = getattr(client, method)(path, {"geste": "publish"})
                refused = (404, 405) if route.startswith(READ_ONLY) else (403,)
                assert answer.status_code in refused, (method, route)
                assert not writes, (method, route)


def test_only_what_must_takes_a_form_without_its_token() -> None:
    found = {route for route, one in routes().items() if getattr(one.callback, "csrf_exempt", 0)}
    assert {route for route in found if not route.startswith(READ_ONLY)} == EXEMPT.keys()


@pytest.mark.parametrize("who", ["author", "moderator", "administrator", "nobody"])
def test_nothing_is_done_by_reading_a_page(
    who: str, world: World, as_user: Callable[[User], Client]
) -> None:
    """Mail programs and browsers open addresses ahead: links must not act."""
    client = Client() if who == "nobody" else as_user(world.owners[who])
    with noted_writes() as writes:
        for route, path in paths(world).items():
            answer: Any = client.get(path)
            assert answer.status_code < 500, (route, path)
            assert not writes, (route, writes)


def test_every_address_is_gone_through(world: World) -> None:
    asked = paths(world)
    assert asked.keys() == routes().keys()
    assert not [path for path in asked.values() if "<" in path or "(" in path]
    assert all(variables_of(route) or path_of(route, {}) == asked[route] for route in asked)
