"""Who asks for a run: an account, or a browser that has none."""

import secrets
from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_SESSION_KEY = "runs_visitor"


@dataclass(frozen=True, slots=True)
class Asker:
    """A person as far as runs know: an account's number, or the hash of a browser's secret.

    The secret stays in the session, so that it outlives the change of session key at log-in, and
    only its keyed hash is written beside the run.
    """

    user_id: int | None = None
    visitor_hash: str = ""

    @property
    def is_known(self) -> bool:
        """Say whether runs can belong to this asker."""
        return self.user_id is not None or bool(self.visitor_hash)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Return who is asking, without opening a session for whoever only reads."""
        secret = request.session.get(_SESSION_KEY, "")
        user = getattr(request, "user", None)
        return cls(
            user_id=user.pk if user is not None and user.is_authenticated else None,
            visitor_hash=_hash(secret) if secret else "",
        )

    @classmethod
    def remembered(cls, request: HttpRequest) -> Self:
        """Return who is asking, and give the browser a secret if it has none yet."""
        if _SESSION_KEY not in request.session:
            request.session[_SESSION_KEY] = secrets.token_urlsafe(24)
        return cls.of(request)


def _hash(secret: str) -> str:
    return salted_hmac("maillage.web.runs.visitor", secret, algorithm="sha256").hexdigest()
