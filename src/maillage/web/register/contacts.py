"""Who to write to about a record: nothing is sent to an address before its reader agreed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from maillage.web.register.content.checking import without_unseen
from maillage.web.register.life.journaling import journal
from maillage.web.register.mails import send
from maillage.web.register.models import Contact, Contribution, Initiative

CONFIRM_WITHIN: Final = timedelta(days=30)
_CONFIRM: Final = "register.contact.confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenContact:
    """What somebody writes of the person to write to.

    consents  whether name and telephone number may be shown with the record
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    consents: bool = False

    def values(self) -> dict[str, str]:
        """Return the words as they are kept."""
        return {
            "name": " ".join(without_unseen(self.name).split())[:150],
            "email": self.email.strip().lower(),
            "phone": " ".join(without_unseen(self.phone).split())[:30],
        }


def keep_contact(*, initiative: Initiative, given: GivenContact, by: Any, at: datetime) -> Contact:
    """Write who to write to; an address that this person has not proven theirs is to be confirmed.

    A confirmation is of one address: another one needs its own.
    """
    values = given.values()
    with transaction.atomic():
        kept, _ = Contact.objects.select_for_update().get_or_create(initiative=initiative)
        touched = [name for name, value in values.items() if getattr(kept, name) != value]
        proven = values["email"] in _proven(initiative, by)
        if proven or "email" in touched:
            kept.confirmed_at, kept.asked_at = (at if proven else None), None
        for name, value in values.items():
            setattr(kept, name, value)
        kept.consented_at = (kept.consented_at or at) if given.consents else None
        kept.save()
        journal("initiative.contact", on=initiative, by=by, at=at, fields=touched)
    return kept


def ask_to_confirm(contact: Contact, *, at: datetime) -> bool:
    """Ask whoever reads the address whether they agree; say whether the message left."""
    token = signing.dumps([contact.pk, contact.email], salt=_CONFIRM)
    link = settings.SITE_URL + reverse("register:confirm_contact", args=[token])
    left = send(
        "register/mails/confirm_contact.txt",
        to=contact.email,
        subject=f"Être le contact de « {contact.initiative.title} » ?",
        context={"initiative": contact.initiative, "link": link},
    )
    if left:
        Contact.objects.filter(pk=contact.pk).update(asked_at=at)
    return left


def contact_of(token: str) -> Contact | None:
    """Return the contact of a link to confirm; None for another link or another address since."""
    try:
        pk, email = signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError):
        return None
    return Contact.objects.filter(pk=pk, email=email).select_related("initiative").first()


def confirm_contact(contact: Contact, *, at: datetime) -> None:
    """Write that whoever reads the address agrees; a second time changes nothing."""
    same = Contact.objects.filter(pk=contact.pk, email=contact.email, confirmed_at__isnull=True)
    same.update(confirmed_at=at)


def _proven(initiative: Initiative, by: Any) -> frozenset[str]:
    """Return the addresses that this person has shown to read."""
    if by is not None:
        return frozenset({by.email})
    confirmed = Contribution.objects.filter(initiative=initiative, confirmed_at__isnull=False)
    return frozenset(confirmed.exclude(email="").values_list("email", flat=True))
