"""Files whose bytes depend on their content alone: no date, no name of machine."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]

Row = Sequence[Any]
_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Folder:
    """The data folder being written; every path is relative to it."""

    path: Path

    def text(self, name: str, content: str, *, encoding: str = "utf-8") -> None:
        """Write a text as it is."""
        self._file(name).write_bytes(content.encode(encoding))

    def csv(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[Row],
        *,
        delimiter: str = ",",
        line_end: str = "\n",
        before: str = "",
        quote_all: bool = False,
        encoding: str = "utf-8",
    ) -> None:
        """Write a delimited file; `before` is what stands above the header (BOM, junk lines)."""
        buffer = io.StringIO()
        quoting: Any = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(buffer, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
        writer.writerow(header)
        writer.writerows(rows)
        self.text(name, before + buffer.getvalue(), encoding=encoding)

    def json(self, name: str, content: object) -> None:
        """Write JSON without spaces, gzipped when the name ends in .gz."""
        data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        if name.endswith(".gz"):
            data = gzip.compress(data, compresslevel=6, mtime=0)
        self._file(name).write_bytes(data)

    def workbook(self, name: str, sheets: Mapping[str, Iterable[Row]]) -> None:
        """Write a workbook: text stays text (codes keep their zeros), numbers are numbers."""
        book = xlsxwriter.Workbook(
            str(self._file(name)), {"constant_memory": True, "strings_to_numbers": False}
        )
        book.set_properties({"created": _CREATED})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for rank, row in enumerate(rows):
                sheet.write_row(rank, 0, row)
        book.close()

    def bytes(self, name: str, content: bytes) -> None:
        """Write bytes as they are."""
        self._file(name).write_bytes(content)

    def _file(self, name: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def statloc_heading(scope: str, *, n_columns: int, producer: str) -> str:
    """Return the BOM and the two junk lines of Insee's and CartoSanté's exports."""
    junk = "; " * (n_columns - 1)
    return f"{BOM}{producer}{junk}\nRéférentiel géographique : France par {scope}{junk}\n"
