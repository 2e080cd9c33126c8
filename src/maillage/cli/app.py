"""Every command, in one list."""

from typing import Annotated

import typer

import maillage
from maillage.cli import data, journal, people, site, studies
from maillage.cli.french import FrenchCommand, french_app

app = french_app(
    """Maillage, l'atelier ouvert des territoires de santé.

Pour commencer, sans aucune donnée : [bold]maillage serve[/] (département fictif).

Avec les données de la France entière :

    export MAILLAGE_DATA_DIR=/srv/maillage/donnees

    maillage data pull

    maillage data build

    maillage serve

Codes de retour : 0 fait · 1 données ou réponse mauvaises · 2 commande ou réglage mal écrits ·
3 il manque quelque chose · 130 interrompu. Avec [bold]--json[/], la réponse va sur la sortie
standard, les messages sur la sortie d'erreur.""",
)
app.add_typer(data.app, name="data")
app.add_typer(journal.app, name="journal")
app.add_typer(people.app, name="people")
app.command("study", cls=FrenchCommand)(studies.study)
app.command("serve", cls=FrenchCommand)(site.serve)
app.command("worker", cls=FrenchCommand)(site.worker)
app.command("check-config", cls=FrenchCommand)(site.check_config)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"maillage {maillage.__version__}")
        raise typer.Exit


@app.callback()
def _maillage(
    version: Annotated[
        bool,
        typer.Option("--version", help="Dire la version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Hold the options that come before the command."""
