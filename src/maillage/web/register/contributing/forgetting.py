"""What people began without account and left: kept as long as its link works, then erased."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from maillage.web.register.models import Amendment, Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.models.life import LINK_LASTS

KEEP_UNCONFIRMED: Final = timedelta(days=30)
"""A suggestion whose author never confirmed an address."""
KEEP_ADDRESS: Final = timedelta(days=365)
"""The address of who suggested, once the suggestion is decided."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each were erased."""

    drafts: int
    suggestions: int
    addresses: int


def forget_unconfirmed(*, at: datetime) -> Forgotten:
    """Erase drafts whose link is over, suggestions never confirmed, addresses out of use.

    A draft of an account or of an organisation is theirs: it is never erased here. That of an
    account that was deleted is nobody's.
    """
    over = Q(contribution__isnull=True) | Q(contribution__expires_at__lte=at)
    drafts = Initiative.objects.filter(
        over,
        state=State.DRAFT,
        created_by__isnull=True,
        organisation__isnull=True,
        updated_at__lte=at - LINK_LASTS,
    )
    n_drafts = drafts.count()
    drafts.delete()
    strangers = Amendment.objects.filter(
        status=Amendment.Status.UNCONFIRMED, created_at__lte=at - KEEP_UNCONFIRMED
    )
    addresses = Amendment.objects.filter(decided_at__lte=at - KEEP_ADDRESS)
    return Forgotten(
        drafts=n_drafts,
        suggestions=strangers.delete()[0],
        addresses=addresses.exclude(author_email="").update(author_email=""),
    )
