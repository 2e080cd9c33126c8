"""Read each setting once, from the environment; a wrong value stops the start and says why.

Every reader records what it read in `SETTINGS`, from which the documentation is checked and
`maillage check-config` speaks.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the site: its name, its default as a person would write it, its meaning."""

    name: str
    default: str
    about: str
    secret: bool = False


SETTINGS: dict[str, Setting] = {}
"""Every setting read so far, by name; complete once `settings` is imported."""


def read_text(name: str, default: str, *, about: str, secret: bool = False) -> str:
    """Return the value of `name`; `name`_FILE may instead hold the path of a file with it."""
    SETTINGS[name] = Setting(name, "" if secret else default, about, secret)
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error}.") from error
    return os.environ.get(name, default)


def read_bool(name: str, default: bool, *, about: str) -> bool:
    """Return a yes-or-no setting; accepted forms: 1, 0, true, false."""
    SETTINGS[name] = Setting(name, "1" if default else "0", about)
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true"}:
        return True
    if value.lower() in {"0", "false", ""}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: expected 1, 0, true or false.")


def read_int(name: str, default: int, *, about: str, least: int = 0) -> int:
    """Return a whole number of at least `least`."""
    SETTINGS[name] = Setting(name, str(default), about)
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number from {least} up.")
    return int(value)


def read_path(name: str, default: Path, *, about: str, shown: str = "") -> Path:
    """Return a folder or file path; relative ones start at the current folder.

    `shown` is the default as the documentation writes it, when it depends on another setting.
    """
    SETTINGS[name] = Setting(name, shown or str(default), about)
    return Path(os.environ.get(name) or default).expanduser().resolve()


def read_list(name: str, default: str, *, about: str) -> list[str]:
    """Return a comma-separated list without blanks."""
    text = read_text(name, default, about=about)
    return [part.strip() for part in text.split(",") if part.strip()]


def read_choice(name: str, default: str, choices: tuple[str, ...], *, about: str) -> str:
    """Return one of `choices`, whatever the case in which it was written."""
    value = read_text(name, default, about=about)
    for choice in choices:
        if value.lower() == choice.lower():
            return choice
    raise ImproperlyConfigured(f"{name}={value!r}: expected one of {', '.join(choices)}.")


def read_secret_key(*, demo: bool, folder: Path) -> str:
    """Return the key that signs sessions, of at least 40 characters.

    A demonstration makes its own once, in `folder`; anywhere else a missing key stops the start.
    """
    key = read_text(
        "MAILLAGE_SECRET_KEY",
        "",
        about="Key that signs sessions and forms, 40 characters or more. "
        "Required unless MAILLAGE_DEMO is set.",
        secret=True,
    )
    if not key and demo:
        return _own_secret_key(folder / "secret-key")
    if len(key) < 40:
        found = f"{len(key)} characters" if key else "nothing"
        raise ImproperlyConfigured(
            f"MAILLAGE_SECRET_KEY: found {found}, expected 40 or more. Give a long random text, "
            "such as the answer of: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'. "
            "To try Maillage on one machine, set MAILLAGE_DEMO=1 instead."
        )
    return key


def _own_secret_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    try:
        os.link(draft, path)  # first come, first kept: two processes may start together
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8")
