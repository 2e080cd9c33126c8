"""The steps of a build, each reading files or earlier steps and writing its own outputs."""
