"""`turn_register`: what a timer (cron, systemd) calls once a day for the register."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.web.register.life.freshness import turn_clock
from maillage.web.register.sheets.relay import forget_messages


class Command(BaseCommand):
    """Remind those who answer for records, flag the old ones, hide the very old ones."""

    help = "Send the reminders that are due, flag old records, hide very old ones."

    def handle(self, **options: Any) -> None:
        """Do it and say how many of each."""
        at = timezone.now()
        turned, forgotten = turn_clock(at=at), forget_messages(at=at)
        self.stdout.write(
            f"reminded {turned.reminded}, flagged {turned.flagged}, hidden {turned.hidden}, "
            f"messages erased {forgotten}"
        )
