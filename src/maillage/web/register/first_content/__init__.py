"""The first content: initiatives named in public documents, told in our own words, reviewed."""
