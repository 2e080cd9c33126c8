"""Readers small enough to serve as a data set of their own in the tests of `pull`."""

from pathlib import Path

from maillage.core.errors import InputError


def read_lines(path: Path) -> list[str]:
    """Return the data lines of a file whose header is "code,name"."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines[0] != "code,name":
        raise InputError(f"{path.name} begins with {lines[0]!r}, expected 'code,name'.")
    return lines[1:]


def read_anything(path: Path) -> bytes:
    """Return the content, whatever it is."""
    return path.read_bytes()


def read_badly(path: Path) -> None:
    """Fail as a reader does on a file that nobody foresaw."""
    raise ZeroDivisionError(path.name)
