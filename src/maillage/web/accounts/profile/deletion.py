"""Close an account: the person is erased, what they did stays under a name that says nothing."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.organisations.models import Invitation
from maillage.web.accounts.people.models import User


def delete_account(*, user: User, at: datetime) -> None:
    """Erase a person: address, name, password, codes, keys, memberships, notices, sessions.

    The journal keeps the pseudonym, whose link to the person is erased with them. Runs and
    territories that they made stay, without an author.
    """
    sessions = list(UserSession.objects.filter(user=user))
    with transaction.atomic():
        record("user.deleted", on=user, by=user, at=at)
        for session in sessions:
            session.end()
        Invitation.objects.filter(email=user.email).delete()
        user.delete()
