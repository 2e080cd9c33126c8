"""Legal populations of communes, and their series since 2013.

Producer Insee, Licence Ouverte 2.0. `donnees_communes.csv`: census of 2023; `…_mayotte.csv`:
census of 2017; `odt_population_2013_2021_geo2024.csv`: series on the communes of 2024, through the
observatoire des territoires (ANCT).

Traps: arrondissements stand in place of Paris, Lyon and Marseille, Mayotte is apart; in Mayotte's
file the column `COM` and the names are empty, and the code is 976 with the last two digits of
`CODCOM` (601 → 97601). In the series the 112 codes overseas have six characters, the department
before the three digits of the commune (973353 → 97353), and 26 communes that no longer exist
have no figure for 2021.
"""

import re
from pathlib import Path

import numpy as np

from maillage.core.codes import parse_commune_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import csv_header, read_csv_columns
from maillage.sources.names import text_array
from maillage.sources.text_columns import codes, numbers, whole_numbers

LEGAL_POPULATIONS = Schema(
    "legal_populations",
    (
        Column("commune_code", "text"),
        Column("name", "text", nullable=True, meaning="Empty for Mayotte."),
        Column("population_municipal", "int", unit="people", meaning="PMUN: who lives there."),
        Column("population_apart", "int", unit="people", meaning="PCAP: counted apart."),
        Column("population_total", "int", unit="people", meaning="PTOT, with double counts."),
    ),
    key=("commune_code",),
)

_FIGURES = {
    "population_municipal": "PMUN",
    "population_apart": "PCAP",
    "population_total": "PTOT",
}
_YEAR_COLUMN = re.compile(r"p(\d\d)_pop")


def read_legal_populations(path: Path) -> Table:
    """Read `donnees_communes.csv`: France without Mayotte, arrondissements for the three cities."""
    read = read_csv_columns(
        path, {"commune_code": "COM", "name": "Commune", **_FIGURES}, delimiter=";"
    )
    commune_code, repaired = codes(read, "commune_code")
    figures = {name: whole_numbers(read, name) for name in _FIGURES}
    return Table(
        LEGAL_POPULATIONS,
        {"commune_code": commune_code, "name": read["name"], **figures},
        read.notes + repaired,
    )


def read_mayotte_populations(path: Path) -> Table:
    """Read `donnees_communes_mayotte.csv`, whose codes are made again from `CODCOM`."""
    read = read_csv_columns(path, {"number": "CODCOM", **_FIGURES}, delimiter=";")
    commune_code = [_mayotte_code(number) for number in read["number"].tolist()]
    return Table(
        LEGAL_POPULATIONS,
        {
            "commune_code": text_array(commune_code),
            "name": text_array([""] * len(read)),
            **{name: whole_numbers(read, name) for name in _FIGURES},
        },
        (*read.notes, f"{len(read)} codes of Mayotte made from the number of the commune."),
    )


def _mayotte_code(number: str) -> str:
    if not re.fullmatch(r"6\d\d", number):
        raise InputError(
            f"{number!r} is not the number of a commune of Mayotte; expected 601 to 617."
        )
    return parse_commune_code(f"976{number[1:]}")


def population_series_schema(years: tuple[int, ...]) -> Schema:
    """Return the schema of a series: one column `population_2013`… for each year."""
    figures = [
        Column(f"population_{year}", "float", unit="people", nullable=True) for year in years
    ]
    return Schema(
        "population_series",
        (Column("commune_code", "text"), Column("name", "text"), *figures),
        key=("commune_code",),
    )


def read_population_series(path: Path) -> Table:
    """Read `odt_population_2013_2021_geo2024.csv`: columns `p13_pop`… of whatever years it has."""
    found = [_YEAR_COLUMN.fullmatch(header.lower()) for header in csv_header(path)]
    years = tuple(sorted(2000 + int(match[1]) for match in found if match))
    if not years:
        raise InputError(
            f"{path.name}: no column of population such as p13_pop. Found: {csv_header(path)}."
        )
    columns = {f"population_{year}": f"p{year - 2000:02d}_pop" for year in years}
    read = read_csv_columns(path, {"commune_code": "codgeo", "name": "libgeo", **columns})
    commune_code, repaired = codes(read, "commune_code", parse=_overseas_code)
    figures = {name: numbers(read, name)[0] for name in columns}
    unknown = int(np.isnan(figures[f"population_{years[-1]}"]).sum())
    bare = (f"{unknown} communes have no figure for {years[-1]}.",) if unknown else ()
    longer = sum(len(text) == 6 for text in read["commune_code"].tolist())
    told = (f"{longer} codes overseas had their department written whole: cut.",) if longer else ()
    return Table(
        population_series_schema(years),
        {"commune_code": commune_code, "name": read["name"], **figures},
        read.notes + repaired + told + bare,
    )


def _overseas_code(text: str) -> str:
    """Return a commune code, also from a department of three digits and a commune of three."""
    match = re.fullmatch(r"(97(\d))(\2\d\d)", text)
    return parse_commune_code(f"97{match[3]}" if match else text)
