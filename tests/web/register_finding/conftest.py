"""Initiatives to be found."""

from tests.web.register.conftest import MakeInitiative, make

__all__ = ["MakeInitiative", "make"]
