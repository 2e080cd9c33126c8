"""Secrets in links and keys: given once, kept as a hash."""

import hashlib
import secrets


def new_secret() -> str:
    """Return a secret; 256 bits, so that its plain hash cannot be turned back, and is fast."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
