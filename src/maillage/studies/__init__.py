"""One question put to one territory; the single door for hiding small counts."""
