"""How a command ends and speaks: exit codes, messages for people, one JSON object for machines.

0    done
1    the data or the answer is bad (a download failed, a file does not read)
2    the command or a setting was written wrongly
3    something is missing (a folder, a store, a data set)
130  interrupted
"""

import json
import sys
from typing import Any, Final

from rich.console import Console

from maillage.core.errors import CancelledError, InputError, MaillageError

BAD_DATA: Final = 1
BAD_USAGE: Final = 2
MISSING: Final = 3
CANCELLED: Final = 130

messages = Console(stderr=True, highlight=False, soft_wrap=True)
"""Where people are spoken to: standard output is kept for the answer."""


class MissingError(InputError):
    """What the command needs is not there; the message says how to get it."""


class SettingError(InputError):
    """A setting has a value that cannot be used."""


def exit_code_of(error: MaillageError) -> int:
    """Return the exit code that an error ends the command with."""
    if isinstance(error, CancelledError):
        return CANCELLED
    if isinstance(error, MissingError):
        return MISSING
    return BAD_USAGE if isinstance(error, SettingError) else BAD_DATA


def say(text: str) -> None:
    """Tell the person at the keyboard something, on standard error."""
    messages.print(text, markup=False)


def write_json(answer: Any) -> None:
    """Write one JSON object on standard output."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1, default=str) + "\n")
    sys.stdout.flush()


def report_error(error: MaillageError, *, as_json: bool) -> None:
    """Say an error without a traceback; to a machine also as {"error": …}."""
    if as_json:
        write_json({"error": str(error), "kind": type(error).__name__})
    messages.print("[bold red]Erreur[/] :", end=" ")
    say(error.french or str(error))
