"""The row of an initiative, and who may see it."""

import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from maillage.web.accounts.models import Organisation
from maillage.web.register.models.choices import (
    EvidenceLevel,
    Facet,
    Licence,
    Stage,
    State,
    Transferability,
)
from maillage.web.register.models.visibility import moderated_by, seen_by, written_by
from maillage.web.territories.models import Territory
from maillage.web.ui.addresses import around

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
DETAILS = (
    "territories",
    "holders",
    "partners",
    "tags",
    "budget_lines",
    "figures",
    "resources",
    "relations__target",
)
"""What hangs on an initiative and is part of its sheet."""
LONGEST_TITLE = 150
LONGEST_PROMISE = 250
LONGEST_TEXT = 20_000


def new_public_id() -> str:
    """Return a lasting name for addresses: ten characters that are not taken for one another."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    """Questions asked of initiatives. Start from `public` or `visible_to`, never from `all`."""

    def public(self) -> Self:
        """Keep what anybody may see: published, and not hidden for being too old."""
        return self.filter(state=State.PUBLISHED, hidden_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """Keep what this person may see: the public ones, their own, those of their reach."""
        return self.filter(
            Q(state=State.PUBLISHED, hidden_at__isnull=True) | seen_by(user)
        ).distinct()

    def moderated_by(self, user: Any) -> Self:
        """Keep those that this person may publish or refuse."""
        return self.filter(moderated_by(user)).distinct()

    def written_by(self, user: Any) -> Self:
        """Keep those for which this person writes."""
        return self.filter(written_by(user)).distinct()

    def with_details(self) -> Self:
        """Read all that a sheet shows in a fixed number of queries."""
        return self.prefetch_related(*DETAILS)


class Initiative(models.Model):
    """What a territory does, written to serve others: what, where, with whom, at what cost, with
    what effect, and what to know before doing the same.

    Words that may be several (themes, publics…) are in `Tag`; bodies, figures and means are in
    their own rows; the person to write to is in `Contact` and nowhere else.
    """

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(max_length=80, blank=True)
    title = models.CharField("titre", max_length=LONGEST_TITLE)
    promise = models.CharField("en une phrase", max_length=LONGEST_PROMISE, blank=True)
    description = models.TextField("description", max_length=LONGEST_TEXT, blank=True)
    territories = models.ManyToManyField(
        Territory, verbose_name="territoires", related_name="initiatives", blank=True
    )
    country_code = models.CharField("pays", max_length=2, default="FR")
    place_note = models.CharField("lieux, en mots", max_length=300, blank=True)
    stage = models.CharField("avancement", max_length=10, choices=Stage, default=Stage.IDEA)
    start_year = models.PositiveSmallIntegerField("année de lancement", null=True, blank=True)
    end_year = models.PositiveSmallIntegerField("année de fin", null=True, blank=True)
    milestones: models.JSONField[Any, Any] = models.JSONField("étapes", default=list)
    scheme_note = models.CharField("précision sur le dispositif", max_length=200, blank=True)
    staff_fte = models.DecimalField(
        "équivalents temps plein", max_digits=6, decimal_places=2, null=True, blank=True
    )
    staff_note = models.CharField("équipe", max_length=300, blank=True)
    results = models.TextField("résultats", max_length=LONGEST_TEXT, blank=True)
    pitfalls = models.TextField("écueils", max_length=LONGEST_TEXT, blank=True)
    levers = models.TextField("leviers", max_length=LONGEST_TEXT, blank=True)
    transferability = models.CharField(
        "transférabilité", max_length=10, choices=Transferability, blank=True
    )
    transferability_note = models.TextField("conditions pour faire de même", blank=True)
    evidence_level = models.CharField(
        "niveau de preuve, selon le porteur",
        max_length=12,
        choices=EvidenceLevel,
        default=EvidenceLevel.NONE,
    )
    reviewed_evidence_level = models.CharField(
        "niveau de preuve, selon la modération", max_length=12, choices=EvidenceLevel, blank=True
    )
    evaluation_summary = models.TextField("évaluation", max_length=LONGEST_TEXT, blank=True)
    evaluation: models.JSONField[Any, Any] = models.JSONField("critères", default=list)
    licence = models.CharField(max_length=12, choices=Licence, default=Licence.LO_2_0)
    source_name = models.CharField("source", max_length=200, blank=True)
    source_url = models.URLField("adresse de la source", max_length=500, blank=True)

    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField("version", default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="initiatives",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation qui en répond",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="initiatives",
    )
    created_at = models.DateTimeField("créée le")
    updated_at = models.DateTimeField("modifiée le")
    submitted_at = models.DateTimeField("envoyée le", null=True, blank=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    state_reason = models.TextField("motif", blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    checked_at = models.DateTimeField("vérifiée le", null=True, blank=True)
    reminded_at = models.DateTimeField("rappel envoyé le", null=True, blank=True)
    flagged_at = models.DateTimeField("signalée comme ancienne le", null=True, blank=True)
    hidden_at = models.DateTimeField("masquée le", null=True, blank=True)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = "initiative"
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-updated_at"], name="register_state_updated"),
            models.Index(fields=["state", "checked_at"], name="register_state_checked"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="register_has_a_title"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="register_state"),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
                name="register_merged_means_into",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("pk")),
                name="register_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False),
                name="register_published_at",
            ),
            models.CheckConstraint(
                condition=Q(end_year__isnull=True)
                | Q(start_year__isnull=True)
                | Q(end_year__gte=models.F("start_year")),
                name="register_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the readable end of the address in step with the title."""
        self.set_slug()
        super().save(*args, **kwargs)

    def set_slug(self) -> None:
        """Make the readable end of the address from the title."""
        self.slug = slugify(self.title)[:80].strip("-")

    @property
    def address(self) -> str:
        """The last part of the address: "k3m9…-presence-medicale-64"; the id alone is enough."""
        return f"{self.public_id}-{self.slug}" if self.slug else self.public_id

    def get_absolute_url(self) -> str:
        """Return the lasting address of the sheet."""
        before, after = around("register:initiative")
        return f"{before}{self.address}{after}"

    @property
    def is_public(self) -> bool:
        """Say whether anybody may see it; what pages show, never what a query trusts."""
        return self.state == State.PUBLISHED and self.hidden_at is None

    @property
    def is_foreign(self) -> bool:
        """Say whether it takes place outside of France: shown as such, for comparison."""
        return self.country_code != "FR"

    def labels(self, facet: Facet) -> list[str]:
        """Return the French words of one facet, in the order of its vocabulary."""
        found = [tag for tag in self.tags.all() if tag.facet == facet]
        return [tag.label for tag in sorted(found, key=lambda tag: tag.rank)]
