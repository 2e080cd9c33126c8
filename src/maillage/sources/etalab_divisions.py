"""Communes and EPCI as Etalab publishes them (npm package @etalab/decoupage-administratif).

Data of Insee, DGCL and La Poste, Licence Ouverte 2.0; code MIT. The version of the package is the
year of the geographic code: 6.0.0 is 2026.

Traps: communes, former communes and arrondissements are mixed (`kind`); overseas collectivities are
there; `anciensCodes` names the codes that a commune absorbed, and one code only where a
commune was split since.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from maillage.core.codes import parse_commune_code, parse_epci_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.archives import read_gzip
from maillage.sources.csv_files import refuse_web_page
from maillage.sources.names import text_array

ETALAB_COMMUNES = Schema(
    "etalab_communes",
    (
        Column("kind", "text", meaning="commune-actuelle, commune-deleguee…"),
        Column("commune_code", "text"),
        Column("name", "text"),
        Column("department_code", "text", nullable=True),
        Column("region_code", "text", nullable=True),
        Column("siren", "text", nullable=True),
        Column("population", "float", unit="people", nullable=True),
        Column("postal_codes", "text", nullable=True, meaning="Separated by spaces."),
        Column("former_codes", "text", nullable=True, meaning="Separated by spaces."),
        Column("parent_code", "text", nullable=True, meaning="Commune of a former one or ARM."),
    ),
    key=("kind", "commune_code"),
)
ETALAB_EPCI = Schema(
    "etalab_epci",
    (
        Column("epci_code", "text"),
        Column("epci_name", "text"),
        Column("epci_kind", "text"),
        Column("commune_code", "text"),
        Column("commune_name", "text"),
        Column("population_total", "float", unit="people", nullable=True),
        Column("population_municipal", "float", unit="people", nullable=True),
    ),
    key=("epci_code", "commune_code"),
)


def read_etalab_communes(path: Path) -> Table:
    """Read `communes.json.gz`: communes of every kind, overseas included."""
    entries = _entries(path, required=("code", "nom", "type"))
    return Table(
        ETALAB_COMMUNES,
        {
            "kind": _texts(entries, "type"),
            "commune_code": text_array(parse_commune_code(entry["code"]) for entry in entries),
            "name": _texts(entries, "nom"),
            "department_code": _texts(entries, "departement"),
            "region_code": _texts(entries, "region"),
            "siren": _texts(entries, "siren"),
            "population": _numbers(entries, "population"),
            "postal_codes": _lists(entries, "codesPostaux"),
            "former_codes": _lists(entries, "anciensCodes"),
            "parent_code": text_array(
                str(entry.get("chefLieu") or entry.get("commune") or "") for entry in entries
            ),
        },
    )


def read_etalab_epci(path: Path) -> Table:
    """Read `epci.json.gz`: one row per commune of each EPCI."""
    groups = _entries(path, required=("code", "nom", "type", "membres"))
    pairs = [(group, member) for group in groups for member in group["membres"]]
    members = [member for _, member in pairs]
    return Table(
        ETALAB_EPCI,
        {
            "epci_code": text_array(parse_epci_code(group["code"]) for group, _ in pairs),
            "epci_name": text_array(str(group["nom"]) for group, _ in pairs),
            "epci_kind": text_array(str(group["type"]) for group, _ in pairs),
            "commune_code": text_array(parse_commune_code(member["code"]) for member in members),
            "commune_name": _texts(members, "nom"),
            "population_total": _numbers(members, "populationTotale"),
            "population_municipal": _numbers(members, "populationMunicipale"),
        },
    )


def _entries(path: Path, *, required: tuple[str, ...]) -> list[dict[str, Any]]:
    content = read_gzip(path) if path.suffix == ".gz" else path.read_bytes()
    refuse_web_page(content, file=path.name)
    try:
        entries = json.loads(content)
    except ValueError as error:
        raise InputError(f"{path.name} is not JSON ({error}): fetch it again.") from error
    for rank, entry in enumerate(entries if isinstance(entries, list) else [None]):
        missing = [name for name in required if not isinstance(entry, dict) or name not in entry]
        if missing:
            raise InputError(
                f"{path.name}, entry {rank + 1}: lacks {missing}. The package may have changed: "
                "compare its version with the one expected (6.0.0)."
            )
    return list(entries)


def _texts(entries: list[dict[str, Any]], name: str) -> np.ndarray:
    return text_array(str(entry.get(name) or "") for entry in entries)


def _lists(entries: list[dict[str, Any]], name: str) -> np.ndarray:
    return text_array(" ".join(entry.get(name) or ()) for entry in entries)


def _numbers(entries: list[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([entry.get(name, np.nan) for entry in entries], dtype=np.float64)
