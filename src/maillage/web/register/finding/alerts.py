"""Searches followed by e-mail: asked, confirmed, told of what is new, stopped. No account needed.

Links are signed, not stored: the same message can be stopped years later, and the database holds
nothing that stops or confirms in somebody's place.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from maillage.core.errors import InputError
from maillage.web.register.finding.asking import select, understand
from maillage.web.register.finding.criteria import Criteria, criteria_of
from maillage.web.register.finding.presenting import title_of
from maillage.web.register.finding.publications import last_publication
from maillage.web.register.models import Initiative, SavedSearch

logger = logging.getLogger(__name__)
CONFIRM_WITHIN: Final = timedelta(days=3)
MOST_TOLD: Final = 30
WAIT: Final = {
    SavedSearch.Rhythm.DAILY: timedelta(hours=23),
    SavedSearch.Rhythm.WEEKLY: timedelta(days=7) - timedelta(hours=1),
}
_CONFIRM: Final = "register.alert.confirm"
_STOP: Final = "register.alert.stop"


def follow(*, email: str, criteria: Criteria, rhythm: str, at: datetime) -> SavedSearch:
    """Ask to follow a search: nothing is sent but one message to confirm, and only once a time.

    A search already followed is left as it is, so that nobody learns that it is. Raises InputError
    for one too long to be kept.
    """
    kept = _criteria_kept(criteria)
    _check_length(kept)
    with transaction.atomic():
        saved, _ = SavedSearch.objects.get_or_create(
            email=email.strip().lower(),
            query=kept.query(),
            defaults={
                "title": title_of(kept)[:300],
                "rhythm": rhythm,
                "created_at": at,
                "told_until": last_publication(),
            },
        )
    if saved.confirmed_at is None:
        _renew(saved, rhythm=rhythm, at=at)
        _send(
            saved,
            "register/mails/alert_confirm.txt",
            f"Confirmez : {saved.title}",
            {"link": confirm_link(saved)},
        )
    return saved


def _renew(saved: SavedSearch, *, rhythm: str, at: datetime) -> None:
    """Let a search not confirmed yet begin at its last asking, as the link sent then does."""
    waiting = SavedSearch.objects.filter(pk=saved.pk, confirmed_at__isnull=True)
    waiting.update(created_at=at, rhythm=rhythm)


def _criteria_kept(criteria: Criteria) -> Criteria:
    """Return what a followed search keeps: not the order of a list."""
    return criteria_of("&".join(part for part in criteria.query().split("&") if part[:4] != "tri="))


def _check_length(kept: Criteria) -> None:
    found, most = len(kept.query()), SavedSearch._meta.get_field("query").max_length
    if found > most:
        raise InputError(
            f"The search has {found} characters as an address: expected {most} at most. "
            "Take words or filters away.",
            french="Cette recherche est trop longue pour être suivie : retirez des mots ou des "
            "filtres.",
        )


def confirm_link(saved: SavedSearch) -> str:
    """Return the address that confirms, good for three days."""
    token = signing.dumps(saved.public_id, salt=_CONFIRM)
    return settings.SITE_URL + reverse("register:alert", args=[token])


def stop_link(saved: SavedSearch) -> str:
    """Return the address that stops, good for ever."""
    token = signing.Signer(salt=_STOP).sign(saved.public_id)
    return settings.SITE_URL + reverse("register:alert_stop", args=[token])


def to_confirm(token: str) -> SavedSearch | None:
    """Return the search of a link to confirm; none for a link too old, wrong or stopped."""
    try:
        public_id = signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return SavedSearch.objects.filter(public_id=public_id).first()


def to_stop(token: str) -> SavedSearch | None:
    """Return the search of a link to stop; none for a wrong link or one already used."""
    try:
        public_id = signing.Signer(salt=_STOP).unsign(token)
    except signing.BadSignature:
        return None
    return SavedSearch.objects.filter(public_id=public_id).first()


def confirm(saved: SavedSearch, *, at: datetime) -> None:
    """Begin to tell what is new from now on; a second confirmation changes nothing."""
    SavedSearch.objects.filter(pk=saved.pk, confirmed_at__isnull=True).update(
        confirmed_at=at, told_until=last_publication()
    )


def stop(saved: SavedSearch) -> None:
    """Forget the search and the address."""
    saved.delete()


def send_due(*, at: datetime) -> int:
    """Tell what is new to whoever is due; return how many messages left.

    What is told is noted before it is sent, so that two processes never send the same; a message
    that the mail server refuses is told at the next call.
    """
    sent = 0
    for saved in SavedSearch.objects.filter(confirmed_at__isnull=False).order_by("pk").iterator():
        if (
            saved.sent_at is not None
            and at - saved.sent_at < WAIT[SavedSearch.Rhythm(saved.rhythm)]
        ):
            continue
        until = last_publication()  # before the index is read, which then has all up to it
        new, count = news_of(saved, until=until)
        if not new:
            continue
        noted = SavedSearch.objects.filter(pk=saved.pk, told_until=saved.told_until).update(
            told_until=until, sent_at=at
        )
        sent += bool(noted) and _told(saved, new, count, until=until)
    return sent


def news_of(saved: SavedSearch, *, until: int) -> tuple[Sequence[Initiative], int]:
    """Return what became public since the last message, the latest first, and how many in all."""
    if until <= saved.told_until:
        return [], 0
    criteria = criteria_of(saved.query)
    found = select(criteria, understand(criteria)).filter(
        publication__number__gt=saved.told_until, publication__number__lte=until
    )
    return list(found.order_by("-publication__number")[:MOST_TOLD]), found.count()


def purge(*, at: datetime) -> int:
    """Forget the addresses that nobody confirmed; return how many."""
    old = SavedSearch.objects.filter(confirmed_at__isnull=True, created_at__lte=at - CONFIRM_WITHIN)
    return old.delete()[0]


def _told(saved: SavedSearch, new: Sequence[Initiative], count: int, *, until: int) -> bool:
    """Send the news; when that fails, put back what was noted and say so."""
    try:
        _tell(saved, new, count)
    except (OSError, SMTPException) as error:
        # The kind of the error alone: a mail server's refusal names the address that it refuses.
        kind = type(error).__name__
        logger.warning("An alert could not be sent (%s); it will be tried again.", kind)
        noted = SavedSearch.objects.filter(pk=saved.pk, told_until=until)
        noted.update(told_until=saved.told_until, sent_at=saved.sent_at)
        return False
    return True


def _tell(saved: SavedSearch, new: Sequence[Initiative], count: int) -> None:
    context = {
        "initiatives": new,
        "count": count,
        "more": max(count - len(new), 0),
        "site": settings.SITE_URL,
        "list": f"{settings.SITE_URL}{reverse('register:list')}?{saved.query}",
    }
    plural = "s" if count > 1 else ""
    _send(
        saved,
        "register/mails/alert.txt",
        f"{count} nouvelle{plural} initiative{plural} : {saved.title}",
        context,
    )


def _send(saved: SavedSearch, template: str, subject: str, context: dict[str, Any]) -> None:
    """Send a message that any mail program can stop with one click (RFC 8058)."""
    link = stop_link(saved)
    body = render_to_string(template, context | {"saved": saved, "stop": link})
    line = " ".join(subject.split())[:150]
    headers = {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    sender = settings.DEFAULT_FROM_EMAIL
    EmailMessage(f"[Maillage] {line}", body, sender, [saved.email], headers=headers).send()
