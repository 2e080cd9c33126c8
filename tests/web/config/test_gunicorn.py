"""What a web process does before its first visitor."""

import importlib
import os

import pytest

LIBRARIES = ("OPENBLAS", "OMP", "MKL", "NUMBA")


@pytest.fixture
def gunicorn(monkeypatch):
    """The module, and an environment given back afterwards: Numba reads it again and again."""
    for library in LIBRARIES:
        monkeypatch.delenv(f"{library}_NUM_THREADS", raising=False)
    from maillage.web.config import gunicorn

    yield importlib.reload(gunicorn)
    for library in LIBRARIES:
        os.environ.pop(f"{library}_NUM_THREADS", None)


def test_every_template_of_the_site_is_compiled_before_the_first_visitor(gunicorn):
    assert gunicorn.compile_templates() > 60


def test_numerical_libraries_start_no_thread_in_a_web_process(gunicorn):
    assert {os.environ[f"{library}_NUM_THREADS"] for library in LIBRARIES} == {"1"}
