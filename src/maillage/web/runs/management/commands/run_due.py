"""`run_due`: what a timer (cron, systemd) calls where no worker runs all the time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.web.runs.chores import do_due
from maillage.web.runs.contexts import WorkerContext
from maillage.web.runs.sweeping import sweep
from maillage.web.runs.timing import Timing
from maillage.web.runs.workers import run_worker


class Command(BaseCommand):
    """Put back the runs of dead workers, do the chores that are due, and compute what waits."""

    help = (
        "Put back the runs whose worker died, do the chores that are due (mails, clocks, what is "
        "to be forgotten), then compute what waits and end. Safe beside running workers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--sweep-only", action="store_true", help="compute nothing")

    def handle(self, *, sweep_only: bool, **options: Any) -> None:
        """Do it and say how many of each."""
        report = sweep(at=timezone.now(), lease=Timing().lease)
        done = do_due(owner=WorkerContext().owner, clock=timezone.now)
        computed = 0 if sweep_only else run_worker(until_empty=True)
        self.stdout.write(
            f"requeued {report.requeued}, failed {report.failed}, cancelled {report.cancelled}, "
            f"woken {report.woken}, computed {computed}"
        )
        for name, counts in done.items():
            told = ", ".join(f"{word} {count}" for word, count in counts.items())
            self.stdout.write(f"{name}: {told or 'failed, see the log'}")
