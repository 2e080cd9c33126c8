"""What a step of the build works with: the data folder, the folder it writes to, its findings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from maillage.core.errors import CancelledError, InputError
from maillage.core.tables import Table
from maillage.sources.catalogue import file_of, source_named
from maillage.sources.code_changes import CodeChanges, Passage
from maillage.sources.code_vintage import CodeYears
from maillage.sources.cog import arrondissements_of
from maillage.sources.cog_movements import code_changes
from maillage.studies.store.tables import TextArray


@dataclass(frozen=True, slots=True)
class Frame:
    """The units of a build, from the official geographic code, and how older codes reach them.

    codes      unit codes, sorted, shape (n_units,)
    names, department_code, region_code, parent_code   by unit
    divided    Paris, Lyon, Marseille → their arrondissements
    cog_year   year of the codes
    years      communes of each year, by which a file's codes say their year
    """

    codes: TextArray
    names: TextArray
    department_code: TextArray
    region_code: TextArray
    parent_code: TextArray
    divided: dict[str, tuple[str, ...]]
    cog_year: int
    changes: CodeChanges
    years: CodeYears
    movements: Table
    communes: Table

    def passage(self, old_codes: Iterable[str], *, from_year: int | None) -> Passage:
        """Return the passage of rows told of older codes to the units."""
        return self.changes.passage(
            old_codes,
            self.codes,
            from_year=None if from_year is None else min(from_year, self.cog_year),
            to_year=self.cog_year,
            divided=self.divided,
        )


@dataclass
class Workshop:
    """The bench at which one build is made; one step at a time uses it.

    data_dir     folder of official files
    out          folder that becomes the version
    rows, notes, years  what the step under way has found: rows by data set, what is to be told of
                 it, year of each indicator that a file dates
    unreadable   data set → why its file could not be read
    """

    data_dir: Path
    out: Path
    on_progress: Callable[[float, str], None] = lambda share, message: None
    should_stop: Callable[[], bool] = lambda: False
    rows: dict[str, int] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    years: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    _frame: Frame | None = None

    def check_stop(self) -> None:
        """Raise CancelledError when the person who asked for the build wants it stopped."""
        if self.should_stop():
            raise CancelledError("The build was stopped; the last complete version stays in use.")

    def paths(self, source: str, pattern: str) -> list[Path]:
        """Return the files of a data set that match one pattern of the catalogue."""
        return file_of(source, pattern).locate(self.data_dir)

    def read(self, source: str, pattern: str) -> Any:
        """Read the newest file of a pattern of the catalogue; None when absent or unreadable.

        A file that cannot be read switches its features off and is told; one that the store
        cannot do without raises InputError.
        """
        found = self.paths(source, pattern)
        if not found:
            if source_named(source).required and file_of(source, pattern).required:
                raise InputError(
                    f"The data folder {self.data_dir} lacks {pattern}, without which no store can "
                    "be built: download it with `maillage data pull`."
                )
            return None
        return self.read_path(source, pattern, found[-1])

    def read_path(self, source: str, pattern: str, path: Path) -> Any:
        """Read one file as `read` does."""
        return self.attempt(source, path, file_of(source, pattern).load_reader())

    def attempt(self, source: str, path: Path, reader: Callable[[Path], Any]) -> Any:
        """Return what a reader of our own makes of a file of the data set, as `read` does."""
        self.check_stop()
        try:
            table = reader(path)
        except InputError as error:
            if source_named(source).required:
                raise InputError(str(error), french=_unreadable(source, path, error)) from error
            self.unreadable[source] = str(error)
            self.note(source, f"{path.name} could not be read and is left out: {error}")
            return None
        if isinstance(table, Table):
            self.rows[source] = self.rows.get(source, 0) + len(table)
            self.note(source, *table.notes)
        return table

    def note(self, source: str, *sentences: str) -> None:
        """Keep what is to be told of a data set."""
        kept = self.notes.setdefault(source, [])
        kept.extend(sentence for sentence in sentences if sentence not in kept)

    def passage(
        self, source: str, codes: Iterable[str], *, what: str, otherwise: int | None = None
    ) -> Passage:
        """Return the passage of a data set's rows to the units, and tell what does not pass.

        The year of the codes is counted in the codes themselves.

        what       the rows, as the notes call them: "APL 2022"
        otherwise  year to believe when the codes are too few to tell theirs; None for codes of
                   several years mixed
        """
        listed = list(codes)
        counted = self.frame.years.year_of(listed)
        passage = self.frame.passage(listed, from_year=counted or otherwise)
        told = [f"{what}: told in the communes of {counted}."] if counted else []
        self.note(source, *told, *passage.notes(what=what))
        return passage

    @property
    def frame(self) -> Frame:
        """The units, read once a build."""
        if self._frame is None:
            self._frame = _frame(self)
        return self._frame


def _frame(workshop: Workshop) -> Frame:
    communes = workshop.read("cog", "cog/communes.csv")
    movements = workshop.read("cog_movements", "cog/mouvements-communes.csv")
    divided = arrondissements_of(communes)
    whole = ~np.isin(communes["commune_code"], list(divided))
    kept = communes.where(((communes["kind"] == "COM") & whole) | (communes["kind"] == "ARM"))
    order = np.argsort(kept["commune_code"].astype(str), kind="stable")
    columns = {name: array[order] for name, array in kept.columns.items()}
    is_part = columns["kind"] == "ARM"
    parent = np.where(is_part, columns["parent_code"], "")
    department, region = _filled(communes, columns, parent)
    cog_year = max(int(day[:4]) for day in movements["effective_on"].tolist())
    changes = code_changes(movements)
    return Frame(
        codes=columns["commune_code"],
        names=columns["name"],
        department_code=department,
        region_code=region,
        parent_code=parent.astype(object),
        divided=divided,
        cog_year=cog_year,
        changes=changes,
        years=CodeYears.back_from(
            changes,
            current=communes["commune_code"][communes["kind"] == "COM"].tolist(),
            current_year=cog_year,
            divided=divided,
        ),
        movements=movements,
        communes=communes,
    )


def _filled(
    communes: Table, columns: dict[str, TextArray], parent: TextArray
) -> tuple[TextArray, TextArray]:
    """Give arrondissements the department and region of their city when they bear none."""
    whole = communes["kind"] == "COM"
    of_city = {
        code: (department, region)
        for code, department, region in zip(
            communes["commune_code"][whole].tolist(),
            communes["department_code"][whole].tolist(),
            communes["region_code"][whole].tolist(),
            strict=True,
        )
    }
    pairs = [
        of_city[city] if city else (department, region)
        for city, department, region in zip(
            parent.tolist(),
            columns["department_code"].tolist(),
            columns["region_code"].tolist(),
            strict=True,
        )
    ]
    return (
        np.array([department for department, _ in pairs], dtype=object),
        np.array([region for _, region in pairs], dtype=object),
    )


def _unreadable(source: str, path: Path, error: InputError) -> str:
    """Say to whoever builds the store which file stops it, and what to do."""
    return error.french or (
        f"le fichier {path} ({source_named(source).title}) ne se lit pas comme attendu : "
        "téléchargez-le de nouveau par `maillage data pull`, ou remplacez-le. "
        f"Détail, en anglais : {error}"
    )
