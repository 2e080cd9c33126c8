"""`python -m maillage.cli`: the same as the command `maillage`."""

from maillage.cli import main

main()
