"""`index_initiatives`: mend the search index, or build it again when the analyser has changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from maillage.web.register.finding.indexing import catch_up, rebuild


class Command(BaseCommand):
    """Bring the search index in step with what is public."""

    help = "Mend the search index; build it again if the analyser has changed. Safe at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--rebuild", action="store_true", help="build the whole index again")

    def handle(self, *, rebuild: bool, **options: Any) -> None:
        """Do it and say how many entries were written."""
        count = _rebuild() if rebuild else catch_up()
        self.stdout.write(f"entries written: {count}")


_rebuild = rebuild
