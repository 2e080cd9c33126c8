"""Close an account: the person is erased, what they did stays under a name that says nothing."""

from datetime import datetime
from typing import Final

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction

from maillage.web.accounts.journal.writing import pseudonym_of, record
from maillage.web.accounts.organisations.models import Invitation
from maillage.web.accounts.people.models import User
from maillage.web.accounts.profile.leaving import forget_everywhere

_TRIES: Final = 3


def delete_account(*, user: User, at: datetime) -> None:
    """Erase a person: address, name, password, codes, keys, memberships, notices, sessions.

    What others were told by their name goes too, and the invitations that they sent end. The
    journal keeps the pseudonym, whose link to the person is erased with them. Runs and territories
    that they made stay, without an author.
    """
    # Made if need be before any row is taken: who writes of the person meanwhile would wait for it.
    pseudonym_of(user)
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                _erase(User.objects.get(pk=user.pk), at)
        except IntegrityError:  # somebody wrote of the person meanwhile: that is to be erased too
            if not left:
                raise
        else:
            return


def _erase(user: User, at: datetime) -> None:
    pseudonym_of(user)  # read while it is there; the object remembers it
    for session in UserSession.objects.filter(user=user):
        session.end()
    addresses = _addresses(user)
    Invitation.objects.filter(email__in=addresses).delete()
    Invitation.objects.open(at=at).filter(invited_by=user).update(revoked_at=at)
    forget_everywhere(user, addresses)
    user.delete()
    # Last: whoever waits for the journal may hold a row that the deletion touches.
    record("user.deleted", on=user, by=user, at=at)


def _addresses(user: User) -> frozenset[str]:
    """Return the addresses that are the person's, in lower case: nobody else's is touched."""
    proven = EmailAddress.objects.filter(user=user, verified=True)
    return frozenset(one.lower() for one in (user.email, *proven.values_list("email", flat=True)))
