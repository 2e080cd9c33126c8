"""People and organisations on the eight communes of the small store."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from maillage.web.accounts.models import Membership, Organisation, TerritoryRole, User
from maillage.web.accounts.rights import Role
from maillage.web.territories.models import Territory
from tests.web.conftest import NOON

PASSWORD = "des mots assez longs 42"


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person whose address is confirmed."""

    def make(name: str = "camille", **fields: Any) -> User:
        user = User.objects.create_user(f"{name}@example.fr", PASSWORD, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    return make


@pytest.fixture
def organisation(db: None) -> Callable[..., Organisation]:
    """Make an organisation."""

    def make(name: str = "CPTS des Deux-Vallées", *territories: Territory) -> Organisation:
        made = Organisation.objects.create(name=name, kind="cpts", created_at=NOON)
        made.territories.set(territories)
        return made

    return make


@pytest.fixture
def member(person: Callable[..., User]) -> Callable[..., User]:
    """Make a person with a role in an organisation."""

    def make(where: Organisation, role: Role, name: str = "") -> User:
        user = person(name or role.value)
        Membership.objects.create(organisation=where, user=user, role=role, joined_at=NOON)
        return user

    return make


@pytest.fixture
def on_territory(person: Callable[..., User]) -> Callable[..., User]:
    """Make a person with a role over a territory."""

    def make(territory: Territory, role: Role, name: str = "") -> User:
        user = person(name or f"{role.value}-{territory.code}")
        TerritoryRole.objects.create(territory=territory, user=user, role=role, given_at=NOON)
        return user

    return make


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """Return a browser in which a person is logged in."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter
