"""`send_alerts`: tell what is new to those who follow a search; for a timer, each hour or so."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.web.register.finding.alerts import purge, send_due


class Command(BaseCommand):
    """Send the messages that are due, forget the addresses that nobody confirmed."""

    help = "Send the messages due to followed searches. Safe at any time: none is sent twice."

    def handle(self, **options: Any) -> None:
        """Do it and say how many of each."""
        at = timezone.now()
        self.stdout.write(f"sent {send_due(at=at)}, forgotten {purge(at=at)}")
