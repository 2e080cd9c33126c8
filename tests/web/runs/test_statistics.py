"""What the database knows of its tables."""

import pytest
from django.db import connection
from django.utils import timezone

from maillage.web.register.models import Initiative
from maillage.web.runs.statistics import refresh_statistics


@pytest.fixture
def published_sheets(db: None) -> list[int]:
    now = timezone.now()
    sheets = [
        Initiative(
            title=f"Bus {rank}",
            public_id=f"p{rank}",
            state="published",
            created_at=now,
            updated_at=now,
            published_at=now,
        )
        for rank in range(1500)
    ]
    return [sheet.pk for sheet in Initiative.objects.bulk_create(sheets)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself.")
def test_sheets_asked_for_by_number_are_read_by_number(published_sheets: list[int]) -> None:
    """Else every published sheet is read to find those of one page."""
    asked = Initiative.objects.public().filter(pk__in=published_sheets[:20]).order_by()
    assert refresh_statistics() > 0
    assert "PRIMARY KEY" in asked.explain()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has to be told.")
def test_postgresql_is_left_to_count_by_itself(db: None) -> None:
    assert refresh_statistics() == 0
