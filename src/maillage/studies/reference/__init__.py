"""Reviewed facts that no public file carries, each dated and with its source."""
