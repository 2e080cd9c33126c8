"""`run_due`: what a timer (cron, systemd) calls where no worker runs all the time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.web.accounts.housekeeping import tidy
from maillage.web.accounts.notices.actions import send_due
from maillage.web.runs.sweeping import purge, sweep
from maillage.web.runs.timing import Timing
from maillage.web.runs.workers import run_worker


class Command(BaseCommand):
    """Put back the runs of dead workers, drop expired results, and compute what waits."""

    help = (
        "Put back the runs whose worker died, drop the results out of date, then compute what "
        "waits and end. Safe beside running workers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--sweep-only", action="store_true", help="tidy up and compute nothing")

    def handle(self, *, sweep_only: bool, **options: Any) -> None:
        """Do it and say how many of each."""
        at = timezone.now()
        report = sweep(at=at, lease=Timing().lease)
        expired, forgotten = purge(at=at)
        tidy(at=at)
        told = send_due(at=at)
        computed = 0 if sweep_only else run_worker(until_empty=True)
        self.stdout.write(
            f"requeued {report.requeued}, failed {report.failed}, cancelled {report.cancelled}, "
            f"woken {report.woken}, expired {expired}, forgotten {forgotten}, computed {computed}, "
            f"messages {told}"
        )
