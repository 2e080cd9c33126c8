"""What the catalogue says of a data set and of each of its files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from maillage.core.errors import InputError

Reader = Callable[[Path], Any]

OPEN_LICENCE: Final = "Licence Ouverte 2.0"
NO_LICENCE: Final = "non indiquée : à lire ici, à ne pas redistribuer"
NOT_USED_YET: Final = "rien encore : lu, pas encore utilisé"
PROOFS_ONLY: Final = "rien dans le site : sert aux épreuves"


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of a data set, as it lies in the data folder.

    path       where it lies, relative to the data folder; `*` stands for a year or a date
    reader     "module:function" that reads and checks it; a dotted name keeps this list light
    url        the producer's address; "" when the file can only be fetched by hand
    saved_as   where a download goes, when `path` has a `*`; the same as `path` otherwise
    member     name (may hold `*`) of the file to take out of the downloaded zip; "" = not a zip
    compress   store the download gzipped (`saved_as` then ends in .gz)
    required   without it the whole data set is of no use
    light_check  "module:function" that `pull` calls instead of the reader, where reading takes
               minutes; it raises InputError for a file of another format
    inferred   the address follows a pattern or comes from memory: nobody quotes it as such
    """

    path: str
    reader: str
    url: str = ""
    saved_as: str = ""
    member: str = ""
    compress: bool = False
    required: bool = True
    light_check: str = ""
    inferred: bool = False

    def __post_init__(self) -> None:
        if ":" not in self.reader:
            raise InputError(f"{self.reader!r} is not a reader: expected module:function.")
        if self.url and "*" in self.target:
            raise InputError(f"{self.path} has an address and no name to save it as.")

    @property
    def target(self) -> str:
        """Where a download goes, relative to the data folder."""
        return self.saved_as or self.path

    def locate(self, folder: Path) -> list[Path]:
        """Return the files of `folder` that match, the one to be read last; none is an empty list.

        By the year in their names; in one year, or without any, what `pull` saved comes last.
        """
        target = folder / self.target
        found = (path for path in folder.glob(self.path) if path.is_file())
        return sorted(found, key=lambda path: (year_in(path) or 0, path == target, path))

    def load_reader(self) -> Reader:
        """Import and return the function that reads this file."""
        return _imported(self.reader)

    def load_check(self) -> Reader:
        """Import and return the function that a download has to pass."""
        return _imported(self.light_check or self.reader)


@dataclass(frozen=True, slots=True)
class Source:
    """One public data set.

    name        how the command line and the code call it
    title       its French name, for the reader
    page        where a person finds it, when a download fails or there is no address
    required    no store can be built without it
    enables     the features, in French, that are off without it
    verified    its reader was tried on the producer's real file
    on_request  only downloaded when it is asked for by name (hundreds of megabytes)
    """

    name: str
    title: str
    producer: str
    vintage: str
    files: tuple[DataFile, ...]
    licence: str = OPEN_LICENCE
    page: str = ""
    required: bool = False
    enables: tuple[str, ...] = field(default=())
    verified: bool = True
    on_request: bool = False

    def __post_init__(self) -> None:
        if not self.files:
            raise InputError(f"The data set {self.name} has no file.")
        if not self.required and not self.enables:
            raise InputError(f"The data set {self.name} is optional: say what it enables.")

    @property
    def may_be_given_on(self) -> bool:
        """Say whether its licence lets others have the data from us."""
        return NO_LICENCE not in self.licence

    def locate(self, folder: Path) -> list[Path]:
        """Return every file of this data set that `folder` holds."""
        return [path for file in self.files for path in file.locate(folder)]

    def missing_files(self, folder: Path) -> list[str]:
        """Return the paths of the required files that `folder` does not hold."""
        return [f.path for f in self.files if f.required and not f.locate(folder)]


def year_in(path: Path) -> int | None:
    """Return the last year written in a file's name: 2022 for `communes-1000m-2022.geojson.gz`."""
    digits = "".join(char if char.isdigit() else " " for char in path.name).split()
    years = [int(text) for text in digits if len(text) == 4 and text.startswith("20")]
    short = [2000 + int(text) for text in digits if len(text) == 2]
    return next(iter((years or short)[::-1]), None)


def _imported(dotted: str) -> Reader:
    module, _, name = dotted.partition(":")
    return cast(Reader, getattr(import_module(module), name))
