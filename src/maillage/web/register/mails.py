"""The messages of the register: short, in French, one fact each, and the link to act on it."""

import logging
from collections.abc import Sequence
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from maillage.core.errors import MaillageError
from maillage.web.accounts.models import User
from maillage.web.accounts.rights import Permission, roles_that_may
from maillage.web.register.models import Initiative

logger = logging.getLogger(__name__)
_REMINDER: Final = "register.reminder"


class NotSent(MaillageError):
    """No mail server took it: all is as before, to be tried again."""

    def __init__(self) -> None:
        super().__init__(
            "no mail server took the message",
            french="Le courriel n’a pas pu partir : réessayez dans un moment.",
        )


def send(template: str, *, to: str, subject: str, context: dict[str, Any]) -> bool:
    """Send a message from its template; nothing without an address. Says whether it was sent.

    The subject is one line: no name typed by anybody goes into the headers with a line break. A
    mail server that refuses or is away is written in the log: what was done stays done.
    """
    if not to:
        return False
    body = render_to_string(template, context)
    line = " ".join(subject.split())[:150]
    try:
        EmailMessage(f"[Maillage] {line}", body, settings.DEFAULT_FROM_EMAIL, [to]).send()
    except (OSError, SMTPException) as error:
        # The kind of the error alone: a mail server's refusal names the address that it refuses.
        logger.warning("A message of the register could not be sent (%s).", type(error).__name__)
        return False
    return True


def people_answering(initiative: Initiative) -> Sequence[User]:
    """Return the accounts that answer for a record: its author, else who writes for its body.

    What was written for an organisation is the organisation's: an author who left it is not told.
    """
    if initiative.organisation_id is None:
        author = initiative.created_by
        return [author] if author is not None and author.is_active else []
    writers = User.objects.active().filter(
        memberships__organisation=initiative.organisation_id,
        memberships__role__in=roles_that_may(Permission.CONTRIBUTE),
    )
    own = [one for one in writers if one.pk == initiative.created_by_id]
    return own or list(writers)


def address_of_holder(initiative: Initiative) -> str:
    """Return where to write to whoever answers for a record; "" when nobody does."""
    return next(iter(addresses_of_holder(initiative)), "")


def addresses_of_holder(initiative: Initiative) -> list[str]:
    """Return the address given for a record, else those of the accounts that answer for it.

    An address that whoever reads it has not confirmed is nobody's.
    """
    contact = getattr(initiative, "contact", None)
    if contact is not None and contact.email and contact.confirmed_at:
        return [str(contact.email)]
    contribution = getattr(initiative, "contribution", None)
    if contribution is not None and contribution.confirmed_at:
        return [str(contribution.email)]
    return [str(one.email) for one in people_answering(initiative)]


def send_reminder(initiative: Initiative) -> bool:
    """Ask whoever answers for a record without account to check it; says whether it was sent."""
    return send(
        "register/mails/reminder.txt",
        to=address_of_holder(initiative),
        subject=f"Votre fiche « {initiative.title} » est-elle à jour ?",
        context={
            "initiative": initiative,
            "site": settings.SITE_URL,
            "link": _reminder_link(initiative),
        },
    )


def send_news(*, to: str, subject: str, text: str, path: str) -> bool:
    """Tell one fact to somebody without account; says whether it was sent."""
    link = settings.SITE_URL + path if path else ""
    context = {"text": text, "link": link}
    return send("register/mails/news.txt", to=to, subject=subject, context=context)


def reminded_by(token: str) -> tuple[str, str] | None:
    """Return the record of a reminder's link and when it was reminded; None for another link."""
    try:
        public_id, reminded_at = signing.loads(token, salt=_REMINDER)
    except (signing.BadSignature, ValueError):
        return None
    return str(public_id), str(reminded_at)


def _reminder_link(initiative: Initiative) -> str:
    """Return the address by which a record is said to be right; it ends with its next check."""
    assert initiative.reminded_at is not None
    token = signing.dumps(
        [initiative.public_id, initiative.reminded_at.isoformat()], salt=_REMINDER
    )
    return settings.SITE_URL + reverse("register:check_by_link", args=[token])
