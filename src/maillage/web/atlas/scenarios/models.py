"""The row of a saved scenario."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from maillage.web.runs.askers import Asker

KEPT_FOR = timedelta(days=730)
"""From its last save: long enough for a mandate's discussions, and said on the page."""

LONGEST_NAME = 120


def new_public_id() -> str:
    """Return a name that cannot be guessed, fit for an address: whoever has it may read."""
    return secrets.token_urlsafe(12)


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Questions asked of saved scenarios."""

    def kept(self, *, at: datetime) -> Self:
        """Leave out those whose time has passed."""
        return self.filter(expires_at__gt=at)

    def saved_by(self, asker: Asker) -> Self:
        """Keep those of this person or this browser; none for a stranger."""
        mine = Q(pk__in=[])
        if asker.user_id is not None:
            mine |= Q(user_id=asker.user_id)
        if asker.visitor_hash:
            mine |= Q(visitor_hash=asker.visitor_hash)
        return self.filter(mine)


class Scenario(models.Model):
    """A list of moves under a name, with what it gave on the data of that day.

    moves     tokens of the address language, see `language`
    snapshot  figures of that day, see `snapshots`; shown beside today's once the data changed
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    name = models.CharField("nom", max_length=LONGEST_NAME)
    moves: models.JSONField[Any, Any] = models.JSONField("gestes")
    language_version = models.CharField(max_length=4, default="1")
    store_version = models.CharField("version des données", max_length=128)
    snapshot: models.JSONField[Any, Any] = models.JSONField("résultat du jour", default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    visitor_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField("enregistré le")
    expires_at = models.DateTimeField("gardé jusqu’au")

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "scénario"
        indexes = [
            models.Index(fields=["visitor_hash", "-created_at"], name="atlas_scenario_visitor"),
            models.Index(fields=["expires_at"], name="atlas_scenario_expiry"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="atlas_scenario_has_a_name"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="atlas_scenario_expires_later",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address to share."""
        return reverse("atlas:scenario", args=[self.public_id])

    def belongs_to(self, asker: Asker) -> bool:
        """Say whether this person saved it: what a page offers, never what an action allows."""
        by_account = self.user_id is not None and self.user_id == asker.user_id
        by_browser = bool(self.visitor_hash) and self.visitor_hash == asker.visitor_hash
        return by_account or by_browser
