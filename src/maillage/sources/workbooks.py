"""Excel workbooks, read sheet by sheet as columns of text.

Read with calamine, which is fast and opens the files whose style sheet others refuse. A workbook is
a zip archive: it is checked against its declared and its real size before it is opened. Header
rows move from year to year: the header is the first row that holds the wanted columns.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from maillage.core.errors import InputError
from maillage.sources.archives import check_zip
from maillage.sources.csv_files import refuse_web_page
from maillage.sources.names import TextArray, fold_header, text_array
from maillage.sources.text_columns import TextColumns, find_header

MAX_WORKBOOK_BYTES: Final = 1 << 29
_HEADER_SEARCH_ROWS: Final = 40


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets of a workbook, in order."""
    return tuple(open_workbook(path).sheet_names)


def sheet_cells(path: Path, sheet: str) -> list[list[str]]:
    """Return every cell of a sheet as stripped text, row by row, empty rows included.

    `sheet` is compared folded (accents, case, spaces). Raises InputError when there is none.
    """
    return _cells(open_workbook(path), sheet, file=path.name)


def read_sheet_columns(
    path: Path,
    columns: Mapping[str, str],
    *,
    sheet: str | None = None,
    by_prefix: bool = False,
    optional: frozenset[str] = frozenset(),
    rows_after_header: int = 0,
) -> TextColumns:
    """Return the named columns of a sheet, as stripped text; rows where all are empty left out.

    columns            our name → header in the sheet (compared folded)
    sheet              name of the sheet (compared folded); the first one when None
    by_prefix          a header that begins with the one given will do
    optional           our names that may be absent from the sheet
    rows_after_header  rows to pass over below the header (units, numbers of columns)

    Whole numbers lose the ".0" that workbooks give them. Raises InputError for a file that is not
    a whole workbook, a missing sheet or column.
    """
    workbook = open_workbook(path)
    name = sheet if sheet is not None else workbook.sheet_names[0]
    cells = _cells(workbook, name, file=path.name)
    file = f"{path.name}, sheet {name!r}"
    row, positions = find_header(
        cells[:_HEADER_SEARCH_ROWS], columns, file=file, by_prefix=by_prefix, optional=optional
    )
    data = _without_empty_rows(cells[row + 1 + rows_after_header :], tuple(positions.values()))
    return TextColumns(
        file=file,
        columns={ours: _column(data, positions[ours]) for ours in columns if ours in positions},
        headers={ours: cells[row][position] for ours, position in positions.items()},
    )


def open_workbook(path: Path) -> CalamineWorkbook:
    """Open a workbook once its size and wholeness are checked; raises InputError otherwise."""
    with path.open("rb") as file:
        refuse_web_page(file.read(512), file=path.name)
    check_zip(path, max_expanded_bytes=MAX_WORKBOOK_BYTES)
    try:
        return CalamineWorkbook.from_path(path)
    except CalamineError as error:
        raise InputError(
            f"{path.name} does not open as a workbook ({error}). Expected an .xlsx file; fetch it "
            "again from its producer."
        ) from error


def _cells(workbook: CalamineWorkbook, sheet: str, *, file: str) -> list[list[str]]:
    wanted = fold_header(sheet)
    found = [name for name in workbook.sheet_names if fold_header(name) == wanted]
    if not found:
        raise InputError(f"{file}: no sheet {sheet!r}; found {workbook.sheet_names}.")
    try:
        rows = workbook.get_sheet_by_name(found[0]).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise InputError(f"{file}, sheet {sheet!r}: cannot be read ({error}).") from error
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _without_empty_rows(rows: Sequence[Sequence[str]], kept: Sequence[int]) -> list[Sequence[str]]:
    return [row for row in rows if any(row[position] for position in kept)]


def _column(rows: Sequence[Sequence[str]], position: int) -> TextArray:
    return text_array(row[position] for row in rows)
