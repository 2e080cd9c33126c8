"""People, their organisations and rights, and the journal of what they do."""
