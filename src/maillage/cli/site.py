"""`maillage serve`, `worker`, `check-config`: the site, its task workers, its settings."""

import http.client
import os
import socket
import sys
import time
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from maillage.cli.data_folder import folder_to_read, named_folder
from maillage.cli.outcome import SettingError, say, write_json
from maillage.cli.processes import Child, ChildFailedError, Keeper
from maillage.cli.progress import build_progress
from maillage.core.errors import InputError

_LONGEST_START_S: Final = 60
_NAMES_OF_ONE_MACHINE: Final = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})

Json = Annotated[bool, typer.Option("--json", help="Répondre en JSON sur la sortie standard.")]


def serve(
    port: Annotated[int, typer.Option(help="Port d'écoute.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Adresse d'écoute.")] = "127.0.0.1",
    task_workers: Annotated[int, typer.Option(help="Processus pour les calculs longs.", min=0)] = 1,
    build: Annotated[
        bool, typer.Option(help="Construire l'entrepôt s'il n'est pas à jour.")
    ] = True,
    json: Json = False,
) -> None:
    """Servir le site, au premier plan, jusqu'à Ctrl-C.

    Met la base à jour, construit l'entrepôt si besoin, puis lance les processus
    web (leur nombre : MAILLAGE_WEB_WORKERS) et un processus de calcul.

    Dit « prêt » quand le site répond.

    Exemples :

        maillage serve

        MAILLAGE_DATA_DIR=/srv/maillage/donnees maillage serve --port 8080
    """
    from maillage.cli.building import migrate, set_up_django

    _refuse_busy_port(host, port)
    set_up_django(signs=True)
    _check_pages()
    migrate()
    _collect_static()
    if build:
        _build_store(json)
    _publish_first_content()
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    keeper = Keeper(children=_children(host, port, task_workers), environment=os.environ, say=say)
    ready = _Ready(host, port, address, json)
    keeper.run(on_turn=ready.look)
    say("Arrêté.")


def worker() -> None:
    """Exécuter les calculs longs, un par un, jusqu'à l'ordre d'arrêt.

    À lancer autant de fois qu'il y a de cœurs à leur donner, sur une ou plusieurs
    machines qui partagent la base et l'entrepôt.

    SIGTERM laisse finir le calcul en cours, ou le rend à la file.

    Exemple : maillage worker
    """
    from maillage.cli.building import set_up_django

    set_up_django(signs=True)
    from maillage.web.runs.workers import run_worker

    run_worker()


def check_config(json: Json = False) -> None:
    """Relire tous les réglages, la base et les dossiers ; dire ce qui ne va pas.

    Exemple : maillage check-config --json
    """
    from maillage.cli.building import set_up_django

    set_up_django(signs=True)
    settings = _settings_in_force()
    warnings = _warnings()
    if json:
        write_json({"settings": settings, "warnings": warnings})
    else:
        for row in settings:
            typer.echo(f"{row['name']}={row['value']}   # {row['origin']}")
        for warning in warnings:
            say(f"⚠ {warning}")
    if warnings:
        raise typer.Exit(1)


class _Ready:
    """Says once that the site answers; raises ChildFailedError when it never does."""

    def __init__(self, host: str, port: int, address: str, as_json: bool) -> None:
        self.host, self.port, self.address, self.as_json = host, port, address, as_json
        self.said = False
        self.deadline_s = time.monotonic() + _LONGEST_START_S

    def look(self) -> None:
        if self.said:
            return
        if not _answers(self.host, self.port):
            if time.monotonic() > self.deadline_s:
                raise ChildFailedError(
                    f"Le site ne répond pas après {_LONGEST_START_S} s : voir le journal."
                )
            return
        self.said = True
        if self.as_json:
            write_json({"ready": self.address, "pid": os.getpid()})
        else:
            typer.echo(f"prêt : {self.address}")


def _children(host: str, port: int, task_workers: int) -> list[Child]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:maillage.web.config.gunicorn"]
    web = Child("Le serveur web", [*gunicorn, "--no-control-socket", "--bind", bind])
    command = [sys.executable, "-m", "maillage.cli", "worker"]
    workers = [
        Child(f"Le processus de calcul {number}", command, restart=True)
        for number in range(1, task_workers + 1)
    ]
    return [web, *workers]


def _build_store(as_json: bool) -> None:
    from maillage.cli.building import build_and_switch, real_data_are_shown

    if named_folder(None) is None and real_data_are_shown():
        say("MAILLAGE_DATA_DIR n'est pas réglé : les données réelles en service restent.")
        return
    data = folder_to_read(None)
    with build_progress(silent=as_json) as on_progress:
        answer = build_and_switch(data.path, on_progress=on_progress)
    say(f"Entrepôt {answer['version']} ({answer['seconds']:.1f} s).")


def _publish_first_content() -> None:
    """Publish the initiatives that come with Maillage, or correct those that nobody changed."""
    from django.utils import timezone

    from maillage.web.register.first_content.loading import load_content

    load_content(at=timezone.now())


def _check_pages() -> None:
    """Load every address of the site: a broken installation stops here, not at the first page."""
    from django.core.checks import ERROR, run_checks

    if errors := [str(check) for check in run_checks() if check.level >= ERROR]:
        raise SettingError("\n".join(errors))


def _collect_static() -> None:
    """Gather the front end's files where the web server reads them, when they have changed."""
    from django.conf import settings
    from django.core.management import call_command

    source = Path(sys.modules["maillage"].__path__[0]) / "web/ui/static"
    marker = Path(settings.STATIC_ROOT) / "staticfiles.json"
    newest = max((p.stat().st_mtime for p in source.rglob("*") if p.is_file()), default=0.0)
    if not marker.is_file() or marker.stat().st_mtime < newest:
        call_command("collectstatic", interactive=False, verbosity=0, clear=False)


def _refuse_busy_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputError(
                f"Le port {port} de {host} n'est pas libre ({error.strerror}). Choisissez-en un "
                "autre : maillage serve --port 8001."
            ) from error


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _settings_in_force() -> list[dict[str, str]]:
    from maillage.web.config import folders
    from maillage.web.config.environment import SETTINGS

    folders.data_dir()
    folders.data_mirror()
    rows = []
    for name in sorted(SETTINGS):
        setting = SETTINGS[name]
        given = name in os.environ or f"{name}_FILE" in os.environ
        shown = "(secret)" if setting.secret else os.environ.get(name, setting.default)
        rows.append(
            {
                "name": name,
                "value": shown if given or not setting.secret else "",
                "default": setting.default,
                "origin": "réglé" if given else "par défaut",
                "about": setting.about,
            }
        )
    return rows


def _warnings() -> list[str]:
    """Return what is wrong with settings that are each well written."""
    from django.core.checks import WARNING, run_checks
    from django.db import DatabaseError, connection

    from maillage.web.config.folders import data_dir, var_dir

    found = [str(check.msg) for check in run_checks() if check.level >= WARNING]
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        found.append(f"La base ne répond pas : {error}")
    folder = data_dir()
    if folder and not folder.is_dir():
        found.append(f"MAILLAGE_DATA_DIR : le dossier {folder} n'existe pas.")
    if not os.access(_nearest_existing(var_dir()), os.W_OK):
        found.append(f"MAILLAGE_VAR_DIR : {var_dir()} n'est pas accessible en écriture.")
    found += _unsafe_in_public()
    unknown = _unknown_settings()
    if unknown:
        found.append(f"Réglages inconnus : {', '.join(unknown)}. Vérifiez leur orthographe.")
    return found


def _unsafe_in_public() -> list[str]:
    """Return what may pass on one machine and not under a public name."""
    from django.conf import settings

    if not set(settings.ALLOWED_HOSTS) - _NAMES_OF_ONE_MACHINE:
        return []
    told = {
        "MAILLAGE_DEBUG=1 : une page d'erreur montre le code et les données. À retirer.": (
            settings.DEBUG
        ),
        "MAILLAGE_DEMO=1 : pour essayer sur une machine, jamais sous un nom public.": settings.DEMO,
        "MAILLAGE_HTTPS=0 : mots de passe et sessions circulent en clair.": not settings.HTTPS,
        f"MAILLAGE_SITE_URL : les liens des courriels mènent à {settings.SITE_URL}.": (
            urlsplit(settings.SITE_URL).hostname in _NAMES_OF_ONE_MACHINE
        ),
        "MAILLAGE_EMAIL_URL n'est pas réglé : aucun courriel ne part.": not settings.EMAIL_URL,
    }
    return [words for words, is_wrong in told.items() if is_wrong]


def _unknown_settings() -> list[str]:
    from maillage.web.config.environment import SETTINGS

    known = set(SETTINGS) | {f"{name}_FILE" for name in SETTINGS} | _TEST_SETTINGS
    return sorted(n for n in os.environ if n.startswith("MAILLAGE_") and n not in known)


_TEST_SETTINGS = {"MAILLAGE_REQUIRE", "MAILLAGE_BENCH_DIR", "MAILLAGE_TEST_POSTGRES_URL"}


def _nearest_existing(path: Path) -> Path:
    return path if path.exists() else _nearest_existing(path.parent)
