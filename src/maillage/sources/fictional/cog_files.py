"""The official geographic code, legal populations and EPCI, as Insee and DGCL write them."""

from collections.abc import Iterator
from typing import Final

from maillage.sources.fictional import toponyms
from maillage.sources.fictional.department import Department
from maillage.sources.fictional.history import COG_YEAR, DEPARTMENT_CODE, REGION_CODE, Event
from maillage.sources.fictional.settlement import LAST_YEAR
from maillage.sources.fictional.writing import Folder, Row

_ARTICLE_FREE: Final = "0"


def write_cog(folder: Folder, department: Department) -> None:
    """Write the folder `cog`."""
    _write_communes(folder, department)
    _write_movements(folder, department)
    _write_legal_populations(folder, department)
    _write_epci(folder, department)
    _write_levels(folder, department)


def spelled(name: str) -> tuple[str, str, str, str]:
    """Return TNCC, NCC, NCCENR and LIBELLE of a name."""
    bare = toponyms.without_article(name)
    return toponyms.article_type(name), toponyms.capitals(bare), bare, name


def district_code(department: Department, cell: int) -> str:
    """Return the code of the arrondissement of a cell: its employment zone's rank."""
    centres = sorted(set(department.zones.employment.tolist()))
    return f"{DEPARTMENT_CODE}{centres.index(int(department.zones.employment[cell])) + 1}"


def canton_code(department: Department, cell: int) -> str:
    """Return the code of the canton of a cell: its living zone's rank."""
    centres = sorted(set(department.zones.living.tolist()))
    return f"{DEPARTMENT_CODE}{centres.index(int(department.zones.living[cell])) + 1:02d}"


def epci_code(department: Department, cell: int) -> str:
    """Return the SIREN of the EPCI of a cell, "" for the island.

    They begin with 992 and break the key of SIREN numbers, so that they name no real body.
    """
    centre = int(department.zones.epci[cell])
    if centre < 0:
        return ""
    rank = sorted(set(department.zones.epci.tolist()) - {-1}).index(centre)
    stem = f"99200{rank:03d}"
    return stem + str((_luhn_digit(stem) + 5) % 10)


def epci_name(department: Department, cell: int) -> str:
    """Return the name of the EPCI of a cell."""
    centre = int(department.zones.epci[cell])
    town = toponyms.without_article(department.history.names[centre]).split("-sur-")[0]
    if centre == int(department.settlement.level.argmax()):
        return f"CA {town} Agglomération"
    return f"CC du Pays de {town}"


def _luhn_digit(stem: str) -> int:
    doubled = [int(d) * (2 - rank % 2) for rank, d in enumerate(reversed(stem))]
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10


def _write_communes(folder: Folder, department: Department) -> None:
    vintage = department.vintage(COG_YEAR)
    rows: list[Row] = [
        _commune_row(department, "COM", vintage.codes[k], vintage.names[k], int(vintage.seat[k]))
        for k in range(len(vintage))
    ]
    rows += [
        _commune_row(
            department,
            "COMD",
            department.history.codes[cell],
            department.history.names[cell],
            cell,
            parent=department.history.codes[event.cells[0]],
        )
        for event in department.history.events
        if event.end > COG_YEAR
        for cell in event.cells
    ]
    header = [
        "TYPECOM",
        "COM",
        "REG",
        "DEP",
        "CTCD",
        "ARR",
        "TNCC",
        "NCC",
        "NCCENR",
        "LIBELLE",
        "CAN",
        "COMPARENT",
    ]
    folder.csv("cog/communes.csv", header, rows)


def _commune_row(
    department: Department, kind: str, code: str, name: str, cell: int, *, parent: str = ""
) -> Row:
    if parent:
        return (kind, code, "", "", "", "", *spelled(name), "", parent)
    levels = (REGION_CODE, DEPARTMENT_CODE, f"{DEPARTMENT_CODE}D", district_code(department, cell))
    return (kind, code, *levels, *spelled(name), canton_code(department, cell), "")


def _write_movements(folder: Folder, department: Department) -> None:
    header = ["MOD", "DATE_EFF"] + [
        f"{name}_{when}"
        for when in ("AV", "AP")
        for name in ("TYPECOM", "COM", "TNCC", "NCC", "NCCENR", "LIBELLE")
    ]
    events = sorted(department.history.events, key=lambda event: -event.start)
    rows = [row for event in events for row in _movement_rows(department, event)]
    rows.sort(key=lambda row: str(row[1]), reverse=True)
    folder.csv("cog/mouvements-communes.csv", header, rows)


def _movement_rows(department: Department, event: Event) -> Iterator[Row]:
    """Yield the rows of a merger (32, new commune) and of its undoing (21, restored communes)."""
    codes, names = department.history.codes, department.history.names
    merged = ("COM", codes[event.cells[0]], *spelled(event.name))
    for cell in event.cells:
        alone = (codes[cell], *spelled(names[cell]))
        yield ("32", f"{event.start}-01-01", "COM", *alone, *merged)
        yield ("32", f"{event.start}-01-01", "COM", *alone, "COMD", *alone)
        if event.end <= COG_YEAR:
            yield ("21", f"{event.end}-01-01", *merged, "COM", *alone)
            yield ("21", f"{event.end}-01-01", "COMD", *alone, "COM", *alone)


def _write_legal_populations(folder: Folder, department: Department) -> None:
    vintage = department.vintage(COG_YEAR)
    people = vintage.totals(department.settlement.in_year(LAST_YEAR)).tolist()
    rows = []
    for rank, (code, name) in enumerate(zip(vintage.codes, vintage.names, strict=True)):
        cell = int(vintage.seat[rank])
        apart = round(people[rank] * 0.018)  # counted apart: students, patients in establishments…
        rows.append(
            (
                REGION_CODE,
                toponyms.REGION,
                DEPARTMENT_CODE,
                district_code(department, cell)[-1],
                canton_code(department, cell)[-2:],
                code[2:],
                code,
                name,
                people[rank],
                apart,
                people[rank] + apart,
            )
        )
    header = [
        "REG",
        "Région",
        "DEP",
        "CODARR",
        "CODCAN",
        "CODCOM",
        "COM",
        "Commune",
        "PMUN",
        "PCAP",
        "PTOT",
    ]
    folder.csv("cog/donnees_communes.csv", header, rows, delimiter=";", line_end="\r\n")


def _write_epci(folder: Folder, department: Department) -> None:
    vintage = department.vintage(COG_YEAR)
    people = vintage.totals(department.settlement.in_year(LAST_YEAR - 1)).tolist()
    members: dict[str, list[int]] = {}
    for row, cell in enumerate(vintage.seat.tolist()):
        members.setdefault(epci_code(department, cell), []).append(row)
    header: Row = [
        "dept",
        "siren",
        "raison_sociale",
        "nature_juridique",
        "mode_financ",
        "nb_membres",
        "total_pop_tot",
        "total_pop_mun",
        "dep_com",
        "insee",
        "siren_membre",
        "nom_membre",
        "ptot_2025",
        "pmun_2025",
    ]
    rows: list[Row] = [header]
    for siren, communes in sorted(members.items()):
        if not siren:
            continue
        name = epci_name(department, int(vintage.seat[communes[0]]))
        total = sum(people[row] for row in communes)
        body = (DEPARTMENT_CODE, int(siren), name, name[:2], "FPU", len(communes))
        for row in communes:
            member = (DEPARTMENT_CODE, vintage.codes[row], 993000000 + int(vintage.codes[row]))
            counts = (round(people[row] * 1.018), people[row])
            rows.append((*body, round(total * 1.018), total, *member, vintage.names[row], *counts))
    folder.workbook("cog/epcicom.xlsx", {"Epcicom2025": rows})


def _write_levels(folder: Folder, department: Department) -> None:
    codes = department.history.codes
    prefecture = int(department.settlement.level.argmax())
    region = (REGION_CODE, codes[prefecture])
    folder.csv(
        "cog/regions.csv",
        ("REG", "CHEFLIEU", "TNCC", "NCC", "NCCENR", "LIBELLE"),
        [(*region, *_level_name(toponyms.REGION))],
    )
    folder.csv(
        "cog/departements.csv",
        ("DEP", "REG", "CHEFLIEU", "TNCC", "NCC", "NCCENR", "LIBELLE"),
        [(DEPARTMENT_CODE, *region, *_level_name(toponyms.DEPARTMENT))],
    )
    districts = [
        (
            district_code(department, cell),
            DEPARTMENT_CODE,
            REGION_CODE,
            codes[cell],
            *spelled(department.history.names[cell]),
        )
        for cell in sorted(set(department.zones.employment.tolist()))
    ]
    folder.csv(
        "cog/arrondissements.csv",
        ("ARR", "DEP", "REG", "CHEFLIEU", "TNCC", "NCC", "NCCENR", "LIBELLE"),
        districts,
    )


def _level_name(name: str) -> tuple[str, str, str, str]:
    bare = toponyms.capitals(name).replace("(", "").replace(")", "")
    return _ARTICLE_FREE, bare, name, name
