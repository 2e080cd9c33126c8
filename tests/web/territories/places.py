"""A few real places, enough to hold the search to what people type."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from maillage.core.tables import Table
from maillage.studies.store import tables
from maillage.web.territories.search.index import TerritoryIndex, build_index

PLACES = (
    ("commune", "64422", "Oloron-Sainte-Marie", "64", 10_700),
    ("commune", "64129", "Bidos", "64", 1_200),
    ("commune", "64445", "Pau", "64", 77_000),
    ("commune", "64483", "Saint-Jean-de-Luz", "64", 14_000),
    ("commune", "17218", "Le Château-d'Oléron", "17", 4_100),
    ("commune", "76351", "Le Havre", "76", 166_000),
    ("commune", "94038", "L'Haÿ-les-Roses", "94", 31_000),
    ("commune", "93066", "Saint-Denis", "93", 150_000),
    ("commune", "97411", "Saint-Denis", "974", 155_000),
    ("commune", "11339", "Saint-Denis", "11", 500),
    ("commune", "67154", "Gerstheim", "67", 3_400),
    ("commune", "13001", "Aix-en-Provence", "13", 148_000),
    ("commune", "13055", "Marseille", "13", 873_000),
    ("commune", "13201", "Marseille 1er Arrondissement", "13", 38_000),
    ("commune", "34150", "Marseillan", "34", 7_900),
    ("commune", "80829", "Y", "80", 90),
    ("commune", "57493", "Œting", "57", 2_800),
    ("epci", "200067262", "CC du Haut Béarn", "64", 32_000),
    ("epci", "200067254", "CA Pau Béarn Pyrénées", "64", 163_000),
    ("department", "64", "Pyrénées-Atlantiques", "64", 697_000),
    ("department", "32", "Gers", "32", 192_000),
    ("department", "2A", "Corse-du-Sud", "2A", 164_000),
    ("department", "93", "Seine-Saint-Denis", "93", 1_680_000),
    ("department", "974", "La Réunion", "974", 885_000),
    ("region", "75", "Nouvelle-Aquitaine", "", 6_100_000),
    ("living_zone", "64445", "Pau", "64", 240_000),
    ("employment_zone", "7520", "Pau", "64", 330_000),
)
POSTAL_CODES = (
    ("64400", "64422"),
    ("64400", "64129"),
    ("64000", "64445"),
    ("13001", "13201"),
    ("13090", "13001"),
    ("97400", "97411"),
)
FORMER = (("64999", "Sainte-Marie-d'Aspe", "64422"),)


def _texts(values: Any) -> np.ndarray:
    return np.array(list(values), dtype=object)


def places_index() -> TerritoryIndex:
    """Return an index of the places above."""
    columns: dict[str, Any] = {
        column.name: np.full(len(PLACES), np.nan)
        for column in tables.TERRITORIES.columns
        if column.kind == "float"
    }
    columns |= {"region_code": _texts([""] * len(PLACES)), "epci_code": _texts([""] * len(PLACES))}
    columns["n_units"] = np.ones(len(PLACES), dtype=np.int64)
    for position, name in enumerate(("kind", "code", "name", "department_code")):
        columns[name] = _texts(place[position] for place in PLACES)
    columns["population"] = np.array([float(place[4]) for place in PLACES])
    store: Any = SimpleNamespace(
        territories=Table(tables.TERRITORIES, columns),
        postal_codes=Table(
            tables.POSTAL_CODES,
            {
                "postal_code": _texts(postal for postal, _ in POSTAL_CODES),
                "commune_code": _texts(code for _, code in POSTAL_CODES),
            },
        ),
        code_changes=Table(
            tables.CODE_CHANGES,
            {
                "code": _texts(row[0] for row in FORMER),
                "name": _texts(row[1] for row in FORMER),
                "successor_code": _texts(row[2] for row in FORMER),
                "ended_on": _texts("" for _ in FORMER),
            },
        ),
    )
    return build_index(store)
