"""Read a workbook in a process of its own, whose memory and time the system bounds.

A workbook may say that its last cell is the last of all: five kilobytes then ask for 500 GB, and
an allocation that fails ends the process that asked for it. It ends this one, not the site's.

    python -m maillage.web.register.importing.workbook < file.xlsx

writes {"rows": [[text, …], …]} or {"refused": "why, in French"}.
"""

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

MOST_MEMORY: Final = 2 * 1024**3
"""Ten times what the largest table that is taken needs (20,000 rows of 100 columns)."""
MOST_SECONDS: Final = 60


def rows_of(body: bytes) -> list[list[str]]:
    """Return the first sheet as text. Raises CalamineError, IndexError, ValueError."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[_text(value) for value in row] for row in rows]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)


def main() -> None:
    """Read a workbook from the standard input, write its rows to the standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"rows": rows_of(sys.stdin.buffer.read())}
    except (CalamineError, IndexError, ValueError) as error:
        answer = {"refused": f"Ce classeur ne se lit pas : {error}."}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
