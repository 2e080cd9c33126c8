"""Patients without a médecin traitant, and people who give up care: figures that a user hands in.

Producer   the user: Cnam, ARS, CPTS or an observatory. The official figures are quarterly, by
           department, and have no one format, so this one is ours, documented here and in
           docs/methods/sources-sante.md
Format     CSV in UTF-8, separator `;`, one line per territory, period and indicator, with header
           territory_kind;territory_code;year;indicator;value;source
Traps      a figure without a source is refused; a share runs from 0 to 1; counts of 1 to 10
           patients must not be handed in, and are refused (rule of small counts)
Unverified on a real file: tried on generated files only.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from maillage.core.codes import (
    parse_commune_code,
    parse_department_code,
    parse_epci_code,
    parse_region_code,
)
from maillage.core.errors import InputError
from maillage.core.privacy import may_show
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.names import text_array
from maillage.sources.text_columns import FloatArray, TextColumns, numbers, whole_numbers

# indicator → whether it is a share (0 to 1) rather than a count of patients
INDICATORS: Final[Mapping[str, bool]] = {
    "patients_without_medecin_traitant": False,
    "share_without_medecin_traitant": True,
    "share_long_illness_without_medecin_traitant": True,
    "share_giving_up_care": True,
}
_FIRST_YEAR, _LAST_YEAR = 2005, 2100

SCHEMA: Final = Schema(
    name="medecin_traitant",
    columns=(
        Column("territory_kind", "text", meaning="commune, epci, department, region or nation"),
        Column("territory_code", "text", meaning='Official code; "FR" for the nation'),
        Column("year", "int"),
        Column("indicator", "text", meaning="One of INDICATORS"),
        Column("value", "float", nullable=True, meaning="People, or a share from 0 to 1"),
        Column("source", "text", meaning="Who says so, and when"),
    ),
    key=("territory_kind", "territory_code", "year", "indicator"),
)


def read_medecin_traitant(path: Path) -> Table:
    """Return the figures; raises InputError that names the line and what is wrong with it."""
    names = [column.name for column in SCHEMA.columns]
    columns = read_csv_columns(path, {name: name for name in names}, delimiter=";")
    values = numbers(columns, "value")[0]
    _check_values(columns, values)
    years = whole_numbers(columns, "year")
    odd = (years < _FIRST_YEAR) | (years > _LAST_YEAR)
    if odd.any():
        raise InputError(f"{path.name}: year {years[odd][0]}; expected a year such as 2024.")
    kinds = columns["territory_kind"].tolist()
    pairs = zip(kinds, columns["territory_code"].tolist(), strict=True)
    checked = [
        _territory(kind, code, line=line, file=path.name)
        for line, (kind, code) in enumerate(pairs, start=2)
    ]
    texts = {name: columns[name] for name in ("territory_kind", "indicator", "source")}
    return Table(
        SCHEMA,
        {**texts, "territory_code": text_array(checked), "year": years, "value": values},
        columns.notes,
    )


def _nation(text: str) -> str:
    if text != "FR":
        raise InputError(f"{text!r} is not the code of the nation: FR.")
    return text


_PARSERS: Final[Mapping[str, Callable[[str], str]]] = {
    "commune": parse_commune_code,
    "epci": parse_epci_code,
    "department": parse_department_code,
    "region": parse_region_code,
    "nation": _nation,
}


def _territory(kind: str, code: str, *, line: int, file: str) -> str:
    if kind not in _PARSERS:
        raise InputError(
            f"{file}, line {line}: territory_kind {kind!r}; expected one of {sorted(_PARSERS)}."
        )
    try:
        return _PARSERS[kind](code)
    except InputError as error:
        raise InputError(f"{file}, line {line}: {error}") from error


def _check_values(columns: TextColumns, values: FloatArray) -> None:
    for row, indicator in enumerate(columns["indicator"].tolist()):
        place = f"{columns.file}, line {row + 2}"
        if indicator not in INDICATORS:
            raise InputError(f"{place}: indicator {indicator!r}; expected one of {[*INDICATORS]}.")
        if not np.isnan(values[row]):
            _check_value(float(values[row]), is_share=INDICATORS[indicator], place=place)


def _check_value(value: float, *, is_share: bool, place: str) -> None:
    if is_share and not 0 <= value <= 1:
        raise InputError(f"{place}: share {value}; expected 0 to 1 (12 % is written 0.12).")
    if not is_share and (value < 0 or value != round(value)):
        raise InputError(f"{place}: {value} is not a number of people.")
    if not is_share and not may_show(int(value)):
        raise InputError(
            f"{place}: a count of fewer than eleven patients. Leave the value empty, or give the "
            "figure for a larger territory."
        )
