"""The link of a person without account: made, sent, found again, confirmed."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from maillage.web.accounts.link_secrets import hashed, new_secret
from maillage.web.register.content.fields import Content
from maillage.web.register.life.actors import Actor
from maillage.web.register.life.editing import start_draft
from maillage.web.register.mails import send
from maillage.web.register.models import Contact, Contribution, Initiative
from maillage.web.register.models.life import LINK_LASTS


def start_contribution(*, content: Content, at: datetime) -> tuple[Initiative, str]:
    """Write a draft without account; return it with the secret of its link."""
    secret = new_secret()
    initiative = start_draft(content=content, actor=Actor.by_link(), at=at)
    Contribution.objects.create(
        initiative=initiative,
        secret_hash=hashed(secret),
        created_at=at,
        expires_at=at + LINK_LASTS,
    )
    return initiative, secret


def find_contribution(secret: str, *, at: datetime) -> Contribution | None:
    """Return the contribution of a link that still works; None otherwise."""
    given = hashed(secret)
    return (
        Contribution.objects.open(at=at)
        .filter(Q(secret_hash=given) | Q(mailed_hash=given))
        .select_related("initiative")
        .first()
    )


def mail_link(*, contribution: Contribution, email: str, at: datetime) -> bool:
    """Send a fresh link to an address; what an earlier address had confirmed is forgotten.

    Says whether it left.
    """
    secret = new_secret()
    kept = email == contribution.email and contribution.confirmed_at is not None
    contribution.email = email
    contribution.mailed_hash = hashed(secret)
    contribution.confirmed_at = contribution.confirmed_at if kept else None
    contribution.expires_at = at + LINK_LASTS
    contribution.save()
    path = reverse("register:resume", args=[secret])
    return send(
        "register/mails/resume.txt",
        to=email,
        subject=f"Votre fiche « {contribution.initiative.title} »",
        context={
            "initiative": contribution.initiative,
            "link": settings.SITE_URL + path,
            "until": contribution.expires_at,
        },
    )


def confirm_address(*, secret: str, at: datetime) -> Contribution | None:
    """Write that whoever has the link sent by e-mail reads that address; None for another link.

    The same address given as the contact of the sheet is proven with it.
    """
    found = Contribution.objects.open(at=at).filter(mailed_hash=hashed(secret)).exclude(email="")
    if not found.update(confirmed_at=at):
        return None
    contribution = found.select_related("initiative").get()
    same = Contact.objects.filter(initiative=contribution.initiative, email=contribution.email)
    same.filter(confirmed_at__isnull=True).update(confirmed_at=at)
    return contribution
