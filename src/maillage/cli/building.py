"""Build the store, then show it: what `data build` and `serve` share."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maillage.web.config.folders import store_dir


def build_and_switch(folder: Path, *, on_progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Build a version of the store from `folder`, and show it from now on.

    Returns what was done, ready for JSON. Raises InputError for files that do not read.
    """
    from maillage.studies.store.build import build

    started_s = time.monotonic()
    report = build(
        folder,
        store_dir(),
        on_progress=on_progress,
        should_stop=lambda: False,
        now=datetime.now(UTC),
    )
    built_s = time.monotonic() - started_s
    set_up_django()
    migrate()
    from maillage.web.territories.loading import switch_to

    switched = switch_to(report.path, now=datetime.now(UTC))
    return {
        "version": switched.version,
        "path": report.path,
        "made": report.made,
        "reused": report.reused,
        "build_seconds": round(built_s, 2),
        "seconds": round(time.monotonic() - started_s, 2),
        "switch": asdict(switched),
    }


def set_up_django(*, signs: bool = False) -> None:
    """Load the settings of the site once. `signs`: this process signs cookies, a key is due.

    Raises ImproperlyConfigured for a setting that cannot be used.
    """
    if not signs:  # building signs nothing: a key for the life of this process will do
        os.environ.setdefault("MAILLAGE_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.web.config.settings")
    import django

    django.setup()


def migrate() -> None:
    """Bring the database to this version of the program."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
