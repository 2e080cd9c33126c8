"""Keys with which a person's programs speak to the public API."""
