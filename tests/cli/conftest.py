"""The command line as a person starts it: a process of its own, with settings of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sources.pull.server import Server, running_server

COMMAND = (sys.executable, "-m", "maillage.cli")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of this machine without ours, and a folder of its own to write in."""
    ours = ("MAILLAGE_", "DJANGO_")  # pytest-django names the settings of the tests
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"MAILLAGE_VAR_DIR": str(tmp_path / "var"), "NO_COLOR": "1", "COLUMNS": "100"}


@pytest.fixture
def maillage(
    environment: dict[str, str], tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `maillage …` to its end; settings are given as keywords."""

    def run(*arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=environment | settings,
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,  # a bound on what hangs, far above what a busy machine takes
            check=False,
        )

    return run


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running
