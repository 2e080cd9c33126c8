"""`maillage data …`: fetch, build and describe the public data."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from maillage.cli.data_folder import (
    fictional_department,
    folder_to_fill,
    folder_to_read,
    named_folder,
)
from maillage.cli.french import FrenchCommand, french_app
from maillage.cli.outcome import BAD_DATA, CANCELLED, MISSING, MissingError, say, write_json
from maillage.cli.progress import build_progress, pull_progress
from maillage.cli.tables import print_statuses
from maillage.core.errors import InputError
from maillage.sources.catalogue import Source, road_sources, sources_named
from maillage.sources.status import SourceStatus, source_statuses
from maillage.web.config.folders import data_mirror, store_dir

app = french_app("Télécharger les données publiques, construire l'entrepôt, dire ce qui manque.")
Json = Annotated[bool, typer.Option("--json", help="Répondre en JSON sur la sortie standard.")]
Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="Dossier des données, à la place de MAILLAGE_DATA_DIR."),
]


@app.command(cls=FrenchCommand)
def pull(
    territory: Annotated[
        list[str] | None,
        typer.Argument(help="Départements dont on veut aussi les routes, comme 64 ou 2A."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", help="Un jeu de données (répétable) ; tous sinon."),
    ] = None,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Télécharger les jeux de données chez leurs producteurs.

    Un téléchargement coupé reprend où il s'est arrêté.

    Un fichier n'est remplacé qu'une fois le nouveau entier, vérifié, lisible :
    en cas d'échec, la dernière bonne copie reste en service.

    Exemples :

        maillage data pull                      (France entière)

        maillage data pull 64 40                (et les routes de l'Aquitaine)

        maillage data pull --source apl_workbook --source bpe

        maillage data pull --source rpps        (765 Mo, seulement sur demande)
    """
    from maillage.sources.pull import pull as pull_sources

    asked = _asked(source or [], territory or [])
    target = folder_to_fill(folder)
    with pull_progress(silent=json) as on_progress:
        report = pull_sources(asked, target, on_progress=on_progress, mirror=data_mirror())
    if json:
        write_json({"folder": target, "outcomes": [asdict(found) for found in report.outcomes]})
    for outcome in report.outcomes:
        if not json or outcome.status == "failed":
            say(f"{_SIGNS[outcome.status]} {outcome.path} : {outcome.message}")
    if not report.succeeded:
        raise typer.Exit(CANCELLED if report.of("cancelled") else BAD_DATA)


_SIGNS = {"downloaded": "✓", "unchanged": "=", "failed": "✗", "by_hand": "…", "cancelled": "‖"}


@app.command(cls=FrenchCommand)
def build(folder: Folder = None, json: Json = False) -> None:
    """Vérifier les fichiers, construire l'entrepôt et le mettre en service.

    Seul ce qui a changé est refait. Les pages passent d'un coup à la nouvelle version.

    Sans dossier de données, c'est le département fictif qui est construit.

    Exemple : MAILLAGE_DATA_DIR=/srv/maillage/donnees maillage data build
    """
    from maillage.cli.building import build_and_switch, real_data_are_shown

    if named_folder(folder) is None and real_data_are_shown():
        raise MissingError(
            "Le site montre des données réelles et MAILLAGE_DATA_DIR n'est pas réglé : réglez-le. "
            f"Pour revenir au département fictif : --folder {fictional_department()}."
        )
    data = folder_to_read(folder)
    with build_progress(silent=json) as on_progress:
        answer = build_and_switch(data.path, on_progress=on_progress)
    if json:
        write_json(answer)
    else:
        say(f"Entrepôt {answer['version']} en service ({answer['seconds']:.1f} s).")


@app.command(cls=FrenchCommand)
def status(folder: Folder = None, json: Json = False) -> None:
    """Dire de chaque jeu son millésime, sa licence, son âge, ses lignes.

    Dire aussi ce qui manque, et les fonctions que cela éteint.

    Le code de retour est 3 quand il manque un jeu sans lequel rien ne marche.
    """
    data = folder_to_read(folder)
    statuses = source_statuses(data.path, now=datetime.now(UTC), rows=_rows_of_last_build())
    if json:
        write_json(
            {
                "folder": data.path,
                "fictional": data.fictional,
                "sources": [_status_as_json(found) for found in statuses],
            }
        )
    else:
        print_statuses(statuses, folder=data.path, fictional=data.fictional)
    if any(found.source.required and found.state != "complete" for found in statuses):
        raise typer.Exit(MISSING)


@app.command(cls=FrenchCommand)
def fictional(
    folder: Annotated[Path, typer.Argument(help="Dossier à écrire ; il doit être vide.")],
    seed: Annotated[int, typer.Option(help="Graine : la même donne les mêmes fichiers.")] = 2026,
    json: Json = False,
) -> None:
    """Écrire un département fictif, dans les formats officiels.

    Exemple : maillage data fictional /tmp/fictif --seed 7
    """
    from maillage.sources.fictional import write_department

    if folder.exists() and any(folder.iterdir()):
        raise typer.BadParameter(f"le dossier {folder} n'est pas vide.", param_hint="FOLDER")
    summary = write_department(folder, seed=seed)
    if json:
        write_json({"folder": folder, "seed": seed, "summary": asdict(summary)})
    else:
        say(f"Département fictif écrit dans {folder} (graine {seed}).")


def _asked(names: list[str], departments: list[str]) -> tuple[Source, ...]:
    try:
        return (*sources_named(names), *road_sources(departments))
    except InputError as error:
        raise typer.BadParameter(error.french or str(error)) from error


def _rows_of_last_build() -> dict[str, int]:
    """Return the rows of each data set in the newest version of the store; none before the first.

    A store of another format counts as none: it is about to be built again.
    """
    from maillage.studies.store.layout import newest_version, read_manifest

    newest = newest_version(store_dir())
    if newest is None:
        return {}
    try:
        return {record.name: record.rows for record in read_manifest(newest).sources}
    except InputError:
        return {}


def _status_as_json(found: SourceStatus) -> dict[str, Any]:
    source = found.source
    return {
        "name": source.name,
        "title": source.title,
        "producer": source.producer,
        "licence": source.licence,
        "vintage": source.vintage,
        "page": source.page,
        "required": source.required,
        "verified": source.verified,
        "state": found.state,
        "files": list(found.paths),
        "missing": list(found.missing),
        "bytes": found.bytes,
        "dated_at": found.dated_at.isoformat(timespec="seconds") if found.dated_at else None,
        "age_days": found.age_days,
        "rows": found.rows,
        "disabled": list(found.disabled),
    }
