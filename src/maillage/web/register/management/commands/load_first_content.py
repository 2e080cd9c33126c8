"""`load_first_content`: publish the reviewed initiatives that come with Maillage."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.web.register.first_content.loading import load_content


class Command(BaseCommand):
    """Publish the first content; safe to call again."""

    help = "Publish the initiatives that come with Maillage; what people changed is left alone."

    def handle(self, **options: Any) -> None:
        """Do it and say how many of each."""
        done = load_content(at=timezone.now())
        self.stdout.write(
            f"created {done.created}, updated {done.updated}, unchanged {done.unchanged}, "
            f"kept {done.kept}"
        )
