"""A site that shows the fictional department, which has contours."""

import pytest

from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from tests.web.conftest import NOON


@pytest.fixture
def shown_department(db: None, fictional_store: Store) -> Store:
    """The fictional department, shown by the site."""
    switch_to(fictional_store.path, now=NOON)
    return fictional_store
