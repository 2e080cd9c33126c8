"""What the register knows of people, and for how long: kept while it serves, then erased.

The page « Mentions légales et vie privée » tells the same durations; a test holds them together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from maillage.web.register.contacts import CONFIRM_WITHIN
from maillage.web.register.models import (
    Amendment,
    Contact,
    ContactMessage,
    Contribution,
    ImportBatch,
    ImportRow,
    Initiative,
    SavedSearch,
)
from maillage.web.register.models.choices import State
from maillage.web.register.models.life import LINK_LASTS

KEEP_UNCONFIRMED: Final = timedelta(days=30)
"""A suggestion whose author never confirmed an address; a spreadsheet tried and not brought in."""
KEEP_ADDRESS: Final = timedelta(days=365)
"""The address of who suggested: since the decision, or since the suggestion when there is none."""
KEEP_UNPUBLISHED: Final = timedelta(days=365)
"""The contact of a record that is refused, archived or merged: since its last change."""
KEEP_ROWS: Final = timedelta(days=365)
"""The lines of a spreadsheet as they were in the file."""
_AT_ONCE: Final = 500
_TOO_LATE: Final = "Cette ligne n’a pas été importée à temps : importez de nouveau le fichier."
_NOBODYS: Final = Q(created_by__isnull=True, organisation__isnull=True)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each were erased.

    drafts     and refused records, that nobody answers for
    addresses  of people who suggested
    contacts   with the links of those who wrote without account
    lines      of spreadsheets, as they were in the file
    """

    drafts: int
    suggestions: int
    addresses: int
    contacts: int
    lines: int


def forget(*, at: datetime) -> Forgotten:
    """Erase what has been kept as long as it had to be.

    A draft of an account or of an organisation is theirs: it is never erased here. That of an
    account that was deleted is nobody's.
    """
    strangers = Amendment.objects.filter(
        status=Amendment.Status.UNCONFIRMED, created_at__lte=at - KEEP_UNCONFIRMED
    )
    return Forgotten(
        drafts=_forget_records_of_nobody(at),
        suggestions=strangers.delete()[0],
        addresses=_forget_addresses(at),
        contacts=_forget_contacts(at),
        lines=_forget_lines(at),
    )


def forget_person(user: Any, addresses: frozenset[str]) -> None:
    """Erase what ties the register to somebody who closes their account.

    Their records stay, without an author. The contact of one of these stays if it is somebody
    else who confirmed it.
    """
    theirs = Q(pk__in=())
    for address in addresses:
        theirs |= Q(email__iexact=address)
    own = Q(initiative__created_by=user, initiative__organisation__isnull=True)
    Contact.objects.filter(theirs | (own & Q(confirmed_at__isnull=True))).delete()
    Contribution.objects.filter(theirs).delete()
    SavedSearch.objects.filter(theirs).delete()
    ContactMessage.objects.filter(sender_email__in=addresses).delete()
    Amendment.objects.filter(author_email__in=addresses).update(author_email="")


def _forget_records_of_nobody(at: datetime) -> int:
    """Erase drafts whose link is over, and refused records that nobody can take up again."""
    over = Q(contribution__isnull=True) | Q(contribution__expires_at__lte=at)
    left = Q(state=State.DRAFT, updated_at__lte=at - LINK_LASTS)
    refused = Q(state=State.REJECTED, updated_at__lte=at - KEEP_UNPUBLISHED)
    found = Initiative.objects.filter(_NOBODYS, over, left | refused)
    count = found.count()
    found.delete()
    return count


def _forget_addresses(at: datetime) -> int:
    decided = Q(decided_at__lte=at - KEEP_ADDRESS)
    waiting = Q(decided_at__isnull=True, created_at__lte=at - KEEP_ADDRESS)
    return (
        Amendment.objects.filter(decided | waiting).exclude(author_email="").update(author_email="")
    )


def _forget_contacts(at: datetime) -> int:
    """Erase contacts of what is not public any more, and addresses that nobody confirmed."""
    gone = Initiative.objects.filter(
        state__in=(State.REJECTED, State.ARCHIVED, State.MERGED),
        updated_at__lte=at - KEEP_UNPUBLISHED,
    )
    contacts = Contact.objects.filter(initiative__in=gone).delete()[0]
    links = Contribution.objects.filter(initiative__in=gone).delete()[0]
    silent = Contact.objects.filter(
        confirmed_at__isnull=True, asked_at__lte=at - CONFIRM_WITHIN
    ).exclude(email="")
    return contacts + links + silent.update(email="", asked_at=None)


def _forget_lines(at: datetime) -> int:
    """Erase the lines of old spreadsheets; what they brought in stays, and can be taken back."""
    tried = ImportBatch.objects.filter(
        status=ImportBatch.Status.CHECKED, created_at__lte=at - KEEP_UNCONFIRMED
    )
    n_tried = ImportRow.objects.filter(batch__in=tried).count()
    tried.delete()
    old = ImportRow.objects.filter(batch__created_at__lte=at - KEEP_ROWS).exclude(
        batch__status=ImportBatch.Status.RUNNING
    )
    waiting = old.filter(outcome=ImportRow.Outcome.WAITING)
    waiting.update(outcome=ImportRow.Outcome.ERROR, raw={}, errors=[["", _TOO_LATE]])
    return n_tried + _empty(old.exclude(raw={}))


def _empty(rows: QuerySet[ImportRow]) -> int:
    """Empty lines some hundreds at a time: nobody who writes waits long."""
    count = 0
    while keys := list(rows.values_list("pk", flat=True)[:_AT_ONCE]):
        count += ImportRow.objects.filter(pk__in=keys).update(raw={}, errors=[])
    return count
