"""What no longer serves is deleted; messages that are due leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from maillage.web.accounts.journal.models import AccessEntry
from maillage.web.accounts.limits import purge_counts
from maillage.web.accounts.notices.models import Notice
from maillage.web.accounts.organisations.models import Invitation
from maillage.web.accounts.people.models import User

KEEP_ACCESS: Final = timedelta(days=366)
KEEP_INVITATION: Final = timedelta(days=90)
KEEP_NOTICE: Final = timedelta(days=365)
KEEP_UNCONFIRMED: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows went."""

    unconfirmed: int
    invitations: int
    notices: int
    accesses: int
    counts: int
    sessions: int

    def in_words(self) -> dict[str, int]:
        """Return the numbers by French word."""
        return {
            "comptes": self.unconfirmed,
            "invitations": self.invitations,
            "nouvelles": self.notices,
            "accès": self.accesses,
            "compteurs": self.counts,
            "sessions": self.sessions,
        }


def tidy(*, at: datetime) -> Tidied:
    """Delete accounts never confirmed, and what was kept as long as it had to be."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user_id")
    strangers = User.objects.filter(last_login__isnull=True, date_joined__lte=at - KEEP_UNCONFIRMED)
    old = {
        "unconfirmed": strangers.exclude(pk__in=confirmed).exclude(is_platform_administrator=True),
        "invitations": Invitation.objects.filter(expires_at__lte=at - KEEP_INVITATION),
        "notices": Notice.objects.filter(created_at__lte=at - KEEP_NOTICE),
        "accesses": AccessEntry.objects.filter(at__lte=at - KEEP_ACCESS),
        "sessions": Session.objects.filter(expire_date__lte=at),
    }
    gone = {name: rows.delete()[0] for name, rows in old.items()}
    # The address and the browser of a session are known as long as it is open, no longer.
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return Tidied(counts=purge_counts(at=at), **gone)
