"""One file per public data set: locate, read, check, hand over a core table."""
