"""Tell people facts: write them down now, send them at each one's pace."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from maillage.web.accounts.notices.models import Notice
from maillage.web.accounts.people.models import NoticePace, User

logger = logging.getLogger(__name__)

DAY: Final = timedelta(hours=24)
_CLAIM: Final = timedelta(minutes=5)
_SALT: Final = "maillage.web.accounts.notices"


def notify(
    people: Iterable[User],
    *,
    fact: str,
    subject: str,
    text: str,
    path: str,
    by: Any,
    at: datetime,
    about: User | None = None,
) -> int:
    """Write a fact down for each person but its author; return for how many it is news.

    about  whoever `subject` or `text` names: what is told of them goes with their account

    A fact already told to somebody is not told again. Who wants no message gets none.
    """
    author = getattr(by, "pk", None)
    wanted = {person.pk for person in people if person.pk != author and person.is_active}
    wanted -= set(
        User.objects.filter(pk__in=wanted, notice_pace=NoticePace.NONE).values_list("pk", flat=True)
    )
    told = Notice.objects.filter(user__in=wanted, fact=fact).values_list("user_id", flat=True)
    news = wanted - set(told)
    # A header is one line, and its column holds so much, whatever the names in it.
    line = " ".join(subject.split())[: Notice._meta.get_field("subject").max_length]
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=pk,
                about=about,
                fact=fact,
                subject=line,
                text=text,
                path=path,
                created_at=at,
            )
            for pk in sorted(news)
        ],
        ignore_conflicts=True,
    )
    return len(news)


def send_due(*, at: datetime) -> int:
    """Send what is due, one message per fact or per day; return how many messages left.

    Several processes may call it: each takes a person's facts under a claim of some minutes. A
    message that the server refuses is tried again at the next call after that.
    """
    sent = 0
    for user in User.objects.active().filter(pk__in=_due(at).values("user_id")):
        notices = _claim(user, at=at)
        messages = [notices] if user.notice_pace == NoticePace.DAILY else [[n] for n in notices]
        for told in messages:
            sent += bool(told) and _send(user, told, at=at)
    return sent


def unsubscribe_token(user: User) -> str:
    """Return the text that proves, in a link, that its bearer reads this person's mail."""
    return signing.dumps(user.public_id, salt=_SALT)


def unsubscribed_by(token: str) -> User | None:
    """Return the person of an unsubscribe link, None when it is not one of ours."""
    try:
        public_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(public_id=public_id).first()


def _due(at: datetime) -> Any:
    """Return what can be sent now: all for the quick, a day's worth for the others."""
    told_lately = Notice.objects.filter(sent_at__gt=at - DAY).values("user_id")
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    quick = Q(user__notice_pace=NoticePace.IMMEDIATE)
    daily = Q(user__notice_pace=NoticePace.DAILY) & ~Q(user__in=told_lately)
    return Notice.objects.filter(free & (quick | daily), sent_at__isnull=True)


def _claim(user: User, *, at: datetime) -> list[Notice]:
    """Take this person's facts, those that no other process has taken, oldest first."""
    keys = list(_due(at).filter(user=user).values_list("pk", flat=True))
    mine = [
        key
        for key in keys
        if Notice.objects.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=at), pk=key, sent_at__isnull=True
        ).update(claimed_until=at + _CLAIM)
    ]
    return list(Notice.objects.filter(pk__in=mine).order_by("created_at", "pk"))


def _send(user: User, notices: list[Notice], *, at: datetime) -> bool:
    stop = settings.SITE_URL + reverse("accounts:unsubscribe", args=[unsubscribe_token(user)])
    subject = notices[0].subject if len(notices) == 1 else f"{len(notices)} nouvelles"
    context = {"notices": notices, "site_url": settings.SITE_URL, "stop": stop}
    message = EmailMessage(
        subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}",
        body=render_to_string("accounts/email/notices.txt", context),
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    try:
        message.send()
    except (OSError, SMTPException) as error:
        # The kind of the error alone: a mail server's refusal names the address that it refuses.
        kind = type(error).__name__
        logger.warning("A notice could not be sent (%s); it will be tried again.", kind)
        return False
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=at)
    return True
