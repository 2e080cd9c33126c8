"""One department, imagined and written once for all these tests; nobody writes to it."""

from pathlib import Path

import pytest

from maillage.sources.fictional import Department, Summary, imagine_department, write_department

SEED = 2026


@pytest.fixture(scope="session")
def department() -> Department:
    return imagine_department(seed=SEED)


@pytest.fixture(scope="session")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return write_department(_folder(tmp_path_factory), seed=SEED)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, summary: Summary) -> Path:
    """The folder of `summary`."""
    return _folder(tmp_path_factory)


def _folder(factory: pytest.TempPathFactory) -> Path:
    path = factory.getbasetemp() / "fictional-department"
    path.mkdir(exist_ok=True)
    return path
