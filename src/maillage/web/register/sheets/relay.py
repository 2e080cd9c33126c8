"""Messages to the holder: neither side learns the other's address from us; silence is counted.

The sender confirms an address, the message leaves; the holder answers on a page, by a link of
their own. Nothing leaves for an address that nobody confirmed, and what did not leave is not
counted as sent.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from maillage.web.accounts.link_secrets import hashed, new_secret
from maillage.web.register.content.checking import without_unseen
from maillage.web.register.mails import NotSent, addresses_of_holder, send
from maillage.web.register.models import ContactMessage, Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.telling import tell_silence

SILENT_AFTER: Final = timedelta(days=30)
"""From then on a message that was not answered is shown as such."""
CONFIRM_WITHIN: Final = timedelta(days=3)
FORGOTTEN_AFTER: Final = timedelta(days=365)


def write_message(
    *, initiative: Initiative, name: str, email: str, text: str, at: datetime
) -> ContactMessage:
    """Keep a message until its sender confirms their address, and ask them to. Raises NotSent."""
    secret = new_secret()
    message = ContactMessage.objects.create(
        initiative=initiative,
        secret_hash=hashed(secret),
        sender_name=without_unseen(name),
        sender_email=email,
        text=without_unseen(text),
        created_at=at,
    )
    link = settings.SITE_URL + reverse("register:confirm_message", args=[secret])
    asked = send(
        "register/mails/confirm_message.txt",
        to=email,
        subject="Confirmez votre message",
        context={"initiative": initiative, "link": link},
    )
    if not asked:
        message.delete()
        raise NotSent
    return message


def pass_on(*, secret: str, at: datetime) -> ContactMessage | None:
    """Send the message of a confirmed sender to the holder, once; None for another link.

    Raises NotSent when it reached nobody: the same link sends it later.
    """
    answer_secret = new_secret()
    with transaction.atomic():
        waiting = ContactMessage.objects.filter(
            secret_hash=hashed(secret), sent_at__isnull=True, created_at__gt=at - CONFIRM_WITHIN
        )
        if not waiting.update(sent_at=at, secret_hash=hashed(answer_secret)):
            return None
    message = _related().get(secret_hash=hashed(answer_secret))
    link = settings.SITE_URL + reverse("register:answer_message", args=[answer_secret])
    reached = [
        send(
            "register/mails/message.txt",
            to=address,
            subject=f"Un message au sujet de « {message.initiative.title} »",
            context={"message": message, "link": link},
        )
        for address in addresses_of_holder(message.initiative)
    ]
    if not any(reached):
        same = ContactMessage.objects.filter(pk=message.pk, answered_at__isnull=True)
        same.update(sent_at=None, secret_hash=hashed(secret))
        raise NotSent
    return message


def waiting_message(secret: str) -> ContactMessage | None:
    """Return the message that this link confirms or answers; None for another link."""
    return _related().filter(secret_hash=hashed(secret)).first()


def answer(*, secret: str, text: str, at: datetime) -> ContactMessage | None:
    """Send the holder's answer to the sender, once; None for another link. Raises NotSent."""
    waiting = ContactMessage.objects.filter(
        secret_hash=hashed(secret), sent_at__isnull=False, answered_at__isnull=True
    )
    if not waiting.update(answered_at=at, answer=without_unseen(text)):
        return None
    message = _related().get(secret_hash=hashed(secret))
    left = send(
        "register/mails/answer.txt",
        to=message.sender_email,
        subject=f"Réponse au sujet de « {message.initiative.title} »",
        context={"message": message},
    )
    if not left:
        ContactMessage.objects.filter(pk=message.pk).update(answered_at=None, answer="")
        raise NotSent
    return message


def unanswered(initiative: Initiative, *, at: datetime) -> int:
    """Return how many messages have had no answer for a month."""
    return initiative.messages.filter(
        sent_at__lte=at - SILENT_AFTER, answered_at__isnull=True
    ).count()


def remind_silent(*, at: datetime) -> int:
    """Remind, once, those who left a message without answer for a month; return of how many."""
    silent = _related().filter(
        sent_at__lte=at - SILENT_AFTER,
        answered_at__isnull=True,
        reminded_at__isnull=True,
        initiative__state=State.PUBLISHED,
    )
    return sum(_remind(message, at) for message in silent)


def forget_messages(*, at: datetime) -> int:
    """Erase the messages that were never confirmed, and those of a year ago; return how many."""
    unconfirmed = ContactMessage.objects.filter(
        sent_at__isnull=True, created_at__lte=at - CONFIRM_WITHIN
    )
    old = ContactMessage.objects.filter(created_at__lte=at - FORGOTTEN_AFTER)
    return unconfirmed.delete()[0] + old.delete()[0]


def _remind(message: ContactMessage, at: datetime) -> bool:
    with transaction.atomic():
        still = ContactMessage.objects.filter(
            pk=message.pk, reminded_at__isnull=True, answered_at__isnull=True
        )
        if not still.update(reminded_at=at):
            return False
        tell_silence(message.initiative, number=message.pk, at=at)
    return True


def _related() -> QuerySet[ContactMessage]:
    return ContactMessage.objects.select_related(
        "initiative__created_by", "initiative__contact", "initiative__contribution"
    )
