"""The messages of the register: short, in French, one fact each, and the link to act on it."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from maillage.web.register.models import Initiative


def send(template: str, *, to: str, subject: str, context: dict[str, Any]) -> bool:
    """Send a message from its template; nothing without an address. Says whether it was sent.

    The subject is one line: no name typed by anybody goes into the headers with a line break.
    """
    if not to:
        return False
    body = render_to_string(template, context)
    line = " ".join(subject.split())[:150]
    EmailMessage(f"[Maillage] {line}", body, settings.DEFAULT_FROM_EMAIL, [to]).send()
    return True


def address_of_holder(initiative: Initiative) -> str:
    """Return where to write to whoever answers for a record; "" when nobody does."""
    contact = getattr(initiative, "contact", None)
    if contact is not None and contact.email:
        return str(contact.email)
    contribution = getattr(initiative, "contribution", None)
    if contribution is not None and contribution.confirmed_at:
        return str(contribution.email)
    user = initiative.created_by
    return str(user.email) if user is not None and user.is_active else ""


def send_reminder(initiative: Initiative) -> bool:
    """Ask whoever answers for a record to check it."""
    return send(
        "register/mails/reminder.txt",
        to=address_of_holder(initiative),
        subject=f"Votre fiche « {initiative.title} » est-elle à jour ?",
        context={"initiative": initiative, "site": settings.SITE_URL},
    )


def send_decision(initiative: Initiative, *, reason: str) -> bool:
    """Tell the author what moderators decided."""
    return send(
        "register/mails/decision.txt",
        to=address_of_holder(initiative),
        subject=f"Votre fiche « {initiative.title} » : {initiative.get_state_display().lower()}",
        context={"initiative": initiative, "reason": reason, "site": settings.SITE_URL},
    )
