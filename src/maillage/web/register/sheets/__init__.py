"""The page of one initiative, its history, suggestions of change, messages to its holder."""
