"""`maillage data build` and `maillage serve`, as `make demo` starts them."""

import http.client
import json
import os
import pty
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND
from tests.cli.test_processes import is_alive, wait_for


@dataclass
class Site:
    """A site that answers: its process, its port, and every process it started."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def descendants(self) -> list[int]:
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(fields[1])
        found = [self.process.pid]
        for pid in found:
            found.extend(child for child, parent in parents.items() if parent == pid)
        return found[1:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def static_dir(tmp_path_factory) -> Path:
    """Where the front end's files are gathered, once for all: compressing them takes seconds."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture
def serving(environment, tmp_path, static_dir):
    """Start the site on a free port, give it once it answers, and end it."""
    settings = environment | {
        "MAILLAGE_DEMO": "1",
        "MAILLAGE_WEB_WORKERS": "1",
        "MAILLAGE_STATIC_DIR": str(static_dir),
    }

    @contextmanager
    def serve(*arguments: str) -> Iterator[Site]:
        port = free_port()
        command = [*COMMAND, "serve", "--port", str(port), "--json", *arguments]
        with subprocess.Popen(
            command,
            env=settings,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            try:
                answer = "".join(process.stdout.readline() for _ in range(4))
                assert json.loads(answer) == {
                    "ready": f"http://127.0.0.1:{port}",
                    "pid": process.pid,
                }
                yield Site(process, port)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                process.wait(timeout=300)

    return serve


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT], ids=lambda order: order.name)
def test_the_site_shows_the_fictional_department_and_ends_when_told(serving, order):
    with serving() as site:
        status, page = site.get("/")
        assert status == 200
        assert "fictif" in page
        children = site.descendants()
        assert len(children) >= 3  # the web server, its process, the task worker
        site.process.send_signal(order)
        site.process.wait(timeout=300)
    assert site.process.returncode == 0
    assert not any(is_alive(pid) for pid in children)


def test_no_process_stays_when_the_site_is_killed_outright(serving):
    with serving("--no-build") as site:
        children = site.descendants()
        os.kill(site.process.pid, signal.SIGKILL)
        site.process.wait(timeout=300)
    wait_for(lambda: not any(is_alive(pid) for pid in children))


def test_a_fallen_task_worker_starts_again(serving):
    with serving("--no-build") as site:

        def is_worker(pid: int) -> bool:
            try:
                return b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:  # it ended between the list of processes and this reading
                return False

        def worker() -> list[int]:
            return [pid for pid in site.descendants() if is_worker(pid)]

        (first,) = wait_for(worker)
        os.kill(first, signal.SIGKILL)
        assert wait_for(lambda: [pid for pid in worker() if pid != first])


def test_a_busy_port_is_told_before_anything_starts(maillage):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = maillage("serve", "--port", port, MAILLAGE_DEMO="1")
    assert answer.returncode == 1
    assert f"Le port {port}" in answer.stderr


def test_a_second_build_has_nothing_to_make(maillage):
    first = json.loads(maillage("data", "build", "--json").stdout)
    assert first["made"]
    assert first["switch"]["additions"] > 300

    second = json.loads(maillage("data", "build", "--json").stdout)
    assert (second["version"], second["made"]) == (first["version"], [])
    assert second["switch"]["already_active"]

    status = json.loads(maillage("data", "status", "--json").stdout)
    rows = {source["name"]: source["rows"] for source in status["sources"]}
    assert rows["cog"] > 300


def test_a_folder_without_the_files_that_matter_is_told_in_one_line(maillage, tmp_path):
    (tmp_path / "empty").mkdir()
    answer = maillage("data", "build", MAILLAGE_DATA_DIR=str(tmp_path / "empty"))
    assert answer.returncode == 1
    assert answer.stderr.startswith("Erreur :")
    assert "Traceback" not in answer.stderr


def test_fictional_data_never_take_the_place_of_real_ones_by_oversight(maillage, tmp_path):
    built = json.loads(maillage("data", "build", "--json").stdout)
    database = sqlite3.connect(tmp_path / "var/maillage.sqlite3")
    with database:  # as if the version shown described a real territory
        database.execute("UPDATE territories_storeversion SET fictional = 0")
    database.close()

    answer = maillage("data", "build")
    assert answer.returncode == 3
    assert "MAILLAGE_DATA_DIR n'est pas réglé" in answer.stderr

    meant = maillage("data", "build", "--json", "--folder", str(tmp_path / "var/fictional"))
    assert meant.returncode == 0
    assert json.loads(meant.stdout)["version"] == built["version"]


def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(maillage, environment, tmp_path):
    assert "Construction" not in maillage("data", "build").stderr

    here, there = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "data", "build"], env=environment, cwd=tmp_path, stderr=there
    ) as process:
        os.close(there)
        drawn = b""
        with suppress(OSError):  # Linux says so when the other end is closed
            while piece := os.read(here, 4096):
                drawn += piece
    os.close(here)
    assert process.returncode == 0
    assert b"Rien de nouveau" in drawn
