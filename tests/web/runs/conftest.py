"""Fixtures of runs: sample studies, and real workers on a real database of each engine."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend

from maillage.web.config.database import parse_database_url
from maillage.web.runs import studies
from maillage.web.runs.actions import ask_run
from maillage.web.runs.askers import Asker
from maillage.web.runs.models import Run
from tests.conftest import required
from tests.web.runs.sample_studies import STUDIES

QUICK = {
    "lease_s": 1.5,
    "write_s": 0.2,
    "look_s": 0.05,
    "grace_s": 0.2,
    "obey_s": 0.2,
    "poll_s": 0.05,
}
"""A worker's clockwork in tests, in seconds; sweeping as often as polling."""

_SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}

PATIENCE_S = 30.0
"""How long a test waits for another process before it fails; it goes on as soon as it can."""

NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sample_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer the sample studies, put to a data version named « 2026-a »."""
    monkeypatch.setattr(studies, "available_studies", lambda: STUDIES)
    monkeypatch.setattr("maillage.web.runs.actions.current_data_version", lambda: "2026-a")


@pytest.fixture
def visitor() -> Asker:
    """A browser without an account."""
    return Asker(visitor_hash="a" * 64)


@pytest.fixture
def ask(visitor: Asker) -> Callable[..., Run]:
    """Ask for a run of a sample study as `visitor`, at noon unless told."""

    def _ask(study: str = "primes", *, asker: Asker = visitor, at=NOON, **rest: Any) -> Run:
        inputs = {"below": 100} if study == "primes" else {}
        return ask_run(
            study=study, inputs=inputs | rest.pop("inputs", {}), asker=asker, at=at, **rest
        )

    return _ask


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    """Return what `condition` says as soon as it is true; fail when patience ends."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if said := condition():
            return said
        time.sleep(0.02)
    pytest.fail(f"Waited {PATIENCE_S:.0f} s in vain: {what}.")


@dataclass
class Workshop:
    """A database of its own, real worker processes on it, and the doors of their studies."""

    url: str
    folder: Path
    workers: list[subprocess.Popen] = field(default_factory=list)

    @property
    def gate(self) -> Path:
        """The file for which studies wait."""
        return self.folder / "gate"

    def inputs(self, **more: Any) -> dict[str, Any]:
        """Return inputs that make a study sign in and wait at the gate."""
        register = self.folder / "register"
        register.mkdir(exist_ok=True)
        return {"gate": str(self.gate), "register": str(register), **more}

    def open_gate(self) -> None:
        """Let the studies end."""
        self.gate.touch()

    def start_worker(self, **timing: float) -> subprocess.Popen:
        """Start a worker process and wait until it is ready."""
        command = [sys.executable, "-m", "tests.web.runs.worker_process"]
        log = self.folder / f"worker-{len(self.workers)}.log"
        with log.open("wb") as stderr:
            worker = subprocess.Popen(
                [*command, json.dumps(QUICK | {"sweep_s": 0.05} | timing)],
                env=os.environ | {"MAILLAGE_DATABASE_URL": self.url, **_SETTINGS},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self.workers.append(worker)
        assert worker.stdout.readline() == "ready\n", self.logs()
        return worker

    def computing(self, *, other_than: int = 0) -> int:
        """Wait until a study has signed in from another process; return that process's number."""

        def seen() -> int:
            names = {int(path.name) for path in (self.folder / "register").iterdir()}
            return max(names - {other_than}, default=0)

        return wait_until(seen, f"no study signed in. {self.logs()}")

    def finished(self, run: Run) -> Run:
        """Wait until the run is finished and return it."""
        return self.reached(run, lambda now: not now.is_unfinished)

    def reached(self, run: Run, condition: Callable[[Run], bool]) -> Run:
        """Wait until the run is as wanted and return it."""

        def look() -> Run | None:
            now = Run.objects.get(pk=run.pk)
            return now if condition(now) else None

        return wait_until(look, f"the run did not come so far. {self.logs()}")

    def logs(self) -> str:
        """Return what the workers wrote."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("worker-*.log")))

    def close(self) -> None:
        """End every worker, whatever it is doing."""
        for worker in self.workers:
            worker.kill()
            worker.wait()
            worker.stdout.close()


@pytest.fixture(scope="session")
def database_templates(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker
) -> Iterator[dict]:
    """An empty migrated database per engine, made when first asked for and copied per test."""
    folder = tmp_path_factory.mktemp("templates")
    made: dict[str, str] = {}

    def template(engine: str) -> str:
        if engine not in made:
            made[engine] = _new_url(engine, folder / "template.sqlite3")
            with django_db_blocker.unblock(), _default_database(made[engine]):
                call_command("migrate", verbosity=0)
        return made[engine]

    yield template
    if "postgresql" in made:
        _drop_postgres(made["postgresql"])


@pytest.fixture(params=["sqlite", "postgresql"])
def workshop(request, tmp_path: Path, database_templates, django_db_blocker) -> Iterator[Workshop]:
    """A database file or server of its own, reached by this process and by worker processes."""
    template = database_templates(request.param)
    url = _copy(request.param, template, tmp_path / "site.sqlite3")
    place = Workshop(url=url, folder=tmp_path)
    with django_db_blocker.unblock(), _default_database(url):
        try:
            yield place
        finally:
            place.close()
    if request.param == "postgresql":
        _drop_postgres(url)


@contextmanager
def _default_database(url: str) -> Iterator[None]:
    """Make `url` the default database of this thread inside the block."""
    before = connections["default"]
    settings = {**before.settings_dict, **parse_database_url(url), "CONN_MAX_AGE": 0}
    connections["default"] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before


def _new_url(engine: str, file: Path) -> str:
    if engine == "sqlite":
        return f"sqlite:///{file}"
    return _create_postgres()


def _copy(engine: str, template: str, file: Path) -> str:
    if engine == "sqlite":
        shutil.copy(template.removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"
    return _create_postgres(template=template.rsplit("/", 1)[1])


def _server_url() -> str:
    url = os.environ.get("MAILLAGE_TEST_POSTGRES_URL", "")
    if not url and required("postgres"):
        pytest.fail("MAILLAGE_REQUIRE asks for postgres: set MAILLAGE_TEST_POSTGRES_URL.")
    if not url:
        pytest.skip("MAILLAGE_TEST_POSTGRES_URL names no PostgreSQL server")
    return url


def _create_postgres(template: str = "template1") -> str:
    server, name = _server_url(), f"maillage_runs_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server.rsplit('/', 1)[0]}/{name}"


def _drop_postgres(url: str) -> None:
    with psycopg.connect(_server_url(), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')
