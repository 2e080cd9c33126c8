"""What happens to an initiative: moves, versions, amendments, comments, messages, links."""

from datetime import datetime, timedelta
from typing import Any, Final, Self

from django.conf import settings
from django.db import models

from maillage.web.register.models.choices import State
from maillage.web.register.models.initiative import Initiative, new_public_id

LINK_LASTS: Final = timedelta(days=90)
"""The link of a contribution without account works this long after it was last given."""


def _by() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class Move(models.Model):
    """A change of state: from what to what, when, by whom, why."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="moves")
    action = models.CharField(max_length=12)
    from_state = models.CharField(max_length=10, choices=State)
    to_state = models.CharField(max_length=10, choices=State)
    at = models.DateTimeField("le")
    by = _by()
    reason = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "changement d’état"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Version(models.Model):
    """All the content of an initiative at one moment, as one text.

    Our own rows rather than a history table per model: a version is the sheet as a whole, with its
    holders, figures and words, so that showing a difference or going back is one step.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("numéro")
    content: models.JSONField[Any, Any] = models.JSONField("contenu")
    at = models.DateTimeField("le")
    by = _by()
    reason = models.CharField("pourquoi", max_length=300, blank=True)

    class Meta:
        verbose_name = "version"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "number"], name="register_version_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} v{self.number}"


class Amendment(models.Model):
    """A change that somebody suggests: the fields that differ, before and after."""

    class Status(models.TextChoices):
        """What became of it."""

        UNCONFIRMED = "unconfirmed", "Adresse à confirmer"
        WAITING = "waiting", "À examiner"
        ACCEPTED = "accepted", "Acceptée"
        REFUSED = "refused", "Refusée"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="amendments")
    base_version = models.PositiveIntegerField("version de départ")
    changes: models.JSONField[Any, Any] = models.JSONField("changements")
    message = models.TextField("explication", max_length=2000, blank=True)
    author = _by()
    author_email = models.EmailField("adresse de l’auteur", max_length=254, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True, editable=False)
    status = models.CharField(max_length=11, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField("proposée le")
    decided_at = models.DateTimeField("examinée le", null=True, blank=True)
    decided_by = _by()
    decision_reason = models.TextField("motif", max_length=2000, blank=True)

    class Meta:
        verbose_name = "proposition de modification"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.initiative_id} ({self.status})"


class Comment(models.Model):
    """A remark between the author and moderators, never public."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="comments")
    author = _by()
    from_contributor = models.BooleanField("écrit par l’auteur de la fiche", default=False)
    text = models.TextField("texte", max_length=5000)
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "commentaire"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.at:%Y-%m-%d}"


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Questions asked of contributions."""

    def open(self, *, at: datetime) -> Self:
        """Keep those whose link still works."""
        return self.filter(expires_at__gt=at)


class Contribution(models.Model):
    """The link by which a person without account writes an initiative; only its hash is kept.

    email         where the link was sent; "" until it is asked for
    confirmed_at  when the person came back through that link and said that the address is theirs
    """

    initiative = models.OneToOneField(
        Initiative, on_delete=models.CASCADE, related_name="contribution"
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    mailed_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    email = models.EmailField("adresse électronique", max_length=254, blank=True)
    confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    created_at = models.DateTimeField("commencée le")
    expires_at = models.DateTimeField("lien valable jusqu’au")

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = "contribution"

    def __str__(self) -> str:
        return f"contribution of {self.initiative_id}"


class ContactMessage(models.Model):
    """A message to the holder through the relay: neither side learns the other's address from us.

    Texts are erased with the message; silence is counted, and shown.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="messages")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    sender_name = models.CharField("nom", max_length=150)
    sender_email = models.EmailField("adresse électronique", max_length=254)
    text = models.TextField("message", max_length=5000)
    created_at = models.DateTimeField("écrit le")
    sent_at = models.DateTimeField("adresse confirmée et message transmis le", null=True)
    answer = models.TextField("réponse", max_length=5000, blank=True)
    answered_at = models.DateTimeField("répondu le", null=True)
    reminded_at = models.DateTimeField("rappelé le", null=True)

    class Meta:
        verbose_name = "message au porteur"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"message about {self.initiative_id}"
