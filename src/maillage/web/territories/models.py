"""Territories as rows to point at, and the versions of the data store."""

import secrets
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.ui.addresses import around


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Questions asked of territories."""

    def current(self) -> Self:
        """Leave out the territories that ended."""
        # Django writes `ended=False` as `NOT ended`, for which SQLite uses no index: 35 ms a page.
        return self.filter(ended__in=[False])

    def inside(self, territory: "Territory") -> Self:
        """Keep the communes of a department, a region or an EPCI; every commune for the nation."""
        communes = self.current().filter(kind="commune")
        fields = {"department": "department_code", "region": "region_code", "epci": "epci_code"}
        if territory.kind == "nation":
            return communes
        if territory.kind in fields:
            return communes.filter(**{fields[territory.kind]: territory.code})
        return communes.none()


class Territory(models.Model):
    """A commune, EPCI, department, region, living or employment zone, or the nation.

    A row is never deleted and keeps its number: what ended stays, with its successors, so that
    whatever points at it can say so.
    """

    class Kind(models.TextChoices):
        """The kinds that public data define; custom territories are rows of their own."""

        COMMUNE = "commune", "commune"
        EPCI = "epci", "intercommunalité"
        DEPARTMENT = "department", "département"
        REGION = "region", "région"
        LIVING_ZONE = "living_zone", "bassin de vie"
        EMPLOYMENT_ZONE = "employment_zone", "zone d’emploi"
        NATION = "nation", "pays"

    kind = models.CharField("type", max_length=20, choices=Kind)
    code = models.CharField("code officiel", max_length=16)
    name = models.CharField("nom", max_length=200)
    slug = models.SlugField(max_length=200)
    department_code = models.CharField("département", max_length=3, blank=True)
    region_code = models.CharField("région", max_length=2, blank=True)
    epci_code = models.CharField("intercommunalité", max_length=9, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True)
    n_units = models.PositiveIntegerField("nombre de communes", default=0)
    cog_year = models.PositiveSmallIntegerField("millésime du code officiel")
    ended = models.BooleanField("disparu", default=False)
    ended_on = models.DateField("disparu le", null=True)
    successor_codes = models.JSONField("successeurs", default=list)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="territory_kind_code"),
            models.CheckConstraint(
                condition=Q(ended=True) | Q(ended_on__isnull=True),
                name="territory_ended_on_needs_ended",
            ),
        ]
        indexes = [
            # In the order of the lists, to the last column: a page far down is a walk in the index.
            models.Index(fields=["kind", "ended", "slug", "code"]),
            models.Index(fields=["kind", "ended", "population", "code"]),
            models.Index(fields=["kind", "department_code"]),
            models.Index(fields=["kind", "epci_code"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the territory's page."""
        return territory_url(self.kind, self.code, self.name)

    @property
    def kind_label(self) -> str:
        """The kind in French, lower case."""
        return KIND_BY_NAME[self.kind].label


def territory_url(kind: str, code: str, name: str = "") -> str:
    """Return the address of a territory: its diagnosis, or its composition without the atlas."""
    before, after = around("atlas:profile", kind)
    if before:
        return f"{before}{address_of(kind, code, name)}{after}"
    before, after = around("territories:composition", kind)  # the atlas is switched off
    return f"{before}{code}{after}"


def address_of(kind: str, code: str, name: str) -> str:
    """Return the last part of the address of a territory: "64422-oloron-sainte-marie".

    The code alone finds the territory; the name is there for those who read addresses. The name
    of a visitor's own list stays out of it.
    """
    slug = "" if kind == "custom" else slugify(name)
    return f"{code}-{slug}" if slug else code


def new_public_id() -> str:
    """Return a name that cannot be guessed, fit for an address."""
    return secrets.token_urlsafe(9)


class CustomTerritory(models.Model):
    """A list of communes named by a visitor; whoever has the address may read it."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    name = models.CharField("nom", max_length=100)
    commune_codes = models.JSONField("communes")
    cog_year = models.PositiveSmallIntegerField("millésime du code officiel")
    created_at = models.DateTimeField("créé le")

    kind = "custom"

    class Meta:
        verbose_name = "territoire sur mesure"

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """The public name, under the same word as for official territories."""
        return self.public_id

    def get_absolute_url(self) -> str:
        """Return the address to share."""
        return territory_url("custom", self.public_id)


class StoreVersion(models.Model):
    """A version of the data store that the site shows or has shown; one is active."""

    version = models.CharField("version", max_length=128, unique=True)
    path = models.CharField("dossier", max_length=500)
    active = models.BooleanField("montrée", default=False)
    fictional = models.BooleanField("fictive", default=False)
    cog_year = models.PositiveSmallIntegerField("millésime du code officiel")
    built_at = models.DateTimeField("construite le")
    activated_at = models.DateTimeField("montrée depuis")
    manifest: models.JSONField[Any, Any] = models.JSONField("contenu", default=dict)

    class Meta:
        verbose_name = "version des données"
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="one_active_store_version"
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def folder(self) -> Path:
        """Where the version stands; a relative path starts at the store's folder."""
        return Path(settings.STORE_DIR) / self.path
