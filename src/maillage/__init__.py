"""Maillage: the open workshop of French health territories."""

__version__ = "0.1.0"
