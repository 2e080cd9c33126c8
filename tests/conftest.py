"""What every test may ask for: real files when they are there, and small stores always."""

import os
from pathlib import Path

import pytest

from maillage.studies.store import Store, open_store


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
def fictional_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of the fictional department, opened: the same for every test, never written to."""
    from tests.studies.tiny_store import write_tiny_store

    return open_store(write_tiny_store(tmp_path_factory.mktemp("store") / "tiny"))


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Eight communes written by hand (see tests/studies/tiny_store.py)."""
    from tests.studies.tiny_store import write_tiny_store

    return open_store(write_tiny_store(tmp_path_factory.mktemp("store") / "tiny"))
