"""Official geographic code: communes, departments, regions, arrondissements, overseas.

Producer Insee, Licence Ouverte 2.0; collectivités d'outre-mer compiled by Etalab. Vintage: the
year in the name of the producer's file (1 January).

Traps: `communes.csv` mixes four kinds of rows (COM, ARM, COMD, COMA): filter on `kind`; 584
communes déléguées bear the code of the commune that absorbed them; Paris, Lyon and Marseille are
there both as communes and as arrondissements; the collectivités d'outre-mer have their own file.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from maillage.core.codes import parse_department_code, parse_region_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.text_columns import CheckedCodes, TextColumns, codes, numbers, whole_numbers

COMMUNE_KINDS: Final = ("COM", "ARM", "COMD", "COMA")

_ARTICLE = Column("article_kind", "int", meaning="TNCC, 0 to 8: the article that the name takes.")

COMMUNES = Schema(
    "communes",
    (
        Column("kind", "text", meaning="COM, ARM (arrondissement), COMD, COMA (former communes)."),
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("name_capitals", "text", meaning="NCC: capitals, no accent, no article."),
        _ARTICLE,
        Column("region_code", "text", nullable=True, meaning="Empty for COMD and COMA."),
        Column("department_code", "text", nullable=True, meaning="Empty for COMD and COMA."),
        Column("arrondissement_code", "text", nullable=True),
        Column("canton_code", "text", nullable=True),
        Column("parent_code", "text", nullable=True, meaning="Commune of an ARM, COMD or COMA."),
    ),
    key=("kind", "commune_code"),
)
DEPARTMENTS = Schema(
    "departments",
    (
        Column("department_code", "text"),
        Column("region_code", "text"),
        Column("seat_code", "text", meaning="Commune code of the préfecture."),
        _ARTICLE,
        Column("name", "text"),
    ),
    key=("department_code",),
)
REGIONS = Schema(
    "regions",
    (Column("region_code", "text"), Column("seat_code", "text"), _ARTICLE, Column("name", "text")),
    key=("region_code",),
)
ARRONDISSEMENTS = Schema(
    "arrondissements",
    (
        Column("arrondissement_code", "text"),
        Column("department_code", "text"),
        Column("region_code", "text"),
        Column("seat_code", "text"),
        Column("name", "text"),
    ),
    key=("arrondissement_code",),
)
OVERSEAS_COLLECTIVITIES = Schema(
    "overseas_collectivities",
    (
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("collectivity_code", "text"),
        Column("collectivity_name", "text"),
        Column("postal_code", "text", nullable=True),
        Column("population", "float", unit="people", nullable=True),
    ),
    key=("commune_code",),
)


def read_communes(path: Path) -> Table:
    """Read `communes.csv` (Insee v_commune_AAAA.csv): communes of every kind, one row each."""
    read = read_csv_columns(
        path,
        {
            "kind": "TYPECOM",
            "commune_code": "COM",
            "name": "LIBELLE",
            "name_capitals": "NCC",
            "article_kind": "TNCC",
            "region_code": "REG",
            "department_code": "DEP",
            "arrondissement_code": "ARR",
            "canton_code": "CAN",
            "parent_code": "COMPARENT",
        },
    )
    _check_kinds(read)
    commune_code, repaired = codes(read, "commune_code")
    region_code, repaired_regions = _region_codes(read, may_be_empty=True)
    department_code, repaired_departments = _department_codes(read, may_be_empty=True)
    parent_code, repaired_parents = codes(read, "parent_code", may_be_empty=True)
    return Table(
        COMMUNES,
        {
            **read.columns,
            "commune_code": commune_code,
            "article_kind": whole_numbers(read, "article_kind"),
            "region_code": region_code,
            "department_code": department_code,
            "parent_code": parent_code,
        },
        read.notes + repaired + repaired_regions + repaired_departments + repaired_parents,
    )


def arrondissement_at(postal_code: str, parts: Sequence[str]) -> str:
    """Return the arrondissement that a postal code names, "" when it names none.

    Its last two figures are the number: 75116 and 75016 → 75116, 69003 → 69383, 13001 → 13201.

    parts  the arrondissements of one city, as `arrondissements_of` gives them
    """
    number = int(postal_code[-2:]) if postal_code[-2:].isdigit() else 0
    return sorted(parts)[number - 1] if 1 <= number <= len(parts) else ""


def arrondissements_of(communes: Table) -> dict[str, tuple[str, ...]]:
    """Return the municipal arrondissements of Paris, Lyon and Marseille: commune → codes."""
    found: dict[str, list[str]] = {}
    districts = communes.where(communes["kind"] == "ARM")
    for code, parent in zip(districts["commune_code"], districts["parent_code"], strict=True):
        found.setdefault(parent, []).append(code)
    return {parent: tuple(sorted(members)) for parent, members in found.items()}


def read_departments(path: Path) -> Table:
    """Read `departements.csv` (Insee v_departement_AAAA.csv)."""
    read = read_csv_columns(
        path,
        {
            "department_code": "DEP",
            "region_code": "REG",
            "seat_code": "CHEFLIEU",
            "article_kind": "TNCC",
            "name": "LIBELLE",
        },
    )
    department_code, repaired = _department_codes(read)
    region_code, repaired_regions = _region_codes(read)
    seat_code, repaired_seats = codes(read, "seat_code")
    return Table(
        DEPARTMENTS,
        {
            "department_code": department_code,
            "region_code": region_code,
            "seat_code": seat_code,
            "article_kind": whole_numbers(read, "article_kind"),
            "name": read["name"],
        },
        read.notes + repaired + repaired_regions + repaired_seats,
    )


def read_regions(path: Path) -> Table:
    """Read `regions.csv` (Insee v_region_AAAA.csv)."""
    read = read_csv_columns(
        path,
        {
            "region_code": "REG",
            "seat_code": "CHEFLIEU",
            "article_kind": "TNCC",
            "name": "LIBELLE",
        },
    )
    region_code, repaired = _region_codes(read)
    seat_code, repaired_seats = codes(read, "seat_code")
    return Table(
        REGIONS,
        {
            "region_code": region_code,
            "seat_code": seat_code,
            "article_kind": whole_numbers(read, "article_kind"),
            "name": read["name"],
        },
        read.notes + repaired + repaired_seats,
    )


def read_arrondissements(path: Path) -> Table:
    """Read `arrondissements.csv` (Insee v_arrondissement_AAAA.csv): sous-préfectures' areas."""
    read = read_csv_columns(
        path,
        {
            "arrondissement_code": "ARR",
            "department_code": "DEP",
            "region_code": "REG",
            "seat_code": "CHEFLIEU",
            "name": "LIBELLE",
        },
    )
    department_code, repaired = _department_codes(read)
    region_code, repaired_regions = _region_codes(read)
    seat_code, repaired_seats = codes(read, "seat_code")
    return Table(
        ARRONDISSEMENTS,
        {
            **read.columns,
            "department_code": department_code,
            "region_code": region_code,
            "seat_code": seat_code,
        },
        read.notes + repaired + repaired_regions + repaired_seats,
    )


def read_overseas_collectivities(path: Path) -> Table:
    """Read `collectivites-outremer.csv`: communes of 975, 977, 978 and 98x, not in communes.csv."""
    read = read_csv_columns(
        path,
        {
            "commune_code": "code_commune",
            "name": "nom_commune",
            "collectivity_code": "code_collectivite",
            "collectivity_name": "nom_collectivite",
            "postal_code": "code_postal",
            "population": "population",
        },
    )
    commune_code, repaired = codes(read, "commune_code")
    population, _ = numbers(read, "population")
    return Table(
        OVERSEAS_COLLECTIVITIES,
        {**read.columns, "commune_code": commune_code, "population": population},
        read.notes + repaired,
    )


def _check_kinds(read: TextColumns) -> None:
    unknown = sorted(set(read["kind"].tolist()) - set(COMMUNE_KINDS))
    if unknown:
        raise InputError(
            f"{read.file}: column TYPECOM holds {unknown}; expected only {list(COMMUNE_KINDS)}. "
            "Insee may have added a kind of commune: the reader must learn it."
        )


def _region_codes(read: TextColumns, *, may_be_empty: bool = False) -> CheckedCodes:
    return codes(read, "region_code", parse=parse_region_code, length=2, may_be_empty=may_be_empty)


def _department_codes(read: TextColumns, *, may_be_empty: bool = False) -> CheckedCodes:
    return codes(
        read, "department_code", parse=parse_department_code, length=2, may_be_empty=may_be_empty
    )
