"""Delimited text files, read column by column as text.

Nothing is guessed silently: the delimiter is told by the caller, the encoding is found among the
three that French producers use (UTF-8 with or without a mark, Windows Latin-1) and noted when it
is not UTF-8, and the header is the first line that holds the wanted columns, under whatever
junk lines a producer puts above.
"""

import codecs
import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from maillage.core.errors import InputError
from maillage.sources.archives import read_gzip
from maillage.sources.names import TextArray, text_array
from maillage.sources.text_columns import TextColumns, find_header

Encoding = Literal["utf-8", "cp1252"]

_HEADER_SEARCH_LINES: Final = 30
_CHUNK: Final = 1 << 20
_HTML_STARTS: Final = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<body")


def read_csv_columns(
    path: Path,
    columns: Mapping[str, str],
    *,
    delimiter: str = ",",
    by_prefix: bool = False,
    optional: frozenset[str] = frozenset(),
    multiline: bool = False,
) -> TextColumns:
    """Return the named columns of a delimited file, as stripped text.

    columns    our name → header in the file (compared folded: accents, case and spaces vary)
    by_prefix  a header that begins with the one given will do (years at the end of headers)
    optional   our names that may be absent from the file, and then are from the result
    multiline  quoted cells may hold line breaks (slower)

    Raises InputError for a web page in place of the file, a missing column, a line with more or
    fewer cells than the header, an empty file.
    """
    content, encoding = _utf8_content(path)
    lines = _first_lines(content, delimiter)
    row, positions = find_header(
        lines, columns, file=path.name, by_prefix=by_prefix, optional=optional
    )
    header = lines[row]
    table = _parsed(path, content, delimiter, row, header, positions, multiline=multiline)
    notes = () if encoding == "utf-8" else ("The file is written in Latin-1, not in UTF-8.",)
    return TextColumns(
        file=path.name,
        columns={name: _texts(table, positions[name]) for name in columns if name in positions},
        headers={name: header[position] for name, position in positions.items()},
        notes=notes,
    )


def csv_header(path: Path, *, delimiter: str = ",", row: int = 0) -> tuple[str, ...]:
    """Return the cells of one of the first lines of a file, the header by default."""
    content, _ = _utf8_content(path)
    return tuple(_first_lines(content, delimiter)[row])


def detected_encoding(content: bytes) -> Encoding:
    """Return "utf-8" when the bytes are, else "cp1252" (Latin-1 as Windows writes it)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def refuse_web_page(content: bytes, *, file: str) -> None:
    """Raise InputError when a web page stands in place of the data."""
    start = content[:512].lstrip(codecs.BOM_UTF8 + b" \r\n\t").lower()
    if start.startswith(_HTML_STARTS):
        raise InputError(
            f"{file} is a web page, not a data file: the producer's address answered with an "
            "error or a portal page. Fetch it again, or correct the address."
        )


def _utf8_content(path: Path) -> tuple[bytes, Encoding]:
    content = read_gzip(path) if path.suffix == ".gz" else path.read_bytes()
    if not content.strip():
        raise InputError(f"{path.name} is empty: fetch it again.")
    refuse_web_page(content, file=path.name)
    content = content.removeprefix(codecs.BOM_UTF8)
    encoding = detected_encoding(content)
    if encoding == "cp1252":
        content = content.decode("cp1252", errors="replace").encode()
    return content, encoding


def _first_lines(content: bytes, delimiter: str) -> list[list[str]]:
    """Return the first lines, in cells; quoted line breaks in a header are not supported."""
    start = content[: 1 << 18].decode("utf-8", errors="ignore")
    lines = start.splitlines()[:_HEADER_SEARCH_LINES]
    return [
        [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        for line in lines
    ]


def _parsed(
    path: Path,
    content: bytes,
    delimiter: str,
    header_row: int,
    header: list[str],
    positions: Mapping[str, int],
    *,
    multiline: bool,
) -> pa.Table:
    wanted = [str(position) for position in positions.values()]
    try:
        return pacsv.read_csv(
            io.BytesIO(content),
            read_options=pacsv.ReadOptions(
                skip_rows=header_row + 1,
                column_names=[str(position) for position in range(len(header))],
            ),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=multiline),
            convert_options=pacsv.ConvertOptions(
                include_columns=wanted,
                column_types={name: pa.string() for name in wanted},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise InputError(
            f"{path.name}: {error}. Expected {len(header)} cells on each line, separated by "
            f"{delimiter!r}, as in its header."
        ) from error


def _texts(table: pa.Table, position: int) -> TextArray:
    trimmed = pc.utf8_trim_whitespace(table.column(str(position)))
    return text_array(text or "" for text in trimmed.to_pylist())
