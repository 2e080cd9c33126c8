"""True counts and densities of practitioners, by department, bassin de vie and zone d'emploi.

Producers  Insee Statistiques locales (BPE 2024, by department; Licence Ouverte 2.0), CartoSanté
           (densities of 2024; the exports state no licence: read here only)
Traps      a mark of byte order and two junk lines above the header; hidden and unknown cells are
           words; the densities by zone d'emploi are in Latin-1, have two header rows, no code
           and few accents, and "Le Sud" is two zones (0205 Martinique, 0404 La Réunion): they are
           joined to the list of codes by position, the names being checked row by row;
           the exports do not say per how many people a density is: the size of the figures does
           (per 100,000 for speech therapists, per 10,000 for the others)
Verified on the real files.
"""

from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from maillage.core.codes import parse_department_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.names import fold_name, text_array
from maillage.sources.text_columns import TextColumns, codes, numbers, whole_numbers

_DEPARTMENT_HEADERS: Final = {
    "gps": "Médecin généraliste (en nombre)",
    "nurses": "Infirmier (en nombre)",
    "pharmacies": "Pharmacie (en nombre)",
    "dentists": "Chirurgien dentiste (en nombre)",
    "emergency_departments": "Urgences (en nombre)",
}

DEPARTMENTS: Final = Schema(
    name="department_practitioners",
    columns=(
        Column("department_code", "text"),
        Column("department", "text"),
        *(Column(name, "int") for name in _DEPARTMENT_HEADERS),
    ),
    key=("department_code",),
)

_LIVING_ZONE_HEADERS: Final = {
    "apl_gp": "APL Médecins généralistes",
    "speech_therapists_per_100k": "Densité d'orthophonistes lib.",
    "gps_per_10k": "Densité de généralistes lib.",
    "nurses_per_10k": "Densité d'infirmiers lib.",
    "midwives_per_10k": "Densité de sages-femmes lib.",
    "pharmacies_per_10k": "Densité des pharmacies",
    "long_illness_share_pct": "Part des bénéf. en ALD",
}

LIVING_ZONES: Final = Schema(
    name="living_zone_densities",
    columns=(
        Column("living_zone_code", "text", meaning="Bassin de vie 2022"),
        Column("living_zone", "text"),
        *(Column(name, "float", nullable=True) for name in _LIVING_ZONE_HEADERS),
        Column("long_illness_status", "text", nullable=True, meaning='"", "unknown", "hidden"'),
    ),
    key=("living_zone_code",),
)

_ZONE_LIST_NAME: Final = "ze2020_codes_cartosante.csv"
_EMPLOYMENT_ZONE_HEADERS: Final = {
    "zone": "ZONE",
    "gps_per_10k": "DENS_MED_LIB",
    "nurses_per_10k": "DENS_INF",
    "physiotherapists_per_10k": "DENS_KIN",
    "midwives_per_10k": "DENS_SAGE_FEMME",
    "people_per_km2": "DENSITE",
    "share_75_plus_pct": "PART_75",
}

EMPLOYMENT_ZONES: Final = Schema(
    name="employment_zone_densities",
    columns=(
        Column("employment_zone_code", "text", meaning="Zone d'emploi 2020"),
        Column("employment_zone", "text"),
        *(Column(name, "float", nullable=True) for name in list(_EMPLOYMENT_ZONE_HEADERS)[1:]),
    ),
    key=("employment_zone_code",),
)


def read_department_practitioners(path: Path) -> Table:
    """Return the practitioners, pharmacies and emergency departments of each department."""
    columns = read_csv_columns(
        path,
        {"department_code": "Code", "department": "Libellé", **_DEPARTMENT_HEADERS},
        delimiter=";",
        by_prefix=True,
    )
    department_codes, notes = codes(
        columns, "department_code", parse=parse_department_code, length=2
    )
    counts = {name: whole_numbers(columns, name) for name in _DEPARTMENT_HEADERS}
    named = {"department_code": department_codes, "department": columns["department"]}
    return Table(DEPARTMENTS, {**named, **counts}, columns.notes + notes)


def read_living_zone_densities(path: Path) -> Table:
    """Return densities of self-employed practitioners by bassin de vie 2022, nan where unknown."""
    columns = read_csv_columns(
        path,
        {"living_zone_code": "Code", "living_zone": "Libellé", **_LIVING_ZONE_HEADERS},
        delimiter=";",
        by_prefix=True,
    )
    values: dict[str, NDArray[Any]] = {}
    for name in _LIVING_ZONE_HEADERS:
        values[name], status = numbers(columns, name)
    named = {name: columns[name] for name in ("living_zone_code", "living_zone")}
    hidden = int((status == "hidden").sum())
    return Table(
        LIVING_ZONES,
        {**named, **values, "long_illness_status": status},
        (*columns.notes, f"{hidden} zones whose share of long illness is a statistical secret."),
    )


def read_employment_zone_densities(path: Path, codes_path: Path | None = None) -> Table:
    """Return densities by zone d'emploi 2020, the file of names joined to the file of codes.

    The two are in one order: row i of one is row i of the other, and their folded names must
    agree. Raises InputError when they do not; codes beyond the last density are told in a note.
    The file of codes is `ze2020_codes_cartosante.csv` beside `path` unless another is named.
    """
    codes_path = codes_path or path.with_name(_ZONE_LIST_NAME)
    if not codes_path.exists():
        raise InputError(
            f"{path.name} names zones without their codes, and {codes_path.name} is not beside it. "
            "Export the list of zones d'emploi from CartoSanté into the same folder."
        )
    densities = read_csv_columns(path, _EMPLOYMENT_ZONE_HEADERS, delimiter=";")
    listed = _zone_list(codes_path)
    found, names = densities["zone"].tolist(), listed["employment_zone"].tolist()
    for row, (zone, name) in enumerate(zip(found, names, strict=False), start=1):
        if fold_name(zone) != fold_name(name):
            raise InputError(
                f"{path.name}, row {row}: {zone!r} where {codes_path.name} has {name!r}. The files "
                "must list the same zones in the same order; a name alone does not tell a zone."
            )
    if len(found) > len(names):
        raise InputError(f"{path.name} has {len(found)} zones, {codes_path.name} {len(names)}.")
    densities = _without_r_blanks(densities)
    values = {name: numbers(densities, name)[0] for name in list(_EMPLOYMENT_ZONE_HEADERS)[1:]}
    named = {name: listed[name][: len(found)] for name in listed.columns}
    left = [str(code) for code in listed["employment_zone_code"][len(found) :]]
    notes = (*densities.notes, f"{len(left)} zones without a density: {', '.join(left)}.")
    return Table(EMPLOYMENT_ZONES, {**named, **values}, notes)


def _without_r_blanks(columns: TextColumns) -> TextColumns:
    """Empty the cells that hold "NA": R wrote this file, and means that it has no figure."""
    emptied = {
        name: text_array("" if text == "NA" else text for text in texts.tolist())
        for name, texts in columns.columns.items()
    }
    return TextColumns(columns.file, emptied, columns.headers, columns.notes)


def _zone_list(path: Path) -> TextColumns:
    return read_csv_columns(
        path,
        {"employment_zone_code": "Code", "employment_zone": "Libellé"},
        delimiter=";",
    )
