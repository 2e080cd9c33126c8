"""A site that shows eight communes in a line, on which every figure can be worked out by hand."""

import pytest

from maillage.studies.store import Store
from maillage.web.territories.loading import switch_to
from tests.web.conftest import NOON


@pytest.fixture
def shown_line(db: None, line_store: Store) -> Store:
    """Eight communes in a line, shown by the site."""
    switch_to(line_store.path, now=NOON)
    return line_store
