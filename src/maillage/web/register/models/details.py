"""The rows that hang on an initiative: words, bodies, means, figures, links, relations."""

from typing import Any

from django.db import models
from django.db.models import Q

from maillage.web.register.models.choices import (
    FACET_CHOICES,
    Facet,
    FigureKind,
    FunderKind,
    HolderKind,
    HoldingRole,
    RelationKind,
    ResourceKind,
)
from maillage.web.register.models.initiative import Initiative


class Tag(models.Model):
    """One word that an initiative bears in one facet: (theme, prevention), (public, children)…

    One table for all facets: exact counts of every facet are one grouped query.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="tags")
    facet = models.CharField(max_length=14, choices=Facet)
    value = models.CharField(max_length=40)

    class Meta:
        verbose_name = "mot-clé"
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "facet", "value"], name="register_tag_once"
            ),
        ]
        indexes = [models.Index(fields=["facet", "value"], name="register_tag_facet")]

    def __str__(self) -> str:
        return f"{self.facet}={self.value}"

    @property
    def label(self) -> str:
        """The word in French."""
        return str(FACET_CHOICES[Facet(self.facet)](self.value).label)

    @property
    def rank(self) -> int:
        """The place of the word in its vocabulary."""
        return FACET_CHOICES[Facet(self.facet)].values.index(self.value)


class Ordered(models.Model):
    """A row of a list whose order the author chose."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Holder(Ordered):
    """A body that holds or co-holds the initiative."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="holders")
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("type", max_length=20, choices=HolderKind, default=HolderKind.OTHER)
    role = models.CharField("rôle", max_length=10, choices=HoldingRole, default=HoldingRole.HOLDS)

    class Meta(Ordered.Meta):
        verbose_name = "porteur"

    def __str__(self) -> str:
        return self.name


class Partner(Ordered):
    """A body that takes part, and what it brings."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="partners")
    name = models.CharField("nom", max_length=200)
    role = models.CharField("rôle", max_length=200, blank=True)

    class Meta(Ordered.Meta):
        verbose_name = "partenaire"

    def __str__(self) -> str:
        return self.name


class BudgetLine(Ordered):
    """What one funder gives in one year: an amount in euros, a share of the total, or both."""

    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="budget_lines"
    )
    funder = models.CharField("financeur", max_length=200)
    funder_kind = models.CharField(max_length=14, choices=FunderKind, default=FunderKind.OTHER)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    amount_eur = models.DecimalField(
        "montant (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    share_pct = models.DecimalField(
        "part (%)", max_digits=5, decimal_places=2, null=True, blank=True
    )

    class Meta(Ordered.Meta):
        verbose_name = "ligne de budget"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_eur__isnull=True) | Q(amount_eur__gte=0),
                name="register_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(share_pct__isnull=True) | Q(share_pct__gte=0, share_pct__lte=100),
                name="register_share_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder} {self.year or ''}".strip()


class Figure(Ordered):
    """A number of activity or of result, with its year and where it comes from."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="figures")
    kind = models.CharField(max_length=10, choices=FigureKind, default=FigureKind.ACTIVITY)
    label = models.CharField("ce qui est compté", max_length=200)
    value = models.DecimalField("valeur", max_digits=18, decimal_places=4)
    unit = models.CharField("unité", max_length=60, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    source = models.CharField("source", max_length=300, blank=True)

    class Meta(Ordered.Meta):
        verbose_name = "chiffre"

    def __str__(self) -> str:
        return f"{self.label} : {self.value} {self.unit}".strip()


class Resource(Ordered):
    """A link to a site, a report, a tool."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(max_length=10, choices=ResourceKind, default=ResourceKind.WEBSITE)
    title = models.CharField("titre", max_length=200)
    url = models.URLField("adresse", max_length=500)

    class Meta(Ordered.Meta):
        verbose_name = "lien"

    def __str__(self) -> str:
        return self.title


class Relation(models.Model):
    """How an initiative comes from another."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=12, choices=RelationKind)
    target = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="incoming_relations"
    )

    class Meta:
        verbose_name = "lien entre initiatives"
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "kind", "target"], name="register_relation_once"
            ),
            models.CheckConstraint(
                condition=~Q(initiative=models.F("target")), name="register_relation_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.kind} {self.target_id}"


class Attachment(models.Model):
    """A file given with an initiative, in the database: one back-up, gone with its record."""

    public_id = models.CharField(max_length=24, unique=True, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField("nom", max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    added_at = models.DateTimeField("ajouté le")

    class Meta:
        verbose_name = "pièce jointe"
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "sha256"], name="register_attachment_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """The person to write to. Never in versions, exports or interfaces.

    The name and the telephone number are shown only with consent; the address never is: messages
    go through the relay.

    asked_at      when whoever reads the address was last asked to confirm it
    confirmed_at  when they did; nothing else is ever sent to an address before
    """

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField("nom", max_length=150, blank=True)
    email = models.EmailField("adresse électronique", max_length=254, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    asked_at = models.DateTimeField("confirmation demandée le", null=True, blank=True)
    confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    consented_at = models.DateTimeField("accord de publication donné le", null=True, blank=True)

    class Meta:
        verbose_name = "contact"

    def __str__(self) -> str:
        return f"contact of {self.initiative_id}"

    @property
    def shown(self) -> dict[str, Any]:
        """What a public page may show: nothing without consent."""
        if self.consented_at is None:
            return {}
        return {"name": self.name, "phone": self.phone}
