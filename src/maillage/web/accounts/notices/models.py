"""A fact that a person is told."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One fact for one person. The table is the queue: what has no `sent_at` is to be sent.

    about  whoever is named in it, besides the reader: it goes with their account
    fact   name of what happened, such as "membership:42:joined"; told once to each person
    path   address of the page that shows it, from the root of the site
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    fact = models.CharField(max_length=120)
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte")
    path = models.CharField(max_length=300)
    created_at = models.DateTimeField("date")
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField("envoyée le", null=True)

    class Meta:
        verbose_name = "information"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "fact"], name="accounts_a_fact_is_told_once")
        ]
        indexes = [
            models.Index(
                fields=["user", "created_at"],
                condition=models.Q(sent_at__isnull=True),
                name="accounts_notices_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact} → {self.user_id}"
