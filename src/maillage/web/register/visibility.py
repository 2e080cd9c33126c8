"""Who may see or judge an initiative that is not public: filters, closed by default."""

from typing import Any

from django.db.models import Q

NOBODY = Q(pk__in=())


def seen_by(user: Any) -> Q:
    """Return the filter of the initiatives that this person sees before they are public."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    if user.is_platform_administrator:
        return Q()
    return Q(created_by_id=user.pk)


def moderated_by(user: Any) -> Q:
    """Return the filter of the initiatives that this person may publish or refuse."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    return Q() if user.is_platform_administrator else NOBODY


def written_by(user: Any) -> Q:
    """Return the filter of the initiatives for which this person writes."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    return Q(created_by_id=user.pk)
