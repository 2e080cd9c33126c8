"""The one list of every public data set: who makes it, where it comes from, what reads it.

`maillage data pull | build | status`, the store and the page "Sources" all go through this list.
Addresses are the producers' own, as public code quotes them. `tried` says whether one of them was
ever opened by us; none was when this was written, so `pull` distrusts them all.
"""

from collections.abc import Iterable
from typing import Final

from maillage.core.errors import InputError
from maillage.sources.catalogue.entry import DataFile, Reader, Source, year_in
from maillage.sources.catalogue.geography import GEOGRAPHY
from maillage.sources.catalogue.health import HEALTH
from maillage.sources.catalogue.road_extracts import extract_of_department, road_extract

__all__ = [
    "SOURCES",
    "DataFile",
    "Reader",
    "Source",
    "file_of",
    "road_sources",
    "source_named",
    "sources_named",
    "year_in",
]

SOURCES: Final[tuple[Source, ...]] = GEOGRAPHY + HEALTH


def road_sources(departments: Iterable[str]) -> tuple[Source, ...]:
    """Return the road extracts that cover some departments, each once, in the order asked.

    Raises InputError for a code that is no department, or one that no extract covers.
    """
    names = dict.fromkeys(extract_of_department(code) for code in departments)
    return tuple(road_extract(name) for name in names)


def source_named(name: str) -> Source:
    """Return one data set by its name. Raises InputError with the names that exist."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise InputError(
        f"Jeu de données inconnu : {name!r}. Attendu : {', '.join(s.name for s in SOURCES)}."
    )


def sources_named(names: Iterable[str]) -> tuple[Source, ...]:
    """Return the data sets of these names, or all that are not `on_request` when none is given."""
    asked = tuple(source_named(name) for name in names)
    return asked or tuple(source for source in SOURCES if not source.on_request)


def file_of(source_name: str, path: str) -> DataFile:
    """Return one file of a data set by its path in the list. Raises InputError when unknown."""
    for file in source_named(source_name).files:
        if file.path == path:
            return file
    raise InputError(f"The data set {source_name} has no file {path!r} in the catalogue.")
