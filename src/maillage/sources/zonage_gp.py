"""Zoning of general practitioners by commune (ARS): ZIP, ZAC, ZAR, HZ.

Producer ARS, through Alternantsauvage/ZonageMed; **no licence stated**: read here, never
redistributed. Seen in June 2025.

Traps: no commune code; the leading zero of the postal code is lost (3,432 codes of four digits);
lines are repeated for each locality; 87 lines have no value (all of La Réunion); three communes
that changed their code in 2024 are not in it (12218, 14581, 69114). So a line is joined to a
commune by postal code and folded name, and what does not join is told.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from maillage.core.codes import parse_postal_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.names import fold_names, text_array
from maillage.sources.text_columns import KNOWN, codes, status_of

ZONAGE_GP = Schema(
    "zonage_gp",
    (
        Column("postal_code", "text"),
        Column("name", "text"),
        Column("zoning", "text", nullable=True, meaning="A key of GP_ZONES; empty: unknown."),
        Column("status", "text", nullable=True, meaning="Empty, unknown or hidden."),
    ),
)
ZONAGE_GP_BY_COMMUNE = Schema(
    "zonage_gp_by_commune",
    (Column("commune_code", "text"), Column("zoning", "text", nullable=True)),
    key=("commune_code",),
)

GP_ZONES: Final = {
    "ZIP": "Zone d'intervention prioritaire",
    "ZAC": "Zone d'action complémentaire",
    "ZAR": "Zone d'accompagnement régional",
    "HZ": "Hors zonage",
}


def read_zonage_gp(path: Path) -> Table:
    """Read `zonmed_communes.csv`, line by line; `join_zonage_gp` brings it to commune codes."""
    read = read_csv_columns(
        path, {"postal_code": "Code_postal", "name": "Nom_commune", "zoning": "Zonage"}
    )
    postal_code, repaired = codes(read, "postal_code", parse=parse_postal_code)
    status = status_of(read["zoning"])
    zoning = [
        _zone(read.file, text) if known == KNOWN and text else ""
        for text, known in zip(read["zoning"].tolist(), status.tolist(), strict=True)
    ]
    return Table(
        ZONAGE_GP,
        {
            "postal_code": postal_code,
            "name": read["name"],
            "zoning": text_array(zoning),
            "status": status,
        },
        read.notes + repaired,
    )


def _zone(file: str, text: str) -> str:
    zone = text.partition("_")[2]
    if zone not in GP_ZONES:
        raise InputError(f"{file}: unknown zoning {text!r}; expected 1_ZIP, 2_ZAC, 3_HZ or 4_ZAR.")
    return zone


@dataclass(frozen=True, slots=True)
class Joined:
    """Zoning by commune, and what did not join.

    table           one row per commune that joined (ZONAGE_GP_BY_COMMUNE)
    communes_left   codes of the communes that found no line
    lines_left      (postal code, name) of the lines that found no commune
    contradictory   codes of communes whose lines disagree: their zoning is left empty
    """

    table: Table
    communes_left: tuple[str, ...]
    lines_left: tuple[tuple[str, str], ...]
    contradictory: tuple[str, ...]


def join_zonage_gp(
    zonage: Table,
    *,
    communes: Iterable[str],
    names: Iterable[tuple[str, str]],
    postal_codes: Iterable[tuple[str, str]],
) -> Joined:
    """Bring the zoning to commune codes by postal code and folded name.

    communes      codes that should join; those that do not are told
    names         (commune code, name): as many spellings as are known, former names too
    postal_codes  (commune code, postal code), n to n

    A commune joins when one of its names stands with one of its postal codes. Values missing in
    the file stay empty. The codes are those of `names`, of whatever year: pass them through
    `code_changes` afterwards.
    """
    lines = _zones_by_place(zonage)
    postal = _grouped(postal_codes)
    pairs = list(names)
    folded = fold_names(name for _, name in pairs).tolist()
    found: dict[str, set[str]] = defaultdict(set)
    used: set[tuple[str, str]] = set()
    for (code, _), name in zip(pairs, folded, strict=True):
        for place in ((postal_code, name) for postal_code in postal.get(code, ())):
            if place in lines:
                found[code] |= lines[place]
                used.add(place)
    left = tuple(sorted({code for code in communes if code not in found}))
    unused = dict.fromkeys(
        (postal_code, name)
        for postal_code, name, folded_name in _places(zonage)
        if (postal_code, folded_name) not in used
    )
    return _joined(found, left, tuple(unused), zonage)


def _joined(
    found: dict[str, set[str]],
    left: tuple[str, ...],
    lines_left: tuple[tuple[str, str], ...],
    zonage: Table,
) -> Joined:
    contradictory = tuple(sorted(code for code, zones in found.items() if len(zones - {""}) > 1))
    zone_of = {code: _single(zones) for code, zones in sorted(found.items())}
    notes = (
        f"{len(zone_of)} communes joined by postal code and name, {len(left)} did not; "
        f"{len(lines_left)} places of the file found no commune.",
        *([f"{len(contradictory)} communes have contradictory zonings."] if contradictory else []),
    )
    table = Table(
        ZONAGE_GP_BY_COMMUNE,
        {
            "commune_code": text_array(zone_of),
            "zoning": text_array(zone_of.values()),
        },
        zonage.notes + notes,
    )
    return Joined(table, left, lines_left, contradictory)


def _single(zones: set[str]) -> str:
    known = zones - {""}
    return next(iter(known)) if len(known) == 1 else ""


def _places(zonage: Table) -> Iterable[tuple[str, str, str]]:
    folded = fold_names(zonage["name"].tolist())
    return zip(
        zonage["postal_code"].tolist(), zonage["name"].tolist(), folded.tolist(), strict=True
    )


def _zones_by_place(zonage: Table) -> dict[tuple[str, str], set[str]]:
    zones: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (postal_code, _, folded), zone in zip(_places(zonage), zonage["zoning"], strict=True):
        zones[postal_code, folded].add(zone)
    return zones


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for code, value in pairs:
        groups[code].add(value)
    return groups
