"""Invitations: a single-use link, kept as a hash, that ends by itself."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from maillage.web.accounts.journal.writing import record
from maillage.web.accounts.limits import Limit, consume
from maillage.web.accounts.link_secrets import derived_secret, hashed
from maillage.web.accounts.organisations.actions import check_right, join, roles_in
from maillage.web.accounts.organisations.errors import (
    AlreadyMember,
    InvitationForSomebodyElse,
    InvitationOver,
    NotAllowed,
    TooManyInvitations,
)
from maillage.web.accounts.organisations.models import (
    Invitation,
    Membership,
    Organisation,
    new_public_id,
)
from maillage.web.accounts.people.models import User
from maillage.web.accounts.rights import ROLE_LABELS, Permission, Role, may_give

logger = logging.getLogger(__name__)
_LINK: Final = "maillage.web.accounts.invitation"
VALID_FOR: Final = timedelta(days=14)
PER_DAY: Final = Limit("invitation", 50, timedelta(days=1))


def roles_to_give(by: Any, organisation: Organisation) -> tuple[Role, ...]:
    """Return the roles that `by` may hand out there, from the least to the most."""
    here = roles_in(by, organisation)
    return tuple(role for role in Role if any(may_give(giver, role) for giver in here))


def invite(
    *, organisation: Organisation, email: str, role: Role, by: User, at: datetime
) -> tuple[Invitation, str]:
    """Send a link to an address; return the invitation and the secret of its link.

    An earlier invitation of the same address ends. Raises NotAllowed, AlreadyMember,
    TooManyInvitations.
    """
    _check_may_invite(by, organisation, role)
    email = email.strip().lower()
    if Membership.objects.filter(organisation=organisation, user__email=email).exists():
        raise AlreadyMember("this address belongs to a member.")
    if not consume(PER_DAY, by.public_id, at=at):
        raise TooManyInvitations(f"more than {PER_DAY.amount} a day.")
    public_id = new_public_id()
    secret = derived_secret(_LINK, public_id)
    with transaction.atomic():
        open_ones = Invitation.objects.open(at=at)
        open_ones.filter(organisation=organisation, email=email).update(revoked_at=at)
        invitation = Invitation.objects.create(
            public_id=public_id,
            organisation=organisation,
            email=email,
            role=role,
            secret_hash=hashed(secret),
            invited_by=by,
            created_at=at,
            expires_at=at + VALID_FOR,
        )
        record("invitation.sent", on=invitation, by=by, at=at, fields=("email", "role"))
        transaction.on_commit(lambda: mail_invitation(invitation, at=at))
    return invitation, secret


def mail_invitation(invitation: Invitation, *, at: datetime) -> bool:
    """Send its link, once; say whether it left now.

    A mail server that refuses or is away is written in the log: the link leaves with a later call.
    """
    same = Invitation.objects.filter(pk=invitation.pk)
    secret = derived_secret(_LINK, invitation.public_id)
    # The hash again: the key of the site may have changed since the link could not leave.
    taken = same.open(at=at).filter(mailed_at__isnull=True)
    if not taken.update(mailed_at=at, secret_hash=hashed(secret)):
        return False
    try:
        _send(invitation, secret)
    except (OSError, SMTPException) as error:
        # The kind of the error alone: a mail server's refusal names the address that it refuses.
        kind = type(error).__name__
        logger.warning("An invitation could not be sent (%s); it will be tried again.", kind)
        same.filter(mailed_at=at).update(mailed_at=None)
        return False
    return True


def mail_due(*, at: datetime) -> int:
    """Send the links that could not leave; return how many did."""
    waiting = Invitation.objects.open(at=at).filter(mailed_at__isnull=True)
    due = waiting.select_related("organisation", "invited_by")
    return sum(still_stands(one) and mail_invitation(one, at=at) for one in due)


def still_stands(invitation: Invitation) -> bool:
    """Say whether who sent it may still give that role there: it outlives nobody's right."""
    try:
        _check_may_invite(invitation.invited_by, invitation.organisation, Role(invitation.role))
    except NotAllowed:
        return False
    return True


def revoke_invitation(*, invitation: Invitation, by: Any, at: datetime) -> bool:
    """End an invitation; say whether it was open."""
    check_right(by, Permission.INVITE_MEMBERS, invitation.organisation)
    with transaction.atomic():
        ended = Invitation.objects.open(at=at).filter(pk=invitation.pk).update(revoked_at=at)
        if ended:
            record("invitation.revoked", on=invitation, by=by, at=at)
    return bool(ended)


def invitation_of(secret: str, *, at: datetime) -> Invitation:
    """Return the open invitation of a link. Raises InvitationOver, the same for any bad link."""
    found = Invitation.objects.open(at=at).select_related("organisation", "invited_by")
    invitation = found.filter(secret_hash=hashed(secret)).first()
    if invitation is None or not still_stands(invitation):
        raise InvitationOver("no open invitation has this secret.")
    return invitation


def accept_invitation(*, invitation: Invitation, user: User, at: datetime) -> Organisation:
    """Make the person a member, once: of two clicks at the same moment one wins.

    Raises InvitationOver, InvitationForSomebodyElse, AlreadyMember.
    """
    if invitation.email != user.email:
        raise InvitationForSomebodyElse("the account has another address.")
    if not still_stands(invitation):
        raise InvitationOver("who sent it may not give this role any more.")
    with transaction.atomic():
        if not Invitation.objects.open(at=at).filter(pk=invitation.pk).update(accepted_at=at):
            raise InvitationOver("it was used, revoked, or is over.")
        role, organisation = Role(invitation.role), invitation.organisation
        join(organisation=organisation, user=user, role=role, by=user, at=at)
        record("invitation.accepted", on=invitation, by=user, at=at)
    return organisation


def _check_may_invite(by: Any, organisation: Organisation, role: Role) -> None:
    check_right(by, Permission.INVITE_MEMBERS, organisation)
    if role not in roles_to_give(by, organisation):
        raise NotAllowed(f"{role} cannot be given.")


def _send(invitation: Invitation, secret: str) -> None:
    context = {
        "invitation": invitation,
        "role": ROLE_LABELS[Role(invitation.role)],
        "link": settings.SITE_URL + reverse("accounts:invitation", args=[secret]),
    }
    name = " ".join(str(invitation.organisation).split())  # a header is one line
    EmailMessage(
        subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}Invitation : {name}",
        body=render_to_string("accounts/email/invitation.txt", context),
        to=[invitation.email],
    ).send()
