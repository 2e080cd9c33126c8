"""The row of a long computation."""

import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from maillage.web.runs.askers import Asker


def new_public_id() -> str:
    """Return a name that cannot be guessed, fit for an address: whoever has it may read the run."""
    return secrets.token_urlsafe(16)


class State(models.TextChoices):
    """Where a run stands. Allowed moves are the updates of `leases` and `actions`, no others."""

    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    SUCCEEDED = "succeeded", "Terminé"
    FAILED = "failed", "En échec"
    CANCELLED = "cancelled", "Annulé"
    EXPIRED = "expired", "Expiré"


UNFINISHED = (State.QUEUED, State.RUNNING)
FINISHED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


class RunQuerySet(models.QuerySet["Run"]):
    """Questions asked of runs."""

    def without_result(self) -> Self:
        """Leave the result in the database: it may weigh megabytes."""
        return self.defer("result")

    def asked_by(self, asker: Asker) -> Self:
        """Keep the runs that belong to this person or this browser; none for a stranger."""
        mine = Q(pk__in=[])
        if asker.user_id is not None:
            mine |= Q(user_id=asker.user_id)
        if asker.visitor_hash:
            mine |= Q(visitor_hash=asker.visitor_hash)
        return self.filter(mine)

    def unfinished(self) -> Self:
        """Keep what waits or is being computed."""
        return self.filter(state__in=UNFINISHED)

    def lost(self, *, at: datetime) -> Self:
        """Keep the running runs whose worker has given no sign of life for a whole lease."""
        return self.filter(state=State.RUNNING, lease_until__lte=at)


class Run(models.Model):
    """One study, put once to one version of the data, and what came of it."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    study = models.CharField("étude", max_length=64)
    title = models.CharField("titre", max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    visitor_hash = models.CharField(max_length=64, blank=True)

    inputs = models.TextField("données d'entrée")  # canonical JSON: the same text on both engines
    question_hash = models.CharField(max_length=64)
    seed = models.PositiveBigIntegerField("graine", default=0)
    data_version = models.CharField("version des données", max_length=128)
    code_version = models.CharField("version du logiciel", max_length=64)
    repeat_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="repeats"
    )

    state = models.CharField("état", max_length=10, choices=State, default=State.QUEUED)
    progress = models.FloatField("avancement", default=0.0)  # share, 0 to 1
    message = models.CharField("étape", max_length=300, blank=True)
    result = models.TextField("résultat", blank=True)  # JSON, keys in the study's order
    result_hash = models.CharField(max_length=64, blank=True)
    error = models.TextField("erreur", blank=True)  # in French, for whoever reads the page

    created_at = models.DateTimeField("demandé le")
    queued_at = models.DateTimeField("mis en file le")
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    expires_at = models.DateTimeField("gardé jusqu'au")

    cancel_requested = models.BooleanField("annulation demandée", default=False)
    attempt = models.PositiveIntegerField("tentative", default=0)  # the fencing token
    losses = models.PositiveSmallIntegerField("interruptions", default=0)  # workers that died of it
    lease_owner = models.CharField(max_length=128, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    task_id = models.UUIDField(null=True, blank=True)  # the task that is to wake a worker

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "calcul"
        indexes = [
            models.Index(fields=["state", "queued_at"], name="runs_state_queued"),
            models.Index(fields=["question_hash", "seed"], name="runs_question"),
            models.Index(fields=["visitor_hash", "-created_at"], name="runs_visitor"),
            models.Index(fields=["state", "expires_at"], name="runs_state_expiry"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="runs_state_is_known"),
            models.CheckConstraint(
                condition=Q(progress__gte=0) & Q(progress__lte=1), name="runs_progress_is_a_share"
            ),
            models.CheckConstraint(
                condition=(Q(state=State.RUNNING, lease_until__isnull=False) & ~Q(lease_owner=""))
                | (~Q(state=State.RUNNING) & Q(lease_until__isnull=True, lease_owner="")),
                name="runs_running_means_leased",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNFINISHED, finished_at__isnull=True)
                | (~Q(state__in=UNFINISHED) & Q(finished_at__isnull=False)),
                name="runs_finished_has_a_date",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.SUCCEEDED) & ~Q(result=""))
                | (~Q(state=State.SUCCEEDED) & Q(result="")),
                name="runs_succeeded_means_result",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.FAILED) & ~Q(error=""))
                | (~Q(state=State.FAILED) & Q(error="")),
                name="runs_failed_means_error",
            ),
            models.CheckConstraint(
                condition=Q(repeat_of__isnull=True) | ~Q(repeat_of=F("pk")),
                name="runs_repeat_of_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.public_id})"

    def get_absolute_url(self) -> str:
        """Return the permanent address of the run."""
        return reverse("runs:run", args=[self.public_id])

    def belongs_to(self, asker: Asker) -> bool:
        """Say whether this person asked for it: what a page offers, never what an action allows."""
        by_account = self.user_id is not None and self.user_id == asker.user_id
        by_browser = bool(self.visitor_hash) and self.visitor_hash == asker.visitor_hash
        return by_account or by_browser

    @property
    def is_unfinished(self) -> bool:
        """Say whether the run still waits or is being computed."""
        return self.state in UNFINISHED

    @property
    def progress_pct(self) -> int:
        """Return the progress from 0 to 100."""
        return int(self.progress * 100)


class ChoreState(models.Model):
    """Where a chore stands: when it is next due, who has it in hand, how it went last time.

    report  what it counted, by French word
    error   kind of the error of the last time, "" when it went well
    """

    name = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField("prévue le")
    lease_owner = models.CharField(max_length=128, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField("commencée le", null=True, blank=True)
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)
    report: models.JSONField[Any, Any] = models.JSONField("bilan", default=dict)
    error = models.CharField("erreur", max_length=100, blank=True)

    class Meta:
        verbose_name = "tâche d’entretien"

    def __str__(self) -> str:
        return self.name

    def is_free(self, *, at: datetime) -> bool:
        """Say whether no living worker has it in hand."""
        return self.lease_until is None or self.lease_until <= at
