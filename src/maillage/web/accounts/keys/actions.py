"""Make, use and revoke keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from maillage.core.errors import MaillageError
from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.keys.models import ApiKey, Scope
from maillage.web.accounts.limits import Limit, consume
from maillage.web.accounts.link_secrets import hashed, new_secret

PREFIX: Final = "mlg"
MAX_KEYS_EACH: Final = 10
CALLS_PER_MINUTE: Final = Limit("api-key", 120, timedelta(minutes=1))


class KeyRefused(MaillageError):
    """The call carries no key that opens this: answer 401."""


class KeyTooNarrow(MaillageError):
    """The key is good and its scopes do not hold this: answer 403."""


class TooManyCalls(MaillageError):
    """The key was used too often: answer 429."""


class TooManyKeys(MaillageError):
    """The person has as many keys as one may have."""


def create_key(
    *,
    user: Any,
    name: str,
    scopes: Iterable[Scope],
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Write a key and return it with its text, which nobody can read again. Raises TooManyKeys."""
    secret = new_secret()
    with transaction.atomic():
        if ApiKey.objects.in_force(at=at).filter(user=user).count() >= MAX_KEYS_EACH:
            raise TooManyKeys(f"{MAX_KEYS_EACH} keys are in force: revoke one first.")
        key = ApiKey.objects.create(
            user=user,
            name=name,
            secret_hash=hashed(secret),
            scopes=" ".join(sorted(scopes)),
            created_at=at,
            expires_at=expires_at,
        )
        record("key.created", on=key, by=user, at=at)
    return key, f"{PREFIX}_{key.public_id}_{secret}"


def revoke_key(*, key: ApiKey, by: Any, at: datetime) -> bool:
    """End a key at once; say whether it was in force."""
    with transaction.atomic():
        ended = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=at)
        if ended:
            record("key.revoked", on=key, by=by, at=at)
    return bool(ended)


def key_of(request: HttpRequest, *, scope: Scope, at: datetime) -> ApiKey:
    """Return the key that a call carries (`Authorization: Bearer mlg_…`), and count the call.

    Raises KeyRefused, KeyTooNarrow, TooManyCalls. A refusal never says whether the key exists.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    parts = text.strip().split("_", 2)
    if scheme.lower() != "bearer" or len(parts) != 3 or parts[0] != PREFIX:
        raise KeyRefused("expected the header « Authorization: Bearer mlg_… ».")
    found = ApiKey.objects.in_force(at=at).select_related("user").filter(public_id=parts[1]).first()
    kept = found.secret_hash if found else hashed("")
    if not constant_time_compare(kept, hashed(parts[2])) or found is None:
        raise KeyRefused("this key is unknown, expired or revoked.")
    if scope not in found.scope_set:
        raise KeyTooNarrow(f"this key does not open « {scope} ».")
    if not consume(CALLS_PER_MINUTE, found.public_id, at=at):
        raise TooManyCalls(f"more than {CALLS_PER_MINUTE.amount} calls in a minute.")
    ApiKey.objects.filter(pk=found.pk).exclude(last_used_on=at.date()).update(
        last_used_on=at.date()
    )
    return found
