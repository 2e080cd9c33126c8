"""Tables as files for French spreadsheets: CSV with semicolons, XLSX; both say their sources."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import BinaryIO, Final

import xlsxwriter

BYTE_ORDER_MARK: Final = "\ufeff"
PIECE_LENGTH: Final = 65_536
"""A piece of a file is given once it has that many characters or bytes."""

# The last four are the wide forms that spreadsheets read as the others.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | float | int | None


def csv_file(
    rows: Iterable[Sequence[Value]], *, header: Sequence[str], provenance: Iterable[str]
) -> str:
    """Return a CSV text: provenance after `#`, then the header, decimal commas, a mark of UTF-8."""
    return "".join(csv_pieces(rows, header=header, provenance=provenance))


def csv_pieces(
    rows: Iterable[Sequence[Value]], *, header: Sequence[str], provenance: Iterable[str]
) -> Iterator[str]:
    """Yield the text of `csv_file` piece by piece, for tables too long to be held at once."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerows([f"# {line}"] for line in provenance)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_csv_text(value) for value in row])
        if buffer.tell() >= PIECE_LENGTH:
            yield _emptied(buffer)
    yield _emptied(buffer)


def xlsx_file(
    rows: Iterable[Sequence[Value]],
    *,
    header: Sequence[str],
    provenance: Iterable[str],
    title: str,
) -> bytes:
    """Return a workbook of two sheets: the table, named `title`, and where it comes from."""
    return b"".join(xlsx_pieces(rows, header=header, provenance=provenance, title=title))


def xlsx_pieces(
    rows: Iterable[Sequence[Value]],
    *,
    header: Sequence[str],
    provenance: Iterable[str],
    title: str,
) -> Iterator[bytes]:
    """Yield the bytes of `xlsx_file` piece by piece, once it is written to a file of its own."""
    with TemporaryFile() as written:
        _write_book(written, rows, header=header, provenance=provenance, title=title)
        written.seek(0)
        while piece := written.read(PIECE_LENGTH):
            yield piece


def _write_book(
    target: BinaryIO,
    rows: Iterable[Sequence[Value]],
    *,
    header: Sequence[str],
    provenance: Iterable[str],
    title: str,
) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif value is not None:
                    sheet.write_number(line, column, value)
        about = book.add_worksheet("Sources")
        about.set_column(0, 0, 110)
        for line, text in enumerate(provenance):
            about.write_string(line, 0, text)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before = + - @."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _csv_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return repr(value).replace(".", ",")
