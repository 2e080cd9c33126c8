"""`maillage journal`: hold the journal of the site to its word."""

from typing import Annotated

import typer

from maillage.cli.french import FrenchCommand, french_app
from maillage.cli.outcome import BAD_DATA, say, write_json

app = french_app("Le journal de ce qui est fait sur le site, que rien ne peut réécrire.")

Json = Annotated[bool, typer.Option("--json", help="Répondre en JSON sur la sortie standard.")]


@app.callback()
def _journal() -> None:
    """Hold the commands of the journal."""


@app.command("verify", cls=FrenchCommand)
def verify(
    contains: Annotated[
        str, typer.Option(help="Empreinte notée plus tôt : elle doit être dans la chaîne.")
    ] = "",
    json: Json = False,
) -> None:
    """Relire toute la chaîne du journal et dire si elle tient.

    Affiche l'empreinte de la dernière entrée : notée ailleurs, elle prouvera plus
    tard que rien n'a été refait.

    Code de retour 1 si une entrée manque, a changé ou ne suit pas la précédente.

    Exemples :

        maillage journal verify

        maillage journal verify --contains 3f5a… --json
    """
    from maillage.cli.building import set_up_django

    set_up_django()
    from maillage.web.accounts.journal.verification import verify as read_again

    verdict = read_again(must_contain=contains)
    if json:
        write_json(
            {
                "sound": verdict.sound,
                "entries": verdict.entries,
                "head": verdict.head_hash,
                "faults": verdict.faults,
            }
        )
    else:
        typer.echo(f"{verdict.entries} entrées, dernière empreinte {verdict.head_hash}")
        for fault in verdict.faults:
            say(f"⚠ {fault}")
        say("La chaîne tient." if verdict.sound else "La chaîne est rompue.")
    if not verdict.sound:
        raise typer.Exit(BAD_DATA)
