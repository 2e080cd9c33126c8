"""How often something may be tried: a sliding window counted in the database.

Two rows per subject: the window under way and the one before, of which the part not yet gone by
counts. All web processes and machines count together; a key is hashed, so that the table names
nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` tries `per` that long, under a name of its own."""

    name: str
    amount: int
    per: timedelta

    def window(self, at: datetime) -> tuple[int, float]:
        """Return the number of the window of `at`, and the share of it that has gone by."""
        position = at.timestamp() / self.per.total_seconds()
        return int(position), position - int(position)


class AttemptCount(models.Model):
    """How many tries in one window."""

    key = models.CharField(max_length=64)
    window = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "window"], name="accounts_one_count_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.count} in window {self.window}"


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from, as far as it can be believed.

    Each proxy adds on the right of X-Forwarded-For the address that it saw: the one that the
    farthest trusted proxy saw is believed, and nothing on its left, which anybody may write.
    """
    told = request.headers.get("X-Forwarded-For", "").split(",")
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = told[-proxies].strip() if 0 < proxies <= len(told) else ""
    return seen or str(request.META.get("REMOTE_ADDR", ""))


def consume(limit: Limit, subject: str, *, at: datetime) -> bool:
    """Count one try and say whether it is within the limit; a refused try is not counted.

    Tries made at the same moment are counted one by one by the database: two never pass for one.
    """
    key, (window, gone) = _key(limit, subject), limit.window(at)
    counts = AttemptCount.objects.filter(key=key)
    if not counts.filter(window=window).update(count=F("count") + 1):
        row = AttemptCount(key=key, window=window, expires_at=at + 2 * limit.per)
        AttemptCount.objects.bulk_create([row], ignore_conflicts=True)
        counts.filter(window=window).update(count=F("count") + 1)
    found = dict(counts.filter(window__in=(window - 1, window)).values_list("window", "count"))
    if found.get(window - 1, 0) * (1 - gone) + found.get(window, 0) <= limit.amount:
        return True
    give_back(limit, subject, at=at)
    return False


def give_back(limit: Limit, subject: str, *, at: datetime) -> None:
    """Take back the try counted just before: it was not one."""
    window, _ = limit.window(at)
    counts = AttemptCount.objects.filter(key=_key(limit, subject), window=window, count__gt=0)
    counts.update(count=F("count") - 1)


def forget(limit: Limit, subject: str) -> None:
    """Start again from nothing."""
    AttemptCount.objects.filter(key=_key(limit, subject)).delete()


def purge_counts(*, at: datetime) -> int:
    """Delete the counts that no longer count; return how many."""
    return AttemptCount.objects.filter(expires_at__lte=at).delete()[0]


def _key(limit: Limit, subject: str) -> str:
    text = f"{limit.name}:{subject}"
    return salted_hmac("maillage.web.accounts.limits", text, algorithm="sha256").hexdigest()
