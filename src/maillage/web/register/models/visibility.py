"""Who may see, write or judge an initiative: filters for queries, closed by default.

Rights come from the one table of `accounts.rights`. A role over a territory reaches what was sent
there, never the drafts of others; a role in an organisation reaches all that it answers for.
"""

from typing import Any

from django.db.models import Q

from maillage.web.accounts.rights import Permission
from maillage.web.accounts.scopes import Reach, member_organisations, reach_of
from maillage.web.register.models.choices import State

NOBODY = Q(pk__in=())
# Not Q(), which disappears when it is joined to another filter by « or ».
EVERYTHING = Q(pk__isnull=False)


def seen_by(user: Any) -> Q:
    """Return the filter of the initiatives that this person sees before they are public."""
    return _in_own_name(user) | _reached(reach_of(user, Permission.SEE_UNPUBLISHED))


def moderated_by(user: Any) -> Q:
    """Return the filter of the initiatives that this person may publish or refuse."""
    return _reached(reach_of(user, Permission.MODERATE))


def written_by(user: Any) -> Q:
    """Return the filter of the initiatives for which this person writes."""
    own = member_organisations(user, Permission.CONTRIBUTE)
    return _in_own_name(user) | Q(organisation_id__in=own)


def may_import(user: Any) -> bool:
    """Say whether this person may bring spreadsheets in, somewhere."""
    return bool(reach_of(user, Permission.IMPORT))


def may_moderate(user: Any) -> bool:
    """Say whether this person moderates, somewhere."""
    return bool(reach_of(user, Permission.MODERATE))


def _in_own_name(user: Any) -> Q:
    """Return the filter of what one wrote for oneself.

    What one wrote for an organisation is the organisation's: one's role there decides, and who
    has left it writes it no more.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    return Q(created_by_id=user.pk, organisation__isnull=True)


def _reached(reach: Reach) -> Q:
    if reach.everywhere:
        return EVERYTHING
    of_organisation = Q(organisation_id__in=reach.organisation_ids)
    sent = ~Q(state=State.DRAFT)
    return of_organisation | (sent & reach.q(territories="territories"))
