"""A site that shows eight communes in a line, on which every figure can be worked out by hand."""

import pytest

from maillage.studies.store import Store, open_store
from maillage.web.territories.loading import switch_to
from tests.web.atlas.scenarios.line_store import write_line_store
from tests.web.conftest import NOON


@pytest.fixture(scope="session")
def line_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Eight communes in a line, opened; never written to."""
    return open_store(write_line_store(tmp_path_factory.mktemp("line") / "version"))


@pytest.fixture
def shown_line(db: None, line_store: Store) -> Store:
    """The same, shown by the site."""
    switch_to(line_store.path, now=NOON)
    return line_store
