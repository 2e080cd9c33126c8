"""The keys by which two records that may be one and the same are brought together."""

from django.db import models

from maillage.web.register.models.initiative import Initiative


class Block(models.Model):
    """A key that a record shares with those that resemble it: a word, a holder, a place."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="blocks")
    key = models.CharField(max_length=60)

    class Meta:
        verbose_name = "clé de rapprochement"
        constraints = [
            models.UniqueConstraint(fields=["key", "initiative"], name="register_block_once"),
        ]

    def __str__(self) -> str:
        return self.key
