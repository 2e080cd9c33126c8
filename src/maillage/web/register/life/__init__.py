"""The life of a record: moves, versions, amendments, comments, freshness, merging."""
