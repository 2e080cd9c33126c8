"""The journal: what was done, when, to what, by a pseudonym; never rewritten."""
