"""People by age group and sex in each commune (census, main exploitation).

Producer Insee, Licence Ouverte 2.0. Two official forms: the wide file
`base-cc-evol-struct-pop-AAAA.csv` (columns such as P22_H7589, P22_F90P) and the long one of Melodi
(`DS_RP_POPULATION_PRINC_AAAA_data.csv`, one row per commune, sex, age and year). Both readers were
written from their published descriptions and are unverified on a real file.

Traps: the wide file holds several families of age groups at once (0–14, 15–29… and 0–19, 20–64,
65+): adding every column counts people twice, so one family that covers every age once is kept, the
finest; figures are weighted estimates with decimals; the long file mixes years, and levels of
geography.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import csv_header, read_csv_columns
from maillage.sources.names import text_array
from maillage.sources.text_columns import FloatArray, TextColumns, codes, numbers

OLDEST: Final = 120

_SEXES: Final = {"H": "men", "F": "women", "M": "men"}
_WIDE: Final = re.compile(r"P(\d\d)_([HF])(\d\d)(\d\d|P)", re.IGNORECASE)
_LONG: Final = {
    "code": "GEO",
    "sex": "SEX",
    "age": "AGE",
    "year": "TIME_PERIOD",
    "people": "OBS_VALUE",
}


@dataclass(frozen=True, slots=True, order=True)
class AgeGroup:
    """Ages from `first` to `last`, both included, in whole years; `last` is 120 when open."""

    first: int
    last: int

    @property
    def label(self) -> str:
        """The group in the name of a column: "0_14", "90_plus"."""
        return f"{self.first}_plus" if self.last == OLDEST else f"{self.first}_{self.last}"


def age_groups_schema(groups: tuple[AgeGroup, ...]) -> Schema:
    """Return the schema of people by age group: `men_0_14`… then `women_0_14`…"""
    figures = [
        Column(f"{sex}_{group.label}", "float", unit="people", nullable=True)
        for sex in ("men", "women")
        for group in groups
    ]
    return Schema("age_groups", (Column("commune_code", "text"), *figures), key=("commune_code",))


def groups_of(table: Table) -> tuple[AgeGroup, ...]:
    """Return the age groups of a table read here, youngest first."""
    labels = [name.removeprefix("men_") for name in table.columns if name.startswith("men_")]
    return tuple(sorted(_from_label(label) for label in labels))


def people_aged(table: Table, *, first: int, last: int = OLDEST) -> FloatArray:
    """Return the people of each commune aged from `first` to `last`, shape (n_communes,).

    Raises InputError when an age group of the table straddles a bound.
    """
    inside = [group for group in groups_of(table) if first <= group.first and group.last <= last]
    covered = sum(group.last - group.first + 1 for group in inside)
    if covered != last - first + 1:
        raise InputError(
            f"Ages {first} to {last} cannot be made from the groups "
            f"{[group.label for group in groups_of(table)]}."
        )
    total = np.zeros(len(table))
    for group in inside:
        total += table[f"men_{group.label}"] + table[f"women_{group.label}"]
    return total


def read_age_groups(path: Path) -> Table:
    """Read people by age group and sex, from either official form (told by the header)."""
    header = {cell.upper() for cell in csv_header(path, delimiter=";")}
    return _read_long(path) if set(_LONG.values()) <= header else _read_wide(path)


def _read_wide(path: Path) -> Table:
    matches = [_WIDE.fullmatch(cell) for cell in csv_header(path, delimiter=";")]
    years = sorted({match[1] for match in matches if match})
    if not years:
        raise InputError(
            f"{path.name}: no column of people by age and sex such as P22_H0014. Expected Insee's "
            "base-cc-evol-struct-pop or the Melodi file DS_RP_POPULATION_PRINC."
        )
    of_year = [match for match in matches if match and match[1] == years[-1]]
    found = {
        AgeGroup(int(match[3]), OLDEST if match[4].upper() == "P" else int(match[4]))
        for match in of_year
    }
    groups = finest_partition(found, file=path.name)
    columns = {
        f"{sex}_{group.label}": f"P{years[-1]}_{letter}{group.first:02d}"
        + ("P" if group.last == OLDEST else f"{group.last:02d}")
        for letter, sex in (("H", "men"), ("F", "women"))
        for group in groups
    }
    read = read_csv_columns(path, {"commune_code": "CODGEO", **columns}, delimiter=";")
    commune_code, repaired = codes(read, "commune_code")
    figures = {name: numbers(read, name)[0] for name in columns}
    return Table(
        age_groups_schema(groups),
        {"commune_code": commune_code, **figures},
        (*read.notes, *repaired, f"Census of 20{years[-1]}, {len(groups)} age groups."),
    )


def _read_long(path: Path) -> Table:
    read = read_csv_columns(path, {**_LONG, "level": "GEO_OBJECT"}, delimiter=";")
    year = max(read["year"].tolist())
    by_sex = np.isin(read["sex"], tuple(_SEXES)) & np.isin(read["level"], ("COM", "ARM"))
    rows = read.where(by_sex & (read["year"] == year))
    group_of_age = {age: _from_melodi(age) for age in set(rows["age"].tolist())}
    found = {group for group in group_of_age.values() if group is not None}
    groups = finest_partition(found, file=read.file)
    kept = text_array(
        group.label if (group := group_of_age[age]) in groups and group else ""
        for age in rows["age"].tolist()
    )
    return _pivoted(rows, kept, groups, note=f"Census of {year}, {len(groups)} age groups.")


def _pivoted(
    rows: TextColumns, labels: np.ndarray, groups: tuple[AgeGroup, ...], *, note: str
) -> Table:
    rows, labels = rows.where(labels != ""), labels[labels != ""]
    code, repaired = codes(rows, "code")
    people, _ = numbers(rows, "people")
    communes, commune = np.unique(code, return_inverse=True)
    names = [f"{sex}_{group.label}" for sex in ("men", "women") for group in groups]
    position = {name: rank for rank, name in enumerate(names)}
    column = [
        position[f"{_SEXES[sex]}_{label}"] for sex, label in zip(rows["sex"], labels, strict=True)
    ]
    figures = np.full((communes.size, len(names)), np.nan)
    figures[commune, column] = people
    return Table(
        age_groups_schema(groups),
        {"commune_code": communes, **{name: figures[:, rank] for name, rank in position.items()}},
        (*rows.notes, *repaired, note),
    )


def finest_partition(found: set[AgeGroup], *, file: str) -> tuple[AgeGroup, ...]:
    """Return, of overlapping families of groups, the most groups that cover every age once.

    Raises InputError when no choice of groups covers ages 0 to 120 without a gap.
    """
    best: dict[int, tuple[AgeGroup, ...]] = {0: ()}
    for group in sorted(found):
        chain = best.get(group.first)
        if chain is not None and len(best.get(group.last + 1, ())) < len(chain) + 1:
            best[group.last + 1] = (*chain, group)
    if OLDEST + 1 not in best:
        raise InputError(
            f"{file}: the age groups {[group.label for group in sorted(found)]} leave a gap; "
            "expected groups that cover every age from 0 on."
        )
    return best[OLDEST + 1]


def _from_melodi(age: str) -> AgeGroup | None:
    if match := re.fullmatch(r"Y_?LT(\d+)", age):
        return AgeGroup(0, int(match[1]) - 1)
    if match := re.fullmatch(r"Y_?(\d+)T(\d+)", age):
        return AgeGroup(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"Y_?GE(\d+)", age):
        return AgeGroup(int(match[1]), OLDEST)
    return None


def _from_label(label: str) -> AgeGroup:
    first, last = label.split("_")
    return AgeGroup(int(first), OLDEST if last == "plus" else int(last))
