"""Who is told what happens to a record, and by which way.

People with an account are told by `accounts.notices`: one fact each, at their own pace, never
about what they did themselves. Whoever answers for a record without account is written to, at the
address that they confirmed or that the record gives. Facts are written down within the change that
they tell of; messages leave once it is done.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from maillage.web.accounts.models import TerritoryRole, User
from maillage.web.accounts.notices.actions import notify
from maillage.web.accounts.rights import Permission, roles_that_may
from maillage.web.accounts.scopes import inside
from maillage.web.register.mails import (
    address_of_holder,
    people_answering,
    send_news,
    send_reminder,
)
from maillage.web.register.models import Amendment, Comment, Initiative
from maillage.web.register.models.choices import State
from maillage.web.territories.models import Territory
from maillage.web.ui.words import counted

_DECISIONS: Final = {
    "publish": "est publiée",
    "send_back": "vous est rendue, avec des changements demandés",
    "reject": "est refusée",
    "archive": "est archivée",
    "restore": "est remise en ligne",
    "merge": "est fusionnée dans une autre",
    "split": "n’est plus fusionnée ; elle est archivée",
}
"""What is told of each move to whoever answers for the record."""


def people_moderating(places: QuerySet[Territory], organisation_id: int | None) -> Sequence[User]:
    """Return who judges what is said of these places; administrators where nobody does."""
    roles = roles_that_may(Permission.MODERATE)
    given = TerritoryRole.objects.filter(role__in=roles)
    reaching = [
        pk
        for pk in given.values_list("territory_id", flat=True).distinct()
        if places.filter(inside(frozenset({pk}))).exists()
    ]
    over = Q(pk__in=given.filter(territory__in=reaching).values("user_id"))
    within = Q(memberships__organisation=organisation_id, memberships__role__in=roles)
    people = User.objects.active().filter(over | within if organisation_id else over).distinct()
    return list(people) or list(User.objects.active().filter(is_platform_administrator=True))


def tell_moved(initiative: Initiative, action: str, *, reason: str, by: Any, at: datetime) -> None:
    """Tell of a change of state: moderators of what was sent, its author of what became of it."""
    fact = f"initiative:{initiative.public_id}:{action}:{initiative.version}"
    if action == "submit":
        notify(
            _moderators_of(initiative),
            fact=fact,
            subject=f"À relire : {initiative.title}",
            text=f"La fiche « {initiative.title} » attend d’être relue.",
            path=reverse("register:review", args=[initiative.public_id]),
            by=by,
            at=at,
        )
    elif action in _DECISIONS:
        said = f"Votre fiche « {initiative.title} » {_DECISIONS[action]}."
        text = f"{said}\n{reason}".strip()
        _tell_answering(initiative, fact=fact, subject=said, text=text, by=by, at=at)
    if action == "merge" and initiative.merged_into is not None:
        _tell_of_merge(initiative.merged_into, initiative, fact=fact, by=by, at=at)


def tell_edited(initiative: Initiative, *, labels: Iterable[str], by: Any, at: datetime) -> None:
    """Tell those who answer for a record that somebody else changed it."""
    said = f"Votre fiche « {initiative.title} » a été modifiée."
    _tell_answering(
        initiative,
        fact=f"initiative:{initiative.public_id}:edit:{initiative.version}",
        subject=said,
        text=f"{said} Champs touchés : {', '.join(labels)}.",
        path=reverse("register:history", args=[initiative.public_id]),
        by=by,
        at=at,
    )


def tell_comment(comment: Comment, *, at: datetime) -> None:
    """Tell the other side that there is a remark to read."""
    initiative = comment.initiative
    fact = f"comment:{comment.pk}"
    subject = f"Une remarque sur « {initiative.title} »"
    text = f"Sur la fiche « {initiative.title} » :\n{comment.text[:500]}"
    if not comment.from_contributor:
        _tell_answering(initiative, fact=fact, subject=subject, text=text, by=comment.author, at=at)
        return
    path = reverse("register:review", args=[initiative.public_id])
    people = () if initiative.state == State.DRAFT else _moderators_of(initiative)
    notify(people, fact=fact, subject=subject, text=text, path=path, by=comment.author, at=at)


def tell_suggested(amendment: Amendment, *, at: datetime) -> None:
    """Tell who may decide of a suggestion: who answers for the record, else its moderators."""
    initiative = amendment.initiative
    notify(
        people_answering(initiative) or _moderators_of(initiative),
        fact=f"amendment:{amendment.public_id}",
        subject=f"Une modification est proposée pour « {initiative.title} »",
        text=f"Quelqu’un propose de modifier la fiche « {initiative.title} ».",
        path=reverse("register:amendment", args=[amendment.public_id]),
        by=amendment.author,
        at=at,
    )


def tell_decided(amendment: Amendment, *, by: Any, at: datetime) -> None:
    """Tell who suggested a change what became of it."""
    initiative = amendment.initiative
    followed = amendment.status == Amendment.Status.ACCEPTED
    said = f"Votre proposition pour « {initiative.title} » est " + (
        "acceptée." if followed else "refusée."
    )
    text = f"{said}\n{amendment.decision_reason}".strip()
    path = initiative.get_absolute_url()
    if amendment.author is not None:
        fact = f"amendment:{amendment.public_id}:{amendment.status}"
        notify([amendment.author], fact=fact, subject=said, text=text, path=path, by=by, at=at)
    else:
        _write(amendment.author_email, subject=said, text=text, path=path)


def tell_to_check(initiative: Initiative, *, at: datetime) -> bool:
    """Ask who answers for a record whether it is still right; False when the message was refused.

    Where nobody answers, nobody is asked: that is no failure.
    """
    people = people_answering(initiative)
    if people:
        said = f"Votre fiche « {initiative.title} » est-elle à jour ?"
        notify(
            people,
            fact=f"initiative:{initiative.public_id}:check:{at:%Y%m%d}",
            subject=said,
            text=f"{said} Elle a été vérifiée il y a un an : confirmez-la ou corrigez-la.",
            path=initiative.get_absolute_url(),
            by=None,
            at=at,
        )
        return True
    return not address_of_holder(initiative) or send_reminder(initiative)


def tell_silence(initiative: Initiative, *, number: int, at: datetime) -> None:
    """Remind who answers for a record that a message has had no answer for a month."""
    said = f"Un message sur « {initiative.title} » attend une réponse depuis un mois."
    _tell_answering(
        initiative,
        fact=f"message:{number}:silent",
        subject=said,
        text=f"{said} Répondez par le lien du courriel reçu ; sans réponse, la fiche le dit.",
        path=initiative.get_absolute_url(),
        by=None,
        at=at,
    )


def tell_imported(
    *, count: int, name: str, places: QuerySet[Territory], fact: str, by: Any, at: datetime
) -> None:
    """Tell moderators once that a whole file waits to be read again."""
    notify(
        people_moderating(places, None),
        fact=fact,
        subject=f"{counted(count, 'fiche importée', 'fiches importées')} à relire",
        text=f"À relire, de « {name} » : {counted(count, 'fiche')}.",
        path=reverse("register:queue"),
        by=by,
        at=at,
    )


def _moderators_of(initiative: Initiative) -> Sequence[User]:
    return people_moderating(initiative.territories.all(), initiative.organisation_id)


def _tell_of_merge(
    kept: Initiative, merged: Initiative, *, fact: str, by: Any, at: datetime
) -> None:
    said = f"La fiche « {merged.title} » est fusionnée dans la vôtre, « {kept.title} »."
    _tell_answering(
        kept,
        fact=f"{fact}:into",
        subject=said,
        text=said,
        path=kept.get_absolute_url(),
        by=by,
        at=at,
    )


def _tell_answering(
    initiative: Initiative,
    *,
    fact: str,
    subject: str,
    text: str,
    by: Any,
    at: datetime,
    path: str = "",
) -> None:
    """Tell the accounts that answer for a record; write to its address when there is none."""
    people = people_answering(initiative)
    if people:
        own = path or _own_page(initiative)
        notify(people, fact=fact, subject=subject, text=text, path=own, by=by, at=at)
        return
    shown = initiative.get_absolute_url() if initiative.is_public else ""
    _write(address_of_holder(initiative), subject=subject, text=text, path=shown)


def _own_page(initiative: Initiative) -> str:
    """Return where who answers for a record goes on: its last page, or the sheet once closed."""
    if initiative.state in (State.ARCHIVED, State.MERGED):
        return initiative.get_absolute_url()
    return reverse("register:write", args=[initiative.public_id, "verifier"])


def _write(address: str, *, subject: str, text: str, path: str) -> None:
    """Write to somebody without account once the change is done."""
    transaction.on_commit(lambda: send_news(to=address, subject=subject, text=text, path=path))
