"""A site that shows the fictional department, and the words and addresses of its territories."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from maillage.studies.store import Store
from maillage.web.atlas.profiles.subject import Subject, official_subject
from maillage.web.territories.loading import switch_to
from maillage.web.territories.models import CustomTerritory

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def fictional_site(db: None, fictional_store: Store) -> Store:
    """The fictional department, shown by the site."""
    switch_to(fictional_store.path, now=NOON)
    return fictional_store


@pytest.fixture
def one_of(fictional_store: Store):
    """Return the subject of the most populated territory of a kind."""

    def find(kind: str) -> Subject:
        table = fictional_store.territories
        rows = (table["kind"] == kind).nonzero()[0]
        largest = rows[table["population"][rows].argmax()]
        return official_subject(fictional_store, kind, str(table["code"][largest]))

    return find


@pytest.fixture
def list_of_mine(shown_store: Store) -> CustomTerritory:
    """A list of three communes, named by a visitor of the site of eight communes."""
    return CustomTerritory.objects.create(
        name="Mon PETR",
        commune_codes=["20001", "20002", "20100"],
        cog_year=2026,
        created_at=timezone.now(),
    )
