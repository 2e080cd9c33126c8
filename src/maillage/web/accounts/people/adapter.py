"""What is ours in allauth's steps: who may sign up, how failures are counted, what is encrypted."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by address and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say whether this visitor may open an account: anybody, or the invited alone."""
        return bool(settings.SIGNUP_IS_OPEN)


class CodesAdapter(DefaultMFAAdapter):
    """One-time codes, whose secrets are never in the clear in the database."""

    def encrypt(self, text: str) -> str:
        """Return the secret as the database keeps it."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret itself."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = salted_hmac("maillage.web.accounts.codes", "key", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
