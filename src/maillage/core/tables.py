"""Checked tables: the one shape in which a source hands its rows to the rest of the house."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from maillage.core.errors import InputError

Kind = Literal["text", "int", "float", "bool"]
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds.

    kind      "text" (object array of str), "int" (int64), "float" (float64), "bool"
    unit      "people", "min", "km", "acts/year"…; "" when the column has none
    nullable  text may be "" and float may be nan; int and bool never are
    meaning   one sentence for the reader of the documentation
    """

    name: str
    kind: Kind
    unit: str = ""
    nullable: bool = False
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns a table must have, in order, and those that together name a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = set(self.key) - {column.name for column in self.columns}
        if unknown:
            raise InputError(f"The key of table {self.name} names no column: {sorted(unknown)}.")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of one length that honour a schema; checked when made.

    columns  name → array of shape (n_rows,)
    notes    what the reader has to say of the file: rows left out, values that did not join…
             one English sentence each, with the count
    """

    schema: Schema
    columns: Mapping[str, Array]
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        _check_names(self.schema, self.columns)
        checked = {
            column.name: _checked_column(self.schema.name, column, self.columns[column.name])
            for column in self.schema.columns
        }
        _check_lengths(self.schema.name, checked)
        _check_key(self.schema, checked)
        object.__setattr__(self, "columns", checked)

    def __len__(self) -> int:
        return next(iter(self.columns.values())).size if self.columns else 0

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each row as a dict of Python values; for tests and small tables."""
        lists = {name: array.tolist() for name, array in self.columns.items()}
        for index in range(len(self)):
            yield {name: values[index] for name, values in lists.items()}

    def where(self, mask: NDArray[np.bool_]) -> "Table":
        """Return the rows for which `mask`, shape (n_rows,), is true."""
        kept = {name: array[mask] for name, array in self.columns.items()}
        return Table(self.schema, kept, self.notes)


def _check_names(schema: Schema, columns: Mapping[str, Array]) -> None:
    expected = [column.name for column in schema.columns]
    missing = [name for name in expected if name not in columns]
    extra = [name for name in columns if name not in expected]
    if missing or extra:
        raise InputError(
            f"Table {schema.name}: missing columns {missing}, unexpected columns {extra}; "
            f"expected exactly {expected}."
        )


def _checked_column(table: str, column: Column, values: Array) -> Array:
    array = np.asarray(values)
    if array.ndim != 1:
        raise InputError(
            f"Table {table}, column {column.name}: shape {array.shape}, expected (n_rows,)."
        )
    if column.kind == "text":
        return _checked_text(table, column, array)
    return _checked_number(table, column, array)


def _checked_text(table: str, column: Column, array: Array) -> Array:
    text = array.astype(object)
    for row, value in enumerate(text.tolist()):
        if not isinstance(value, str):
            raise InputError(
                f"Table {table}, column {column.name}, row {row}: {value!r} is not text. "
                "Read that column as text."
            )
        if not value and not column.nullable:
            raise InputError(
                f"Table {table}, column {column.name}, row {row}: empty, expected text."
            )
    return text


def _checked_number(table: str, column: Column, array: Array) -> Array:
    wanted: dict[str, tuple[str, Any]] = {
        "int": ("iu", np.int64),
        "float": ("iuf", np.float64),
        "bool": ("b", np.bool_),
    }
    kinds, dtype = wanted[column.kind]
    if array.dtype.kind not in kinds and array.size:
        raise InputError(
            f"Table {table}, column {column.name}: holds {array.dtype}, expected {column.kind}."
        )
    number = array.astype(dtype)
    if column.kind == "float" and not column.nullable and np.isnan(number).any():
        row = int(np.flatnonzero(np.isnan(number))[0])
        raise InputError(
            f"Table {table}, column {column.name}, row {row}: no number where one is due."
        )
    return number


def _check_lengths(table: str, columns: Mapping[str, Array]) -> None:
    lengths = {name: array.size for name, array in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"Table {table}: columns differ in length: {lengths}.")


def _check_key(schema: Schema, columns: Mapping[str, Array]) -> None:
    if not schema.key:
        return
    seen: set[tuple[Any, ...]] = set()
    for row, key in enumerate(zip(*(columns[name].tolist() for name in schema.key), strict=True)):
        if key in seen:
            raise InputError(
                f"Table {schema.name}, row {row}: {dict(zip(schema.key, key, strict=True))} "
                "stands there a second time; each key must name one row."
            )
        seen.add(key)
