"""Database addresses."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from maillage.web.config.database import parse_database_url


def test_an_sqlite_address_is_relative_with_three_slashes_and_absolute_with_four():
    assert parse_database_url("sqlite:///var/a.sqlite3")["NAME"] == Path("var/a.sqlite3")
    assert parse_database_url("sqlite:////srv/a.sqlite3")["NAME"] == Path("/srv/a.sqlite3")


def test_sqlite_writes_ahead_and_takes_its_lock_at_once():
    options = parse_database_url("sqlite:///a.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_a_postgres_address_is_taken_apart_and_unquoted():
    parsed = parse_database_url("postgres://me:p%40ss@db.example:5433/maillage?sslmode=require")
    assert parsed["ENGINE"] == "django.db.backends.postgresql"
    assert (parsed["USER"], parsed["PASSWORD"]) == ("me", "p@ss")
    assert (parsed["HOST"], parsed["PORT"], parsed["NAME"]) == ("db.example", "5433", "maillage")
    assert parsed["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://u:secret@h/n", "sqlite://", "postgres://u:secret@h", ""])
def test_any_other_address_is_refused_without_repeating_the_password(url):
    with pytest.raises(ImproperlyConfigured, match="expected sqlite") as caught:
        parse_database_url(url)
    assert "secret" not in str(caught.value)
