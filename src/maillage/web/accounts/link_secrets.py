"""Secrets in links and keys: given once, kept as a hash."""

import hashlib
import secrets

from django.utils.crypto import salted_hmac


def new_secret() -> str:
    """Return a secret; 256 bits, so that its plain hash cannot be turned back, and is fast."""
    return secrets.token_urlsafe(32)


def derived_secret(purpose: str, name: str) -> str:
    """Return the secret of what bears this name, 256 bits that only the site's key gives again.

    For links that may have to be sent a second time.
    """
    return salted_hmac(purpose, name, algorithm="sha256").hexdigest()


def hashed(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
