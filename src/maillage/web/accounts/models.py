"""Models of the accounts, for Django; each lives with its part."""

from maillage.web.accounts.journal.models import AccessEntry, Identity, JournalEntry, JournalHead
from maillage.web.accounts.keys.models import ApiKey
from maillage.web.accounts.limits import AttemptCount
from maillage.web.accounts.notices.models import Notice
from maillage.web.accounts.organisations.models import (
    Invitation,
    Membership,
    Organisation,
    TerritoryRole,
)
from maillage.web.accounts.people.models import User

__all__ = [
    "AccessEntry",
    "ApiKey",
    "AttemptCount",
    "Identity",
    "Invitation",
    "JournalEntry",
    "JournalHead",
    "Membership",
    "Notice",
    "Organisation",
    "TerritoryRole",
    "User",
]
