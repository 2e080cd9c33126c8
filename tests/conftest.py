"""What every test may ask for: real files when they are there, and small stores always."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings

from maillage.sources.fictional import write_department
from maillage.studies.store import Store, open_store
from maillage.studies.store.build import build
from tests.studies.line_store import write_line_store
from tests.studies.tiny_store import write_tiny_store

FICTIONAL_SEED = 1


# No timed assertion: the first call of a compiled loop takes seconds, the others microseconds.
settings.register_profile("maillage", deadline=None)
settings.load_profile("maillage")


@pytest.fixture(scope="session", autouse=True)
def journal_may_be_emptied() -> Iterator[None]:
    """Let a test that empties its database empty the journal too, which triggers refuse."""
    from maillage.web.accounts.journal.triggers import create_triggers, drop_triggers

    empty = TransactionTestCase._fixture_teardown

    def empty_without_triggers(self: TransactionTestCase) -> None:
        drop_triggers(connection)
        empty(self)
        create_triggers(connection)

    TransactionTestCase._fixture_teardown = empty_without_triggers
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(autouse=True)
def no_attempt_is_remembered() -> None:
    """Forget the attempts that other tests made to log in."""
    cache.clear()


def required(what: str) -> bool:
    """Say whether MAILLAGE_REQUIRE names `what`: then its absence fails instead of skipping."""
    return what in os.environ.get("MAILLAGE_REQUIRE", "").replace(" ", "").split(",")


def _folder(variable: str, what: str) -> Path:
    folder = Path(os.environ.get(variable, ""))
    if os.environ.get(variable) and folder.is_dir():
        return folder.resolve()
    message = f"{variable} names no folder of real files"
    if required(what):
        pytest.fail(f"{message}, and MAILLAGE_REQUIRE asks for {what}.")
    pytest.skip(message)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of real national files; the test skips (or fails if required) without it."""
    return _folder("MAILLAGE_DATA_DIR", "data")


@pytest.fixture(scope="session")
def bench_dir() -> Path:
    """Folder of reference instances; the test skips (or fails if required) without it."""
    return _folder("MAILLAGE_BENCH_DIR", "bench")


@pytest.fixture(scope="session")
def fictional_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the fictional department's files, in the official formats; not to be written to."""
    folder = tmp_path_factory.mktemp("fictional") / "data"
    write_department(folder, seed=FICTIONAL_SEED)
    return folder


@pytest.fixture(scope="session")
def fictional_store(fictional_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of the fictional department, opened: shared by all tests, never written to."""
    report = build(fictional_data_dir, tmp_path_factory.mktemp("store"))
    return open_store(report.path)


@pytest.fixture(scope="session")
def national_store(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of the whole nation, built once a session from the real files (30 s)."""
    report = build(data_dir, tmp_path_factory.mktemp("national"))
    return open_store(report.path)


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Eight communes written by hand (see tests/studies/tiny_store.py)."""
    return open_store(write_tiny_store(tmp_path_factory.mktemp("tiny") / "version"))


@pytest.fixture(scope="session")
def line_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The same eight communes with trips and contours (see tests/studies/line_store.py)."""
    return open_store(write_line_store(tmp_path_factory.mktemp("line") / "version"))
