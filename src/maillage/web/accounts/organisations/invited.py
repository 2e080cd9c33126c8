"""A visitor who came through an invitation, remembered by their session until they log in."""

from datetime import datetime

from django.http import HttpRequest

from maillage.web.accounts.organisations.inviting import still_stands
from maillage.web.accounts.organisations.models import Invitation

_SESSION_KEY = "accounts_invitation"


def remember_invitation(request: HttpRequest, invitation: Invitation) -> None:
    """Keep, in the session, that this visitor had the link in hand; never the link itself."""
    request.session[_SESSION_KEY] = invitation.public_id


def remembered_invitation(request: HttpRequest, *, at: datetime) -> Invitation | None:
    """Return the invitation that brought this visitor, None when there is none or it is over."""
    kept = request.session.get(_SESSION_KEY, "")
    found = Invitation.objects.open(at=at).select_related("organisation", "invited_by")
    invitation = found.filter(public_id=kept).first() if kept else None
    return invitation if invitation is not None and still_stands(invitation) else None


def forget_invitation(request: HttpRequest) -> None:
    """Let the invitation go: it was accepted, or is over."""
    request.session.pop(_SESSION_KEY, None)


def is_invited(request: HttpRequest, *, at: datetime) -> bool:
    """Say whether an invitation still open brought this visitor."""
    return remembered_invitation(request, at=at) is not None
