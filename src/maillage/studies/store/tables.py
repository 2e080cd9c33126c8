"""The tables of the store: their columns, and how they go to Parquet and back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
TextArray = NDArray[Any]


def _text(name: str, meaning: str, *, nullable: bool = True) -> Column:
    return Column(name, "text", nullable=nullable, meaning=meaning)


def _float(name: str, unit: str, meaning: str) -> Column:
    return Column(name, "float", unit=unit, nullable=True, meaning=meaning)


UNITS: Final = Schema(
    "units",
    (
        _text("code", "commune, or arrondissement of Paris, Lyon, Marseille", nullable=False),
        _text("name", "official name", nullable=False),
        _text("department_code", "department", nullable=False),
        _text("region_code", "region", nullable=False),
        _text("epci_code", "SIREN of the EPCI, empty for the few islands without one"),
        _text("parent_code", "75056, 69123 or 13055 for an arrondissement, else empty"),
        _text("employment_zone_code", "zone d'emploi"),
        _text("living_zone_code", "bassin de vie"),
        _text("aav_code", "aire d'attraction des villes"),
        _text("aav_category", "place of the commune in its aire d'attraction"),
        _text("urban_unit_code", "unité urbaine"),
        _float("lon", "degrees", "point of the commune, WGS84"),
        _float("lat", "degrees", "point of the commune, WGS84"),
        _float("area_km2", "km2", "area of the contour (simplified: for density only)"),
        _float("population", "people", "legal municipal population"),
    ),
    key=("code",),
)

TERRITORIES: Final = Schema(
    "territories",
    (
        _text(
            "kind",
            "commune, epci, department, region, living_zone, employment_zone, nation",
            nullable=False,
        ),
        _text("code", "official code", nullable=False),
        _text("name", "official name", nullable=False),
        _text("department_code", "department where most of its people live"),
        _text("region_code", "region where most of its people live"),
        _text("epci_code", "EPCI of a commune, else empty"),
        _float("population", "people", "legal municipal population"),
        Column("n_units", "int", meaning="number of units"),
        _float("lon", "degrees", "mean point, weighted by population"),
        _float("lat", "degrees", "mean point, weighted by population"),
        _float("west", "degrees", "bounding box"),
        _float("south", "degrees", "bounding box"),
        _float("east", "degrees", "bounding box"),
        _float("north", "degrees", "bounding box"),
    ),
    key=("kind", "code"),
)

POSTAL_CODES: Final = Schema(
    "postal_codes",
    (
        _text("postal_code", "postal code: n to n with communes", nullable=False),
        _text("commune_code", "unit code", nullable=False),
    ),
)

CODE_CHANGES: Final = Schema(
    "code_changes",
    (
        _text("code", "commune code that is no longer in use", nullable=False),
        _text("name", "name it bore"),
        _text("successor_code", "unit code it passed into", nullable=False),
        _text("ended_on", "day it ended, ISO 8601, empty when unknown"),
    ),
)

FACILITIES: Final = Schema(
    "facilities",
    (
        _text(
            "kind", "emergency, maternity, pharmacy, health_house, health_centre…", nullable=False
        ),
        _text("facility_id", "FINESS or UAI number, empty when the source only counts"),
        _text("name", "name of the establishment, empty when the source only counts"),
        Column("unit_row", "int", meaning="row of the unit it stands in"),
        _float("lon", "degrees", "its own point, or that of its unit"),
        _float("lat", "degrees", "its own point, or that of its unit"),
        Column("located", "bool", meaning="True when the point is its own"),
        _float("count", "facilities", "1 for a named facility, else the number in the unit"),
        _float("size", "", "pupils of a school, births of a maternity; nan when not given"),
        _text("source", "name of the data set", nullable=False),
    ),
)

FACTS: Final = Schema(
    "facts",
    (
        _text("territory_kind", "level at which the figure is true", nullable=False),
        _text("territory_code", "official code", nullable=False),
        _text(
            "indicator", "patients_without_gp_share, renunciation_share, gp_count…", nullable=False
        ),
        _text("year", "year of the figure", nullable=False),
        _float("value", "", "the figure, in the unit of the indicator"),
        _text("source", "who published it", nullable=False),
    ),
)


def write_table(path: Path, table: Table) -> None:
    """Write a table as Parquet, its schema's name in the metadata."""
    write_columns(path, table.columns, name=table.schema.name)


def write_columns(path: Path, columns: Mapping[str, NDArray[Any]], *, name: str) -> None:
    """Write arrays of one length as Parquet; object arrays hold text."""
    arrays = {
        key: pa.array(
            values.tolist() if values.dtype == object else values,
            type=pa.string() if values.dtype == object else None,
        )
        for key, values in columns.items()
    }
    made = pa.table(arrays).replace_schema_metadata({"maillage": name})
    pq.write_table(made, path, compression="zstd")


def read_columns(path: Path) -> dict[str, NDArray[Any]]:
    """Read a Parquet file of the store: text as object arrays, numbers as NumPy arrays.

    Raises InputError when the file is absent.
    """
    if not path.is_file():
        raise InputError(f"The store lacks {path.name}: build it again with `maillage data build`.")
    table = pq.read_table(path, use_threads=False)
    return {
        name: np.asarray(table.column(name).to_numpy(zero_copy_only=False))
        for name in table.column_names
    }


def read_table(path: Path, schema: Schema) -> Table:
    """Read a table of the store. Its rows were checked when it was written, and are not again.

    Raises InputError when its columns are not those of the schema.
    """
    columns = read_columns(path)
    names = [column.name for column in schema.columns]
    if list(columns) != names:
        raise InputError(
            f"{path.name} has columns {list(columns)}, expected {names}: build the store again "
            "with `maillage data build`."
        )
    table = object.__new__(Table)
    for name, value in (("schema", schema), ("columns", columns), ("notes", ())):
        object.__setattr__(table, name, value)
    return table


def write_contours(path: Path, codes: TextArray, contours: NDArray[Any]) -> None:
    """Write polygons, shape (n_units,), as WKB beside the codes of their units."""
    shapes = pa.array([shapely.to_wkb(shape) for shape in contours], type=pa.binary())
    table = pa.table({"code": pa.array(codes.tolist()), "wkb": shapes})
    pq.write_table(table, path, compression="zstd")


def read_contours(path: Path) -> NDArray[Any]:
    """Return the polygons of the units as shapely objects, empty where there is none."""
    column = pq.read_table(path, use_threads=False).column("wkb").to_pylist()
    return np.asarray(shapely.from_wkb(np.array(column, dtype=object)), dtype=object)


def empty_table(schema: Schema) -> Table:
    """Return a table of that schema without rows."""
    dtypes: dict[str, Any] = {"text": object, "int": np.int64, "float": float, "bool": bool}
    return Table(
        schema, {column.name: np.empty(0, dtype=dtypes[column.kind]) for column in schema.columns}
    )
