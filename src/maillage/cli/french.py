"""The words that Typer says by itself, in French."""

from typing import Any, Final

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

_WORDS: Final = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commandes",
    "ERRORS_PANEL_TITLE": "Erreur",
    "ABORTED_TEXT": "Interrompu.",
    "RICH_HELP": "[blue]'{command_path} {help_option}'[/] montre l'aide.",
    "DEFAULT_STRING": "[par défaut : {}]",
    "ENVVAR_STRING": "[variable : {}]",
    "REQUIRED_LONG_STRING": "[obligatoire]",
}
_HELP_OPTION: Final = "Montrer cette aide."


class FrenchCommand(TyperCommand):
    """A command whose --help speaks French."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the --help option."""
        return _in_french(super().get_help_option(ctx))


class FrenchGroup(TyperGroup):
    """A group of commands whose --help speaks French."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the --help option."""
        return _in_french(super().get_help_option(ctx))


def french_app(about: str) -> typer.Typer:
    """Return an empty group of commands; without a command it shows its help."""
    for name, words in _WORDS.items():
        setattr(rich_utils, name, words)
    return typer.Typer(
        cls=FrenchGroup,
        help=about,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["--help", "-h", "--aide"]},
    )


def _in_french(option: Any) -> Any:
    if option is not None:
        option.help = _HELP_OPTION
    return option
