"""The command line: `maillage --help`."""

import sys

from maillage.cli.outcome import SettingError, exit_code_of, report_error
from maillage.core.errors import MaillageError


def main() -> None:
    """Run one command and end the process with its exit code (see `maillage.cli.outcome`)."""
    from django.core.exceptions import ImproperlyConfigured

    from maillage.cli.app import app

    as_json = "--json" in sys.argv
    try:
        app(prog_name="maillage")
    except MaillageError as error:
        report_error(error, as_json=as_json)
        sys.exit(exit_code_of(error))
    except ImproperlyConfigured as error:
        refused = SettingError(f"Réglage refusé : {error}")
        report_error(refused, as_json=as_json)
        sys.exit(exit_code_of(refused))
