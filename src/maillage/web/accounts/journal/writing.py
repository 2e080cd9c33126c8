"""Add to the journal, in the transaction of what it tells."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from maillage.web.accounts.journal.models import AccessEntry, Identity, JournalEntry, JournalHead

SITE = ""
"""The actor of what the site does by itself."""


def record(
    verb: str, *, on: models.Model, by: Any, at: datetime, fields: Iterable[str] = ()
) -> JournalEntry:
    """Append one entry: `by` did `verb` to `on`; `fields` are names, never values.

    Whoever calls is in the transaction of the change itself, so that neither exists without the
    other. Entries wait for one another until that transaction ends: keep it short, and record last.
    Who waits here may hold a row that whoever is before them still needs.
    """
    with transaction.atomic():
        _take_rows_pointed_at()
        head, _ = JournalHead.objects.select_for_update().get_or_create(id=1)
        entry = JournalEntry(
            number=head.number + 1,
            at=at,
            actor=pseudonym_of(by),
            verb=verb,
            object_kind=on._meta.label_lower,
            object_id=journal_id(on),
            fields=" ".join(sorted(fields)),
            previous=head.hash,
        )
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)
        head.number, head.hash = entry.number, entry.hash
        head.save()
    return entry


def _take_rows_pointed_at() -> None:
    """Have the keys that the change wrote looked up now, before others wait.

    PostgreSQL looks them up, and takes the rows that they name, when the transaction ends.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()


def record_access(*, on: models.Model, by: Any, at: datetime, purpose: str) -> None:
    """Write that `by` looked at the personal data of `on`, and why."""
    AccessEntry.objects.create(
        at=at,
        actor=pseudonym_of(by),
        object_kind=on._meta.label_lower,
        object_id=journal_id(on),
        purpose=purpose,
    )


def pseudonym_of(user: Any) -> str:
    """Return the name under which the journal knows a person; SITE for nobody."""
    if user is None or not user.is_authenticated:
        return SITE
    if not hasattr(user, "_pseudonym"):  # asked once per user object, however much they do
        identity, _ = Identity.objects.get_or_create(user_id=user.pk)
        user._pseudonym = identity.pseudonym
    return str(user._pseudonym)


def journal_id(on: models.Model) -> str:
    """Return how the journal names an object: a person by pseudonym, others by public name."""
    if hasattr(on, "is_authenticated"):
        return pseudonym_of(on)
    return str(getattr(on, "public_id", on.pk))


def hash_of(entry: JournalEntry) -> str:
    """Return the SHA-256 of an entry and of the hash before it, over one canonical text."""
    parts = [
        entry.number,
        entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        entry.actor,
        entry.verb,
        entry.object_kind,
        entry.object_id,
        entry.fields,
        entry.previous,
    ]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
