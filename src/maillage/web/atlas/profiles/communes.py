"""The communes of a territory with their figures, as rows of a page."""

from dataclasses import dataclass
from math import isnan
from typing import Final

import numpy as np

from maillage.sources.names import fold_accents
from maillage.studies import figures
from maillage.studies.indicators import indicator
from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.territories.models import territory_url

SHOWN: Final = {
    "apl_gp": "APL",
    "apl_gp_65": "APL sans les plus de 65 ans",
    "share_65_plus": "65 ans et plus",
    "time_emergency_min": "Urgences (estimé)",
}
_SORT_KEYS: Final = {
    "nom": "name",
    "code": "code",
    "habitants": "population",
    "apl": "apl_gp",
    "apl65": "apl_gp_65",
    "65ans": "share_65_plus",
    "urgences": "time_emergency_min",
    "zone": "zonage_gp",
}
SORTS: Final = tuple(_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One commune of the table, figures written in French."""

    code: str
    name: str
    url: str
    population: str
    figures: tuple[str, ...]
    zone: str
    is_below: bool


def sorted_rows(store: Store, rows: IntArray, *, sort: str) -> IntArray:
    """Return unit rows in the order asked: a key of `SORTS`, "-" before it to go down.

    Communes without a figure come last either way; names settle what is equal.
    """
    column = _SORT_KEYS[sort.removeprefix("-")]
    names = _name_ranks(store)[rows]
    if column == "name":
        return rows[np.argsort(-names if sort.startswith("-") else names, kind="stable")]
    if column in ("code", "zonage_gp"):
        texts = store.units["code"] if column == "code" else store.text_indicator(column)
        _, keys = np.unique(texts[rows].astype(str), return_inverse=True)
        keys = keys.astype(np.float64)
    else:
        keys = figures.unit_values(store, indicator(column))[rows]
    keys = -keys if sort.startswith("-") else keys
    return rows[np.lexsort((names, np.where(np.isnan(keys), np.inf, keys)))]


def commune_rows(store: Store, rows: IntArray) -> list[CommuneRow]:
    """Return the rows of a page of the table, in the order given."""
    shown = [indicator(name) for name in SHOWN]
    columns = [figures.unit_values(store, item)[rows].tolist() for item in shown]
    people = store.units["population"][rows].tolist()
    zones = store.text_indicator("zonage_gp")[rows].tolist()
    threshold = indicator("apl_gp").threshold or 0.0
    found = []
    for position, row in enumerate(rows.tolist()):
        code, name = str(store.units["code"][row]), str(store.units["name"][row])
        values = [column[position] for column in columns]
        found.append(
            CommuneRow(
                code=code,
                name=name,
                url=territory_url("commune", code, name),
                population=indicator("population").written(people[position]),
                figures=tuple(
                    "n. d." if isnan(value) else item.written(value)
                    for item, value in zip(shown, values, strict=True)
                ),
                zone=zones[position] or "n. d.",
                is_below=values[0] < threshold,
            )
        )
    return found


def _name_ranks(store: Store) -> IntArray:
    """Return the place of each unit in the order of names, accents and capitals aside."""

    def make() -> IntArray:
        folded = [fold_accents(name) for name in store.units["name"].tolist()]
        order = np.argsort(np.array(folded, dtype=str), kind="stable")
        ranks = np.empty(order.size, dtype=np.int64)
        ranks[order] = np.arange(order.size)
        return ranks

    return store.cached("ranks of names", make)
