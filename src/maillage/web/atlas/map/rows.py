"""The map as a list: one row a commune, sorted and narrowed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from maillage.sources.names import fold_accents
from maillage.studies.figures import unit_values
from maillage.studies.indicators import Indicator, indicator
from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.atlas.map.choices import OVERLAY, MapChoice
from maillage.web.atlas.map.values import class_by_unit
from maillage.web.territories.models import territory_url

SORTS: Final = ("nom", "code", "departement", "habitants", "valeur", "second", "zonage")
_TEXTS: Final = {"code": "code", "departement": "department_code"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure or class of one commune, written in French."""

    written: str
    is_figure: bool


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One commune of the list."""

    code: str
    name: str
    department_code: str
    department_name: str
    population: int | None
    url: str
    cells: tuple[Cell, ...]


def sorted_rows(store: Store, choice: MapChoice, sort: str) -> IntArray:
    """Return the unit rows of the area asked for, in the order of `sort` ("key" or "-key").

    Communes without a figure come last either way; equals are in the order of their names.
    """
    order = _whole_order(store, choice, sort)
    if choice.area is None:
        return order
    inside = np.zeros(store.n_units, dtype=bool)
    inside[store.rows(choice.area.kind, choice.area.code)] = True
    return order[inside[order]]


def _whole_order(store: Store, choice: MapChoice, sort: str) -> IntArray:
    key = sort.removeprefix("-")
    subject = {"valeur": choice.first, "second": choice.second}.get(key)
    name = ("list order", sort, subject.id if subject else "")
    return store.cached(name, lambda: _order(store, key, subject, descending=sort.startswith("-")))


def _order(store: Store, key: str, subject: Indicator | None, *, descending: bool) -> IntArray:
    by_name = store.cached("rank of names", lambda: _name_ranks(store))
    ranks = _ranks(store, key, subject, by_name)
    known = ranks >= 0
    ranks = np.where(known, -ranks if descending else ranks, store.n_units)
    return np.lexsort((by_name, ranks)).astype(np.int64)


def _ranks(store: Store, key: str, subject: Indicator | None, by_name: IntArray) -> IntArray:
    """Return the place of each unit in rising order, ties together; -1 where not available."""
    if key == "nom":
        return by_name
    if key in _TEXTS:
        return _rank(store.units[_TEXTS[key]].astype(str))
    if key == "zonage" or (subject is not None and subject.is_class):
        return class_by_unit(store, subject or indicator(OVERLAY))
    values = store.units["population"] if subject is None else unit_values(store, subject)
    return np.where(np.isnan(values), -1, _rank(values))


def _name_ranks(store: Store) -> IntArray:
    return _rank(np.array([fold_accents(name) for name in store.units["name"]], dtype=str))


def _rank(values: NDArray[Any]) -> IntArray:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def columns_of(choice: MapChoice) -> tuple[Indicator, ...]:
    """Return the indicators of the list's columns: those shown, then the zoning laid over."""
    if choice.overlay is None or choice.overlay in choice.shown:
        return choice.shown
    return (*choice.shown, choice.overlay)


def commune_rows(store: Store, choice: MapChoice, rows: IntArray) -> Iterator[CommuneRow]:
    """Yield the communes of unit `rows`, in that order."""
    columns = [cells_of(store, item, rows) for item in columns_of(choice)]
    units = store.units
    for at, row in enumerate(rows.tolist()):
        people = units["population"][row]
        department = str(units["department_code"][row])
        yield CommuneRow(
            str(units["code"][row]),
            str(units["name"][row]),
            department,
            store.territory_name("department", department),
            None if np.isnan(people) else int(people),
            territory_url("commune", str(units["code"][row]), str(units["name"][row])),
            tuple(column[at] for column in columns),
        )


def cells_of(store: Store, item: Indicator, rows: IntArray) -> list[Cell]:
    """Return the figure or the class of each of `rows`, written."""
    if item.is_class:
        labels = [*(label.label for label in item.classes), "non disponible"]
        return [Cell(labels[rank], False) for rank in class_by_unit(store, item)[rows].tolist()]
    return [Cell(item.written(value), True) for value in unit_values(store, item)[rows].tolist()]
