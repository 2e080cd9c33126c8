"""The application `runs`."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Runs, their worker and their pages."""

    name = "maillage.web.runs"
    label = "runs"
    verbose_name = "Calculs"
