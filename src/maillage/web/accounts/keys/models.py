"""The row of a key: everything but the key."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q


def new_public_id() -> str:
    """Return the part of a key that may be seen."""
    return secrets.token_hex(6)


class Scope(StrEnum):
    """What a key opens."""

    READ = "read"


SCOPE_LABELS = {
    Scope.READ: "Lire : les données publiques, sans la limite des visiteurs",
}

SCOPE_WORDS = {Scope.READ: "lire"}


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Questions asked of keys."""

    def in_force(self, *, at: datetime) -> Self:
        """Keep the keys that open something now."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=at),
            revoked_at__isnull=True,
            user__is_active=True,
        )


class ApiKey(models.Model):
    """A key of one person; the secret is shown once and only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField("nom", max_length=100)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = models.CharField("portée", max_length=50)  # names, separated by spaces
    created_at = models.DateTimeField("créée le")
    expires_at = models.DateTimeField("valable jusqu’au", null=True, blank=True)
    last_used_on = models.DateField("dernier usage", null=True)
    revoked_at = models.DateTimeField("révoquée le", null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "clé d’API"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"

    @property
    def scope_set(self) -> frozenset[str]:
        """What it opens."""
        return frozenset(self.scopes.split())

    @property
    def scope_words(self) -> str:
        """What it opens, in French, in a word or two."""
        return ", ".join(SCOPE_WORDS[Scope(scope)] for scope in sorted(self.scope_set))
