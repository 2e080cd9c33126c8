"""DREES workbooks of localised potential accessibility (APL), for five professions.

Producer   DREES; Licence Ouverte 2.0: cite "DREES, APL aux médecins généralistes 2022, 2023"
Vintage    APL 2022 is in the communes of 2023, APL 2023 in those of 2024; Mayotte is absent;
           Paris, Lyon and Marseille are given by arrondissement
Layouts    one workbook per profession with a sheet per year (2022, 2023), or one workbook per
           profession and year (2024); GPs in consultations per year and inhabitant, the others
           in full-time equivalents per 100,000 inhabitants
Traps      the header stands some rows down, under notes, with the units in the row below; headers
           change from year to year ("de moins de 65 ans", "de 65 ans et moins ", "65 ans ou
           moins"), carry the year of the population, and end in spaces: they are recognised by
           their folded words; empty rows and notes follow the data; nurses and physiotherapists
           were once published for practitioners of 65 or less only
Use        average APL with `standardised_population`, count people under a threshold with
           `population` (DREES's own note in each sheet)

Verified on the GP workbook 2022–2023; the other professions on generated workbooks only.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.apl_parameters import AplParameters, parse_parameters
from maillage.sources.names import fold_header, text_array
from maillage.sources.text_columns import TextColumns, codes, numbers, status_of
from maillage.sources.workbooks import sheet_cells, sheet_names

Profession = Literal["gp", "nurse", "physiotherapist", "midwife", "dentist"]
Unit = Literal["acts/year/inhabitant", "FTE per 100,000 inhabitants"]

# The word of the header that tells the profession, once folded.
_PROFESSION_WORDS: Final[Mapping[str, Profession]] = {
    "medecins generalistes": "gp",
    "infirmi": "nurse",
    "kinesitherapeutes": "physiotherapist",
    "sages-femmes": "midwife",
    "chirurgiens-dentistes": "dentist",
    "chirurgiens dentistes": "dentist",
}
_LANDMARK: Final = "code commune insee"
_HEADER_SEARCH_ROWS: Final = 40
_YEAR: Final = re.compile(r"\b(20\d\d)\b")
_AGE_LIMIT: Final = re.compile(r"\b(\d\d) ans\b")
_CODE: Final = re.compile(r"(?:\d[\dAB])?\d{3}|\d{4}")
_AGE_LIMITS: Final = (65, 62, 60)

SCHEMA: Final = Schema(
    name="apl",
    columns=(
        Column("commune_code", "text", meaning="Commune, or arrondissement of the three cities"),
        Column("commune", "text"),
        Column("apl", "float", nullable=True, meaning="APL; its unit is the workbook's"),
        Column("apl_65", "float", nullable=True, meaning="Practitioners of 65 or less only"),
        Column("apl_62", "float", nullable=True, meaning="Practitioners of 62 or less only"),
        Column("apl_60", "float", nullable=True, meaning="Practitioners of 60 or less only"),
        Column("standardised_population", "float", "people", nullable=True),
        Column("population", "float", "people", nullable=True),
    ),
    key=("commune_code",),
)


@dataclass(frozen=True, slots=True)
class AplWorkbook:
    """One workbook: who is counted, in which unit, the years it holds and how it was computed.

    years       year of the APL → table in SCHEMA
    parameters  None when the workbook has no sheet "Paramètres", or one that `notes` tells of
    """

    profession: Profession
    unit: Unit
    years: Mapping[int, Table]
    parameters: AplParameters | None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.years:
            raise InputError("An APL workbook has at least one year; this one has none.")


def read_apl_workbook(path: Path) -> AplWorkbook:
    """Return all that an APL workbook holds.

    Raises InputError when no sheet has the header, when two sheets speak of different professions,
    or when a unit is not the one in which DREES publishes that profession.
    """
    parameter_cells: list[list[str]] = []
    sheets: list[_Sheet] = []
    for name in sheet_names(path):
        cells = sheet_cells(path, name)
        if fold_header(name).startswith("parametres"):
            parameter_cells = cells
        elif (row := _header_row(cells)) is not None:
            sheets.append(_Sheet.from_cells(cells, row, file=f"{path.name}, sheet {name!r}"))
    professions = {sheet.profession for sheet in sheets}
    if len(professions) != 1:
        raise InputError(
            f"{path.name}: found sheets for {sorted(professions) or 'no profession'}; expected one "
            f"profession, and sheets with a column {'Code commune INSEE'!r}."
        )
    years = {sheet.year: sheet.table for sheet in sheets}
    if len(years) < len(sheets):
        raise InputError(f"{path.name}: two sheets for one year among {sorted(years)}.")
    parameters, notes = _parameters(parameter_cells, sheets[0].profession, file=path.name)
    return AplWorkbook(sheets[0].profession, sheets[0].unit, years, parameters, notes)


def read_apl(path: Path, *, year: int | None = None) -> Table:
    """Return one year of an APL workbook, the latest when `year` is None.

    Raises InputError when the workbook does not hold that year.
    """
    years = read_apl_workbook(path).years
    wanted = max(years) if year is None else year
    if wanted not in years:
        raise InputError(f"{path.name} holds the years {sorted(years)}, not {wanted}.")
    return years[wanted]


def _parameters(
    cells: Sequence[Sequence[str]], profession: Profession, *, file: str
) -> tuple[AplParameters | None, tuple[str, ...]]:
    """Return the parameters; for the professions never seen, say why when there is none."""
    if not cells:
        return None, ()
    try:
        return parse_parameters(cells, file=file), ()
    except InputError as error:
        if profession == "gp":
            raise
        return None, (str(error),)


@dataclass(frozen=True, slots=True)
class _Sheet:
    year: int
    profession: Profession
    unit: Unit
    table: Table

    @classmethod
    def from_cells(cls, cells: Sequence[Sequence[str]], row: int, *, file: str) -> "_Sheet":
        header = [fold_header(cell) for cell in cells[row]]
        positions = _positions(header, file=file)
        profession = _profession(header[positions["apl"]], file=file)
        unit = _unit(cells[row + 1][positions["apl"]], profession, file=file)
        data, notes = _data_rows(cells[row + 1 :], positions, file=file)
        columns = TextColumns(
            file=file,
            columns={name: text_array(line[at] for line in data) for name, at in positions.items()},
            headers={name: cells[row][at] for name, at in positions.items()},
        )
        limit = _AGE_LIMIT.search(header[positions["apl"]])
        if limit:
            notes += (f"The sheet has no APL without age limit: {limit[1]} years or less.",)
        return cls(_year(cells[: row + 1], file=file), profession, unit, _table(columns, notes))


def _header_row(cells: Sequence[Sequence[str]]) -> int | None:
    for row, line in enumerate(cells[:_HEADER_SEARCH_ROWS]):
        if any(fold_header(cell).startswith(_LANDMARK) for cell in line):
            return row
    return None


def _positions(header: Sequence[str], *, file: str) -> dict[str, int]:
    """Return our name of each column → its position, from folded headers."""
    found: dict[str, int] = {}
    for position, cell in enumerate(header):
        name = _column_name(cell)
        if name is None:
            continue
        if name in found:
            raise InputError(
                f"{file}: two columns for {name}: {header[found[name]]!r} and {cell!r}."
            )
        found[name] = position
    if "apl" not in found:
        oldest = next((f"apl_{age}" for age in _AGE_LIMITS if f"apl_{age}" in found), None)
        if oldest:
            found["apl"] = found[oldest]
    needed = ("commune_code", "commune", "apl", "standardised_population", "population")
    missing = [name for name in needed if name not in found]
    if missing:
        raise InputError(
            f"{file}: no column for {missing}; found {list(header)}. DREES may have renamed it: "
            "compare the header with those of earlier years."
        )
    return found


def _column_name(header: str) -> str | None:
    if header.startswith("code commune"):
        return "commune_code"
    if header == "commune" or header.startswith("libelle"):
        return "commune"
    if header.startswith("apl"):
        limit = _AGE_LIMIT.search(header)
        return f"apl_{limit[1]}" if limit else "apl"
    if header.startswith("population") and "standardisee" in header:
        return "standardised_population"
    return "population" if header.startswith("population totale") else None


def _profession(header: str, *, file: str) -> Profession:
    for word, profession in _PROFESSION_WORDS.items():
        if word in header:
            return profession
    raise InputError(
        f"{file}: column {header!r} names none of the professions of APL: "
        f"{sorted(set(_PROFESSION_WORDS.values()))}."
    )


def _unit(text: str, profession: Profession, *, file: str) -> Unit:
    """Return the unit of a profession; raise InputError when the row of units says another."""
    folded = fold_header(text)
    expected: Unit = "acts/year/inhabitant" if profession == "gp" else "FTE per 100,000 inhabitants"
    is_fte = "etp" in folded or "equivalent" in folded
    is_acts = "consultation" in folded
    contradicts = is_fte if profession == "gp" else is_acts
    if folded and (contradicts or not (is_fte or is_acts)) and not _is_number(folded):
        raise InputError(
            f"{file}: the unit of the APL is {text!r}; expected {expected} for {profession}."
        )
    return expected


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _year(cells: Sequence[Sequence[str]], *, file: str) -> int:
    """Return the year of the APL: the sheet's name, else the "Millésime" line, else the title."""
    sheet_name = _YEAR.search(file.rpartition("sheet ")[2].replace("_", " "))
    lines = [cell for line in cells[:-1] for cell in line if cell]
    vintage = [line for line in lines if fold_header(line).startswith("millesime")]
    for text in [*vintage, *lines[:1]]:
        if not sheet_name:
            sheet_name = _YEAR.search(text)
    if not sheet_name:
        raise InputError(
            f"{file}: the year of the APL is neither in the sheet's name nor in a line "
            "'Millésime : 2023' above the header."
        )
    return int(sheet_name[1])


def _data_rows(
    rows: Sequence[Sequence[str]], positions: Mapping[str, int], *, file: str
) -> tuple[list[Sequence[str]], tuple[str, ...]]:
    """Return the rows of communes: units, empty rows and the notes under the data left out."""
    code_at = positions["commune_code"]
    data: list[Sequence[str]] = []
    footers = 0
    for rank, row in enumerate(rows):
        code = row[code_at].removesuffix(".0")
        if _CODE.fullmatch(code):
            if footers:
                raise InputError(f"{file}: commune {code!r} stands below the notes of the sheet.")
            data.append(row)
        elif code and " " not in code:
            raise InputError(f"{file}, row {rank + 1} below the header: {code!r} is no commune.")
        else:
            footers += bool(code)
    if not data:
        raise InputError(f"{file}: a header and no commune below it. Download the file again.")
    return data, ((f"{footers} lines of notes under the data: left out.",) if footers else ())


def _table(columns: TextColumns, notes: tuple[str, ...]) -> Table:
    commune_codes, repaired = codes(columns, "commune_code")
    values = {
        name: numbers(columns, name)[0] if name in columns else np.full(len(columns), np.nan)
        for name in (column.name for column in SCHEMA.columns if column.kind == "float")
    }
    hidden = int((status_of(columns["apl"]) != "").sum())
    if hidden:
        notes += (f"{hidden} communes without APL.",)
    return Table(
        SCHEMA,
        {"commune_code": commune_codes, "commune": columns["commune"], **values},
        notes + repaired,
    )
