"""Read each setting once, from the environment; a wrong value stops the start and says why."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def read_text(name: str, default: str) -> str:
    """Return the value of `name`; `name`_FILE may instead hold the path of a file with it."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error}.") from error
    return os.environ.get(name, default)


def read_bool(name: str, default: bool) -> bool:
    """Return a yes-or-no setting; accepted forms: 1, 0, true, false."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true"}:
        return True
    if value.lower() in {"0", "false", ""}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: expected 1, 0, true or false.")


def read_path(name: str, default: Path) -> Path:
    """Return a folder or file path; relative ones start at the current folder."""
    return Path(os.environ.get(name) or default).expanduser().resolve()


def read_list(name: str, default: str) -> list[str]:
    """Return a comma-separated list without blanks."""
    return [part.strip() for part in read_text(name, default).split(",") if part.strip()]
