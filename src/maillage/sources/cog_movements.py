"""Every change of a commune's code, name or perimeter since 1943 ("mouvements").

Producer Insee (v_mvt_commune_AAAA.csv), Licence Ouverte 2.0. Vintage: to 1 January of the year of
the official geographic code it comes with.

Traps: before and after are many to many, one event is several rows; rows of former communes (COMD,
COMA) are mixed in: keep COM on both sides to follow communes; the code before is empty when a
commune is created (Mayotte 2011), the code after when it leaves (Saint-Martin 2007); on one day a
commune may change its code and merge under the new one. `code_changes` settles all of it.
"""

from pathlib import Path
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.code_changes import CodeChanges
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import codes, whole_numbers

RENAMED: Final = 10
CREATED: Final = 20
RESTORED: Final = 21
SUPPRESSED: Final = 30
NEW_DEPARTMENT: Final = 41
NEW_CODE: Final = 50

MOVEMENTS = Schema(
    "commune_movements",
    (
        Column("event", "int", meaning="Insee's code of the event (MOD): 10, 20, 21, 30–35, 41…"),
        Column("effective_on", "text", meaning="Date of effect, AAAA-MM-JJ."),
        Column("kind_before", "text", nullable=True, meaning="COM, ARM, COMD, COMA; or empty."),
        Column("code_before", "text", nullable=True),
        Column("name_before", "text", nullable=True),
        Column("kind_after", "text", nullable=True),
        Column("code_after", "text", nullable=True),
        Column("name_after", "text", nullable=True),
    ),
)


def read_movements(path: Path) -> Table:
    """Read `mouvements-communes.csv`: one row per pair (before, after) of each event."""
    read = read_csv_columns(
        path,
        {
            "event": "MOD",
            "effective_on": "DATE_EFF",
            "kind_before": "TYPECOM_AV",
            "code_before": "COM_AV",
            "name_before": "LIBELLE_AV",
            "kind_after": "TYPECOM_AP",
            "code_after": "COM_AP",
            "name_after": "LIBELLE_AP",
        },
    )
    code_before, repaired_before = codes(read, "code_before", may_be_empty=True)
    code_after, repaired_after = codes(read, "code_after", may_be_empty=True)
    _check_dates(read.file, read["effective_on"].tolist())
    return Table(
        MOVEMENTS,
        {
            **read.columns,
            "event": whole_numbers(read, "event"),
            "code_before": code_before,
            "code_after": code_after,
        },
        read.notes + repaired_before + repaired_after,
    )


def code_changes(movements: Table) -> CodeChanges:
    """Return the changes of the codes of communes, in order of time, ready to be followed.

    Only communes (COM) count: a commune déléguée that disappears inside its commune moves nobody.
    Events that only change a name are left out.
    """
    communes = np.isin(movements["kind_before"], ("COM", "")) & np.isin(
        movements["kind_after"], ("COM", "")
    )
    kept = movements.where(communes & (movements["event"] != RENAMED))
    phase = np.select(
        [
            np.isin(kept["event"], (NEW_DEPARTMENT, NEW_CODE)),
            np.isin(kept["event"], (CREATED, RESTORED)),
        ],
        [0, 1],
        default=2,
    )
    return CodeChanges.from_events(
        effective_on=kept["effective_on"].tolist(),
        phase=phase.tolist(),
        before=kept["code_before"].tolist(),
        after=kept["code_after"].tolist(),
    )


def former_names(movements: Table) -> list[tuple[str, str]]:
    """Return (code, name) of communes as they were before each event; for joins on names."""
    communes = movements["kind_before"] == "COM"
    codes_before = movements["code_before"][communes].tolist()
    names_before = movements["name_before"][communes].tolist()
    return sorted(set(zip(codes_before, names_before, strict=True)))


def _check_dates(file: str, dates: list[str]) -> None:
    for row, date in enumerate(dates):
        if len(date) != 10 or date[4] != "-" or date[7] != "-" or not date[:4].isdigit():
            raise InputError(
                f"{file}, column 'DATE_EFF', data row {row + 1}: {date!r} is not a date; expected "
                "AAAA-MM-JJ."
            )
