"""What tests of pages may ask for: a site that shows eight communes."""

from datetime import UTC, datetime

import pytest

from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from maillage.web.territories.models import StoreVersion

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def shown_store(db: None, tiny_store: Store) -> Store:
    """Eight communes written by hand, shown by the site: their rows are in the database."""
    switch_to(tiny_store.path, now=NOON)
    return tiny_store


@pytest.fixture
def shown_version(shown_store: Store) -> StoreVersion:
    """The row of the version shown."""
    return StoreVersion.objects.get(active=True)
