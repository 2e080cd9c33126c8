"""Build the store, then show it: what `data build` and `serve` share."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maillage.cli.outcome import SettingError
from maillage.web.config.folders import store_dir, var_dir


def build_and_switch(folder: Path, *, on_progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Build a version of the store from `folder`, and show it from now on.

    Returns what was done, ready for JSON. Raises InputError for files that do not read.
    """
    set_up_django()
    migrate()
    from maillage.studies.store.build import build
    from maillage.web.territories.loading import switch_to
    from maillage.web.territories.models import StoreVersion

    started_s = time.monotonic()
    report = build(
        folder,
        store_dir(),
        on_progress=on_progress,
        should_stop=lambda: False,
        now=datetime.now(UTC),
        in_use=[shown.folder for shown in StoreVersion.objects.filter(active=True)],
    )
    built_s = time.monotonic() - started_s
    switched = switch_to(report.path, now=datetime.now(UTC))
    bring_index_up_to_date()
    return {
        "version": switched.version,
        "path": report.path,
        "made": report.made,
        "reused": report.reused,
        "build_seconds": round(built_s, 2),
        "seconds": round(time.monotonic() - started_s, 2),
        "switch": asdict(switched),
    }


def real_data_are_shown() -> bool:
    """Say whether the site shows a real territory now; the database is brought up to date first."""
    set_up_django()
    migrate()
    from maillage.web.territories.models import StoreVersion

    return StoreVersion.objects.filter(active=True, fictional=False).exists()


def set_up_django(*, signs: bool = False) -> None:
    """Load the settings of the site once. `signs`: this process signs cookies, a key is due.

    Raises ImproperlyConfigured for a setting that cannot be used.
    """
    if not signs:  # building signs nothing: a key for the life of this process will do
        os.environ.setdefault("MAILLAGE_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.web.config.settings")
    _make_var_dir()
    import django

    django.setup()


def _make_var_dir() -> None:
    """Make the folder that the database and the store go to. Raises SettingError if it cannot."""
    try:
        var_dir().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"MAILLAGE_VAR_DIR : {error}.") from error


def migrate() -> None:
    """Bring the database, and the search index in it, to this version of the program."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    bring_index_up_to_date()


def bring_index_up_to_date() -> None:
    """Mend the index of initiatives; build it again for another analyser or other territories."""
    from maillage.web.register.finding.indexing import catch_up

    catch_up()
