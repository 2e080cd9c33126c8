"""What belongs to an organisation, so that its journal tells what was done to it.

Features say so once, from their application's `ready`; the journal itself knows no feature.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from maillage.web.accounts.journal.models import JournalEntry


@dataclass(frozen=True, slots=True)
class Belonging:
    """A kind of objects that belong to organisations, each with a `public_id`.

    kind   as in the journal: "register.initiative"
    words  what one is, in French
    of     organisation to its objects
    name   object to what its organisation calls it
    """

    kind: str
    words: str
    of: Callable[[Any], QuerySet[Any]]
    name: Callable[[Any], str] = str


_BELONGINGS: list[Belonging] = []


def belongs(belonging: Belonging) -> None:
    """Count objects of a kind among those of their organisation. To be called once."""
    if belonging not in _BELONGINGS:
        _BELONGINGS.append(belonging)


def entries_of(organisation: Any) -> QuerySet[JournalEntry]:
    """Return what was done to an organisation and to what belongs to it, the latest first."""
    found = Q(object_kind=organisation._meta.label_lower, object_id=organisation.public_id)
    for belonging in _BELONGINGS:
        own = belonging.of(organisation).order_by().values("public_id")
        found |= Q(object_kind=belonging.kind, object_id__in=own)
    return JournalEntry.objects.filter(found)


def objects_of(organisation: Any, entries: Iterable[JournalEntry]) -> dict[tuple[str, str], str]:
    """Return what each entry is about, in French: (kind, id) to words."""
    asked: dict[str, set[str]] = {}
    for entry in entries:
        asked.setdefault(entry.object_kind, set()).add(entry.object_id)
    found = {}
    for belonging in _BELONGINGS:
        ids: Sequence[str] = sorted(asked.get(belonging.kind, ()))
        if ids:
            own = belonging.of(organisation).filter(public_id__in=ids)
            for one in own:
                found[belonging.kind, one.public_id] = f"{belonging.words} {belonging.name(one)}"
    return found
