"""A spreadsheet as rows of text: CSV in any usual encoding, or XLSX; hostile sizes refused."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from typing import Final

from maillage.core.errors import InputError
from maillage.web.register.importing.workbook import MOST_SECONDS

LARGEST_FILE: Final = 20 * 1024 * 1024
LARGEST_UNZIPPED: Final = 200 * 1024 * 1024
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 100
LONGEST_CELL: Final = 20_000
_READER: Final = (sys.executable, "-P", "-m", "maillage.web.register.importing.workbook")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and its rows, all of them text, as wide as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_spreadsheet(body: bytes) -> Sheet:
    """Return the first sheet of a file. Raises InputError, in French, for what cannot be read."""
    if len(body) > LARGEST_FILE:
        raise InputError("Ce fichier dépasse 20 Mo.")
    lines = _xlsx(body) if body.startswith(b"PK") else _csv(body)
    filled = [line for line in lines if any(cell.strip() for cell in line)]
    if not filled:
        raise InputError("Ce fichier est vide.")
    header, *rows = filled
    while header and not header[-1].strip():
        header = header[:-1]
    if len(header) > MOST_COLUMNS:
        raise InputError(f"Ce fichier a {len(header)} colonnes : {MOST_COLUMNS} au plus.")
    if len(rows) > MOST_ROWS:
        raise InputError(f"Ce fichier a {len(rows)} lignes : {MOST_ROWS} au plus.")
    names = tuple(name.strip() for name in header)
    if len({name for name in names if name}) != len([name for name in names if name]):
        raise InputError("Deux colonnes portent le même nom.")
    width = len(names)
    return Sheet(names, tuple(tuple((row + [""] * width)[:width]) for row in rows))


def _csv(body: bytes) -> list[list[str]]:
    text = _decoded(body)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        return [[_short(cell) for cell in row] for row in reader if not _is_note(row)]
    except csv.Error as error:
        raise InputError(f"Ce fichier CSV ne se lit pas : {error}.") from error


def _is_note(row: list[str]) -> bool:
    return bool(row) and row[0].startswith("# ")


def _decoded(body: bytes) -> str:
    """Read UTF-8, UTF-16 with its mark, or else the encoding of French Windows."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError("Ce fichier n’est ni un CSV, ni un classeur XLSX.")


def _xlsx(body: bytes) -> list[list[str]]:
    _refuse_bomb(body)
    try:
        done = subprocess.run(_READER, input=body, capture_output=True, timeout=2 * MOST_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise InputError("Ce classeur est trop long à lire.") from error
    if done.returncode:
        raise InputError("Ce classeur ne se lit pas, ou est trop grand une fois ouvert.")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise InputError(answer["refused"])
    return [[_short(cell) for cell in row] for row in answer["rows"]]


def _refuse_bomb(body: bytes) -> None:
    """Refuse a workbook that says, or hides, that it is huge once unzipped."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            left = LARGEST_UNZIPPED
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    while block := stream.read(1 << 20):
                        left -= len(block)
                        if left < 0:
                            raise InputError("Ce classeur est trop grand une fois décompressé.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError("Ce classeur ne se lit pas.") from error


def _short(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        raise InputError(f"Une cellule dépasse {LONGEST_CELL} caractères.")
    return cell
