"""Secrets in links: given once, kept as a hash, compared by looking the hash up."""

import hashlib
import secrets


def new_secret() -> str:
    """Return a secret for a link; 256 bits, so that its plain hash cannot be turned back."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
