"""Initiatives of the fictional department, and its territories as the atlas gives them."""

import pytest

from maillage.studies.profile import profile
from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from maillage.web.territories.profile_parts import Portrayed
from tests.web.conftest import NOON
from tests.web.register.conftest import MakeInitiative, make

__all__ = ["MakeInitiative", "make"]


@pytest.fixture
def shown_store(db: None, fictional_store: Store) -> Store:
    """The fictional department, shown by the site: enough territories to resemble one another."""
    switch_to(fictional_store.path, now=NOON)
    return fictional_store


def portrayed(store: Store, kind: str, code: str) -> Portrayed:
    """Return a territory and its report, as the atlas gives them."""
    return Portrayed(
        store=store,
        kind=kind,
        code=code,
        name=store.territory_name(kind, code),
        rows=store.rows(kind, code),
        report=profile(store, kind, code),
    )
