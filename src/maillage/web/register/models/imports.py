"""The ledger of what came from spreadsheets."""

from typing import Any

from django.conf import settings
from django.db import models

from maillage.web.accounts.models import Organisation
from maillage.web.register.models.choices import Licence
from maillage.web.register.models.initiative import Initiative, new_public_id


class ImportBatch(models.Model):
    """One file brought in: whose, under which licence, how its columns were read, what it gave.

    moved_at  the last sign of life while it is being brought in or undone
    """

    class Status(models.TextChoices):
        """Where the batch stands."""

        CHECKED = "checked", "Essai à blanc"
        RUNNING = "running", "En cours"
        STOPPED = "stopped", "Interrompu"
        DONE = "done", "Importé"
        UNDOING = "undoing", "Annulation en cours"
        HALTED = "halted", "Annulation interrompue"
        UNDONE = "undone", "Annulé"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    source_name = models.CharField("source", max_length=200)
    source_url = models.URLField("adresse de la source", max_length=500, blank=True)
    licence = models.CharField(max_length=12, choices=Licence)
    file_name = models.CharField("fichier", max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping: models.JSONField[Any, Any] = models.JSONField("colonnes")
    status = models.CharField(max_length=8, choices=Status, default=Status.CHECKED)
    n_rows = models.PositiveIntegerField("lignes", default=0)
    n_done = models.PositiveIntegerField("lignes traitées", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation qui en répond",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("déposé le")
    moved_at = models.DateTimeField("dernier progrès le", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)

    class Meta:
        verbose_name = "import"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.status})"


class ImportRow(models.Model):
    """One line of the file as it was, and what became of it.

    errors  [[column of the file or "", what to know of it in French], …]: what kept the line out,
            or its record from being taken back
    """

    class Outcome(models.TextChoices):
        """What the line did."""

        WAITING = "waiting", "À traiter"
        CREATED = "created", "Créée"
        UPDATED = "updated", "Mise à jour"
        UNCHANGED = "unchanged", "Inchangée"
        ERROR = "error", "En erreur"
        UNDONE = "undone", "Reprise"
        KEPT = "kept", "Gardée à l’annulation"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("ligne")
    key = models.CharField("clé", max_length=200, blank=True)
    raw: models.JSONField[Any, Any] = models.JSONField("ligne d’origine")
    errors: models.JSONField[Any, Any] = models.JSONField("erreurs", default=list)
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.WAITING)
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    version_before = models.PositiveIntegerField(null=True, blank=True)
    version_after = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "ligne importée"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="register_import_row"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class ImportedKey(models.Model):
    """Which initiative a key of a source is: bringing the same file again changes nothing."""

    source_name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    initiative = models.OneToOneField(
        Initiative, on_delete=models.CASCADE, related_name="imported_key"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_name", "key"], name="register_imported_key"),
        ]

    def __str__(self) -> str:
        return f"{self.source_name} / {self.key}"
