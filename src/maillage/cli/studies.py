"""`maillage study`: put one question to the store, from the one list of studies."""

import json as json_format
import sys
from typing import Annotated, Any

import typer

from maillage.cli.outcome import MissingError, say, write_json
from maillage.core.errors import InputError
from maillage.web.config.folders import store_dir

Json = Annotated[bool, typer.Option("--json", help="Répondre en JSON sur la sortie standard.")]


def study(
    name: Annotated[str, typer.Argument(help="Nom de l'étude ; « liste » les montre.")] = "liste",
    inputs: Annotated[
        str, typer.Option("--inputs", help="Question en JSON, ou « - » pour l'entrée standard.")
    ] = "{}",
    json: Json = False,
) -> None:
    """Poser une question à l'entrepôt : profil d'un territoire, simulation, meilleurs lieux.

    Exemples :

        maillage study

        maillage study profile --inputs '{"kind": "epci", "code": "200067262"}' --json
    """
    from maillage.studies.registry import STUDIES

    if name == "liste":
        _list_studies(STUDIES, as_json=json)
        return
    if name not in STUDIES:
        raise typer.BadParameter(f"étude inconnue : {name}. Attendu : {', '.join(STUDIES)}.")
    write_json(_answer(STUDIES[name], _parsed(inputs)))


def _list_studies(studies: Any, *, as_json: bool) -> None:
    if as_json:
        write_json({"studies": {name: found.title for name, found in studies.items()}})
        return
    for name in sorted(studies):
        typer.echo(f"{name:<20} {studies[name].title}")


def _answer(study: Any, inputs: dict[str, Any]) -> Any:
    from maillage.studies.store import open_store
    from maillage.studies.store.layout import newest_version

    version = newest_version(store_dir())
    if version is None:
        raise MissingError("Pas encore d'entrepôt : construisez-le avec « maillage data build ».")
    store = open_store(version)
    return study.answer(inputs, store, progress=_say_progress, stop=lambda: False)


def _say_progress(share: float, message: str = "") -> None:
    if sys.stderr.isatty():
        say(f"{share:4.0%} {message}")


def _parsed(inputs: str) -> dict[str, Any]:
    text = sys.stdin.read() if inputs == "-" else inputs
    try:
        found = json_format.loads(text)
    except ValueError as error:
        raise InputError(f"--inputs n'est pas du JSON : {error}.") from error
    if not isinstance(found, dict):
        raise InputError('--inputs : attendu un objet JSON, comme {"kind": "epci"}.')
    return found
