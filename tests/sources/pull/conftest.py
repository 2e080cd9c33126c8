"""A server that misbehaves, and a pull that neither waits nor reads the clock of the machine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maillage.sources.catalogue import DataFile, Source
from maillage.sources.pull import Patience, PullReport, pull
from tests.sources.pull.server import Server, running_server

QUICK = Patience(tries=3, first_wait_s=0.0, timeout_s=0.5, window_s=0.3, max_bytes=1 << 20)


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the pull asked to sleep."""
    return []


@pytest.fixture
def pull_one(tmp_path: Path, waits: list[float]) -> Callable[..., PullReport]:
    """Pull one file, read as communes of the official code, into a folder of its own."""

    def run(
        url: str,
        *,
        path: str = "cog/communes.csv",
        reader: str = "tests.sources.pull.readers:read_lines",
        member: str = "",
        compress: bool = False,
        **options,
    ) -> PullReport:
        file = DataFile(path, reader, url=url, member=member, compress=compress)
        source = Source("essai", "Essai", "Personne", "2026", (file,), required=True)
        settings = {"patience": QUICK, "sleep": waits.append, "now": lambda: FETCHED_AT}
        return pull([source], tmp_path / "data", **{**settings, **options})

    return run


FETCHED_AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"
