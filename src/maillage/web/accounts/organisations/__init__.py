"""Organisations, the territories that they cover, and who does what in them."""
