"""What a download must be before it replaces the copy in use: the right kind, whole, readable."""

import fnmatch
import gzip
import os
import shutil
import zipfile
from pathlib import Path
from typing import Final

from maillage.core.errors import InputError, MaillageError
from maillage.sources.archives import MAX_EXPANDED_BYTES, check_zip, read_gzip
from maillage.sources.catalogue import DataFile
from maillage.sources.csv_files import refuse_web_page

_FEWEST_ROWS_KEPT: Final = 0.5
_MAGIC: Final = {".xlsx": b"PK", ".zip": b"PK", ".parquet": b"PAR1", ".gz": b"\x1f\x8b"}


class ContentError(MaillageError):
    """What came is not the file that was expected; the message is in French."""


def unpack(download: Path, file: DataFile, candidate: Path) -> None:
    """Make `candidate`, the file as it will lie in the data folder, out of a download.

    Takes the member out of a zip, compresses, or moves. Raises ContentError.
    """
    candidate.parent.mkdir(parents=True, exist_ok=True)
    _refuse_wrong_kind(download, suffix=".zip" if file.member else "")
    if file.member:
        _extract(download, file.member, candidate)
    elif file.compress:
        with download.open("rb") as plain, gzip.GzipFile(candidate, "wb", mtime=0) as packed:
            shutil.copyfileobj(plain, packed)
    else:
        os.replace(download, candidate)


def check(
    candidate: Path,
    file: DataFile,
    *,
    rows_before: int = -1,
    max_expanded_bytes: int = MAX_EXPANDED_BYTES,
) -> int:
    """Read `candidate` with the reader of its data set and return its number of rows (-1: unknown).

    Raises ContentError for a web page, a cut archive, one that unfolds without end, a changed
    format, or a file that lost more than half of its rows since the last download.
    """
    _refuse_wrong_kind(candidate, suffix=candidate.suffix)
    _check_archive(candidate, max_expanded_bytes)
    try:
        read = file.load_check()(candidate)
    except InputError as error:
        raise ContentError(f"Le format a changé : {error}") from error
    except Exception as error:  # a reader meets files that nobody foresaw: they are refused, told
        raise ContentError(f"Fichier illisible : {type(error).__name__}, {error}") from error
    rows = len(read) if hasattr(read, "__len__") else -1
    if rows == 0 or 0 <= rows < rows_before * _FEWEST_ROWS_KEPT:
        raise ContentError(
            f"{rows} lignes seulement, contre {max(rows_before, 0)} au dernier téléchargement : le "
            "fichier semble incomplet."
        )
    return rows


def _refuse_wrong_kind(path: Path, *, suffix: str) -> None:
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip():
        raise ContentError("Le fichier reçu est vide.")
    try:
        refuse_web_page(start, file=path.name)
    except InputError as error:
        raise ContentError(
            "Le serveur a renvoyé une page web au lieu du fichier : l'adresse a sans doute changé."
        ) from error
    magic = _MAGIC.get(suffix, b"")
    if not start.startswith(magic):
        raise ContentError(
            f"Le fichier reçu n'est pas au format {suffix} attendu (il commence par {start[:8]!r})."
        )


def _check_archive(path: Path, max_expanded_bytes: int) -> None:
    try:
        if path.suffix in {".xlsx", ".zip"}:
            check_zip(path, max_expanded_bytes=max_expanded_bytes)
        elif path.suffix == ".gz":
            read_gzip(path, max_expanded_bytes=max_expanded_bytes)
    except InputError as error:
        raise ContentError(f"Archive incomplète ou piégée : {error}") from error


def _extract(download: Path, member: str, candidate: Path) -> None:
    try:
        check_zip(download, max_expanded_bytes=MAX_EXPANDED_BYTES)
    except InputError as error:
        raise ContentError(f"Archive incomplète ou piégée : {error}") from error
    with zipfile.ZipFile(download) as archive:
        names = archive.namelist()
        found = sorted(name for name in names if _is_member(name, member))
        if not found:
            raise ContentError(
                f"Le format a changé : l'archive ne contient plus {member} (elle contient "
                f"{', '.join(names[:10])})."
            )
        with archive.open(found[-1]) as packed, candidate.open("wb") as plain:
            shutil.copyfileobj(packed, plain)


def _is_member(name: str, member: str) -> bool:
    return fnmatch.fnmatch(Path(name).name.lower(), member.lower())
