"""E-mail settings from one address: smtp://user:password@host:port, or a folder without one."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def parse_email_url(url: str, *, folder: Path) -> dict[str, Any]:
    """Return Django's e-mail settings; without an address, messages are written to `folder`.

    `smtp` speaks in clear (a relay on the same machine), `smtp+tls` with STARTTLS, `smtps` with
    TLS from the first byte. Raises ImproperlyConfigured for any other form, without repeating
    the address, which may hold a password.
    """
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ImproperlyConfigured(
            f"MAILLAGE_EMAIL_URL has the scheme {parts.scheme!r}: expected "
            "smtp://user:password@host:port, smtp+tls://… or smtps://…"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _SCHEMES[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }
