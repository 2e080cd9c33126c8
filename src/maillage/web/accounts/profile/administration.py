"""Who administers the platform: given from the machine itself, never by a page."""

from datetime import datetime

from django.db import transaction

from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.people.models import User


def set_administrator(*, user: User, administers: bool, at: datetime) -> bool:
    """Give or take the administration of the platform; say whether that was a change."""
    verb = "user.made_administrator" if administers else "user.unmade_administrator"
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk).exclude(is_platform_administrator=administers)
        if not changed.update(is_platform_administrator=administers):
            return False
        record(verb, on=user, by=None, at=at, fields=("is_platform_administrator",))
    return True
