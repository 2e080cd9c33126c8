"""Rows of the journal, the chain's head, the identities behind pseudonyms, the log of accesses.

Triggers of the database refuse to change or delete a row of the journal (see `triggers`).
"""

import secrets
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models

from maillage.web.accounts.journal.words import in_french


class AppendOnlyError(TypeError):
    """Somebody tried to rewrite the journal."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads and adds; refuses the rest before the database does."""

    def update(self, **fields: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("The journal is never rewritten: add an entry that corrects.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("The journal is never shortened.")

    def about(self, kind: str, object_id: str) -> Self:
        """Keep the entries on one object."""
        return self.filter(object_kind=kind, object_id=object_id)


def new_pseudonym() -> str:
    """Return a name that says nothing of the person who will bear it."""
    return secrets.token_hex(12)


class Identity(models.Model):
    """Who is behind a pseudonym. Erased with the account; the journal keeps the pseudonym."""

    pseudonym = models.CharField(max_length=24, unique=True, default=new_pseudonym, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identity"
    )

    class Meta:
        verbose_name = "identité"

    def __str__(self) -> str:
        return self.pseudonym


class JournalEntry(models.Model):
    """One thing done: who (a pseudonym), what, to which object, which fields; no value at all.

    hash  SHA-256 of the entry and of `previous`, the hash of the entry before it
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField("date")
    actor = models.CharField("auteur", max_length=24, blank=True)  # "" for the site itself
    verb = models.CharField("geste", max_length=60)
    object_kind = models.CharField("type d’objet", max_length=60)
    object_id = models.CharField("objet", max_length=60)
    fields = models.CharField("champs", max_length=500, blank=True)  # names, separated by spaces
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal"
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="accounts_journal_object"),
            models.Index(fields=["actor", "-number"], name="accounts_journal_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.object_kind} {self.object_id}"

    @property
    def words(self) -> str:
        """What was done, in French."""
        return in_french(self.verb)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write once. Raises AppendOnlyError for an entry that is written already."""
        if not self._state.adding:
            raise AppendOnlyError("The journal is never rewritten: add an entry that corrects.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("The journal is never shortened.")


class JournalHead(models.Model):
    """The end of the chain: who appends holds this row, so that entries come one by one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_one_journal_head")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"


class AccessEntry(models.Model):
    """Somebody looked at personal data: who, of what, why. Kept a year, then deleted."""

    at = models.DateTimeField("date")
    actor = models.CharField("lecteur", max_length=24)
    object_kind = models.CharField("type d’objet", max_length=60)
    object_id = models.CharField("objet", max_length=60)
    purpose = models.CharField("motif", max_length=200)

    class Meta:
        verbose_name = "accès à des données personnelles"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["object_kind", "object_id", "-at"], name="accounts_access_object"),
            models.Index(fields=["actor", "-at"], name="accounts_access_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.object_kind} {self.object_id}"
