"""Tables as files for French spreadsheets: CSV with semicolons, XLSX; both say their sources."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import xlsxwriter

BYTE_ORDER_MARK: Final = "\ufeff"
_LINES_A_PIECE: Final = 500
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
    for line, row in enumerate(rows, start=1):
        writer.writerow([_csv_text(value) for value in row])
        if line % _LINES_A_PIECE == 0:
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
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
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
    return buffer.getvalue()


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
