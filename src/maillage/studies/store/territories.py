"""The list of territories, derived from the units: one row per territory of every kind."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from maillage.core.tables import Table
from maillage.studies.store.membership import Membership, memberships, sums
from maillage.studies.store.tables import TERRITORIES, FloatArray, TextArray

Names = Mapping[tuple[str, str], str]


def territories_of(units: Table, *, names: Names, bounds: FloatArray | None = None) -> Table:
    """Return every territory that the units make, kind by kind.

    names   (kind, code) → official name; a territory without a name bears its code
    bounds  west, south, east, north by unit, degrees, shape (n_units, 4); points when None
    """
    box = _point_bounds(units) if bounds is None else bounds
    parts = [
        _of_kind(units, members, names=names, bounds=box) for members in memberships(units).values()
    ]
    parts.append(_arrondissements(units, bounds=box))
    columns = {
        column.name: np.concatenate([part[column.name] for part in parts])
        for column in TERRITORIES.columns
    }
    return Table(TERRITORIES, columns)


def _of_kind(
    units: Table, members: Membership, *, names: Names, bounds: FloatArray
) -> dict[str, Any]:
    weight = np.nan_to_num(units["population"]) + 1e-9
    inside = members.group >= 0
    group, count = members.group[inside], len(members)

    def total(values: Any) -> FloatArray:
        return sums(group, values[inside], count)

    weights = total(weight)
    codes = members.codes.tolist()
    return {
        "kind": np.full(count, members.kind, dtype=object),
        "code": members.codes,
        "name": np.array(
            [names.get((members.kind, code), code) for code in codes] or [], dtype=object
        ),
        "department_code": _most_people(units["department_code"], members, weight),
        "region_code": _most_people(units["region_code"], members, weight),
        "epci_code": (
            _most_people(units["epci_code"], members, weight)
            if members.kind == "commune"
            else np.full(count, "", dtype=object)
        ),
        "population": total(np.nan_to_num(units["population"])),
        "n_units": np.bincount(group, minlength=count),
        "lon": total(np.nan_to_num(units["lon"]) * weight) / weights,
        "lat": total(np.nan_to_num(units["lat"]) * weight) / weights,
        **_boxes(bounds[inside], group, count),
    }


def _most_people(code_by_unit: TextArray, members: Membership, weight: FloatArray) -> TextArray:
    """Return the code under which most people of each territory live; "" for the nation."""
    if members.kind == "nation":
        return np.full(len(members), "", dtype=object)
    codes, inverse = np.unique(code_by_unit.astype(str), return_inverse=True)
    inside = members.group >= 0
    pair = members.group[inside] * codes.size + inverse[inside]
    found, position = np.unique(pair, return_inverse=True)
    people = np.bincount(position, weights=weight[inside])
    order = np.lexsort((-people, found // codes.size))
    first = np.unique(found[order] // codes.size, return_index=True)[1]
    named: TextArray = codes[found[order][first] % codes.size].astype(object)
    return named


def _boxes(bounds: FloatArray, group: Any, count: int) -> dict[str, FloatArray]:
    box = {
        "west": np.full(count, np.inf),
        "south": np.full(count, np.inf),
        "east": np.full(count, -np.inf),
        "north": np.full(count, -np.inf),
    }
    np.fmin.at(box["west"], group, bounds[:, 0])
    np.fmin.at(box["south"], group, bounds[:, 1])
    np.fmax.at(box["east"], group, bounds[:, 2])
    np.fmax.at(box["north"], group, bounds[:, 3])
    return {side: np.where(np.isfinite(values), values, np.nan) for side, values in box.items()}


def _point_bounds(units: Table) -> FloatArray:
    return np.column_stack([units["lon"], units["lat"], units["lon"], units["lat"]])


def _arrondissements(units: Table, *, bounds: FloatArray) -> dict[str, Any]:
    part = units["parent_code"] != ""
    count = int(part.sum())
    same = ("code", "name", "department_code", "region_code", "epci_code", "lon", "lat")
    columns: dict[str, Any] = {name: units[name][part] for name in same}
    columns["population"] = np.nan_to_num(units["population"][part])
    columns["kind"] = np.full(count, "commune", dtype=object)
    columns["n_units"] = np.ones(count, dtype=np.int64)
    for position, side in enumerate(("west", "south", "east", "north")):
        columns[side] = bounds[part, position]
    return columns
