"""What is ours in allauth's steps: who may sign up, how failures are counted, what is encrypted."""

import base64
import logging
from smtplib import SMTPException
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from maillage.web.accounts.entrance.lockout import LoginAttempt
from maillage.web.accounts.organisations.invited import is_invited

logger = logging.getLogger(__name__)
_NOT_SENT: Final = "Le courriel n’a pas pu partir : redemandez-le dans un moment."


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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a message of the ways in; a mail server that is away is told, the same for all."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            # The kind of the error alone: a refusal names the address that it refuses.
            logger.warning(
                "A message of the accounts could not be sent (%s).", type(error).__name__
            )
            messages.error(self.request, _NOT_SENT)

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
