"""Figures of every commune in map order, packed for the browser (front/ts/map/values.ts).

Classes, one byte a commune (255: not available), come first: ten kilobytes or so colour the whole
map. Exact figures follow when a reader asks for one: "MLV1", width (2 or 4 bytes), digits, two
bytes of nothing, the lowest as int32, the number of communes as uint32; then for each commune
round(value * 10^digits) - lowest, all ones where not available.
"""

import json
import struct
from typing import Final

import numpy as np

from maillage.core.errors import InputError, NotEnoughDataError
from maillage.studies.classes import classes_of
from maillage.studies.figures import all_told, unit_values
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.studies.store.tables import FloatArray, IntArray

NO_CLASS: Final = 255
EXACT_MAGIC: Final = b"MLV1"
_MOST_UINT16: Final = 0xFFFE


def shown_indicators(store: Store) -> list[Indicator]:
    """Return the indicators true by commune of which the store has a figure, by theme.

    With the years of the store's own files, as `studies.figures.as_told` says.
    """
    return store.cached(
        "map indicators", lambda: [item for item in all_told(store) if _is_there(store, item)]
    )


def _is_there(store: Store, item: Indicator) -> bool:
    if item.true_at != "commune":
        return False
    if item.is_class:
        return bool(store.has(item.id))
    try:
        return bool(np.isfinite(unit_values(store, item)).any())
    except InputError:  # a version built before this indicator was written
        return False


def class_by_unit(store: Store, item: Indicator) -> IntArray:
    """Return the class of each unit, from 0, -1 where not available, shape (n_units,).

    Classes of a zoning are in the order of its file; one it does not know counts as not available.
    """

    def make() -> IntArray:
        if not item.is_class:
            return classes_of(store, item).index(unit_values(store, item))
        rank = {label.value: k for k, label in enumerate(item.classes)}
        values = store.text_indicator(item.id).tolist()
        return np.array([rank.get(value, -1) for value in values], dtype=np.int64)

    return store.cached(("class by unit", item.id), make)


def packed_classes(store: Store, item: Indicator) -> bytes:
    """Return one byte a commune, in map order."""
    classes = class_by_unit(store, item)[store.map_order]
    return np.where(classes < 0, NO_CLASS, classes).astype(np.uint8).tobytes()


def packed_exact(store: Store, item: Indicator) -> bytes:
    """Return the figures of a numeric indicator in map order, rounded as they are written."""
    if item.is_class:
        raise NotEnoughDataError(f"{item.id} is a zoning: it has classes, no figure.")
    return _packed(unit_values(store, item)[store.map_order], item.stored_decimals)


def _packed(values: FloatArray, digits: int) -> bytes:
    known = np.isfinite(values)
    steps = np.rint(np.where(known, values, 0.0) * 10**digits).astype(np.int64)
    lowest = int(steps[known].min()) if known.any() else 0
    width = 2 if not known.any() or int(steps[known].max()) - lowest <= _MOST_UINT16 else 4
    missing = 0xFFFF if width == 2 else 0xFFFFFFFF
    header = struct.pack("<4sBBxxiI", EXACT_MAGIC, width, digits, lowest, values.size)
    body = np.where(known, steps - lowest, missing).astype(f"<u{width}")
    return header + body.tobytes()


def commune_names(store: Store) -> bytes:
    """Return codes and names in map order, and the names of departments, as JSON."""
    order = store.map_order
    department = store.membership("department")
    names = {code: store.territory_name("department", code) for code in department.codes.tolist()}
    return json.dumps(
        {
            "codes": "\n".join(store.units["code"][order]),
            "names": "\n".join(store.units["name"][order]),
            "departments": names,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
