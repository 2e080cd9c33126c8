"""What is ours in allauth's steps: who may sign up, how failures are counted, what is encrypted."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from maillage.web.accounts.entrance.lockout import LoginAttempt
from maillage.web.accounts.organisations.invited import is_invited


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by address and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Trop d’essais. Attendez un quart d’heure, "
        "ou choisissez un nouveau mot de passe.",
        "email_password_mismatch": "Cette adresse et ce mot de passe ne vont pas ensemble.",
        "rate_limited": "Trop de demandes en peu de temps : attendez un peu.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say whether this visitor may open an account: anybody, or the invited alone."""
        return bool(settings.SIGNUP_IS_OPEN) or is_invited(request, at=timezone.now())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; past the limit, answer the same for any account, real or not."""
        if not self._attempt(request, credentials).begin(at=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the person whose password this is, or None."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            self._attempt(request, credentials).succeed(at=timezone.now())
        return user

    def _attempt(self, request: HttpRequest, credentials: dict[str, Any]) -> LoginAttempt:
        email = credentials.get("email") or credentials.get("username") or ""
        return LoginAttempt(email=email, address=self.get_client_ip(request))


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
