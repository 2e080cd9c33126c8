"""Database settings from one address: sqlite:///path or postgres://user:password@host:port/name."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
    ),
}


def parse_database_url(url: str) -> dict[str, Any]:
    """Return Django's settings for a database address.

    `sqlite:///var/site.sqlite3` is a path from the current folder, `sqlite:////srv/…` an absolute
    one. Raises ImproperlyConfigured for any other kind of address; the message does not repeat
    the address, which may hold a password.
    """
    parts = urlsplit(url)
    path = unquote(parts.path.removeprefix("/"))
    if not path or parts.scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"MAILLAGE_DATABASE_URL has the scheme {parts.scheme!r} and the path {parts.path!r}: "
            "expected sqlite:///path/to/file or postgres://user:password@host:port/name."
        )
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(path),
            # A thread keeps its connection: opening one reads the whole schema again.
            "CONN_MAX_AGE": 60,
            "OPTIONS": SQLITE_OPTIONS,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": path,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
