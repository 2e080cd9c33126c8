"""Schools: the directory of the national education ministry.

Producer   Ministère de l'Éducation nationale, annuaire de l'éducation (June 2025); LO 2.0
Traps      Parquet whose geometry is plain WKB, longitude and latitude; 74 UAI stand two or three
           times, with places that differ a little: the first row is kept; flags are floats;
           headcounts are empty for one in six; administrative services have no public or private
           status; a few rows have no type
Layouts    the ministry's export has columns longitude and latitude, sometimes empty; a smaller
           file made from it has the geometry. Verified on the second.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from maillage.core.codes import parse_commune_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.names import TextArray, text_array

SCHEMA: Final = Schema(
    name="schools",
    columns=(
        Column("uai", "text", meaning="Number of the school"),
        Column("name", "text"),
        Column("kind", "text", nullable=True, meaning="Ecole, Collège, Lycée, Médico-social…"),
        Column("sector", "text", nullable=True, meaning="Public or Privé"),
        Column("commune_code", "text", meaning="Arrondissements in Paris, Lyon, Marseille"),
        Column("has_nursery", "bool", meaning="Ecole maternelle"),
        Column("has_elementary", "bool", meaning="Ecole élémentaire"),
        Column("pupils", "float", "people", nullable=True),
        Column("longitude", "float", "degrees", nullable=True),
        Column("latitude", "float", "degrees", nullable=True),
    ),
    key=("uai",),
)

_TEXTS: Final = {
    "uai": "identifiant_de_l_etablissement",
    "name": "nom_etablissement",
    "kind": "type_etablissement",
    "sector": "statut_public_prive",
    "commune_code": "code_commune",
}
_NUMBERS: Final = {
    "has_nursery": "ecole_maternelle",
    "has_elementary": "ecole_elementaire",
    "pupils": "nombre_d_eleves",
}
# The ministry's own export; the smaller file that was tried has a geometry instead.
_PLACE: Final = ("longitude", "latitude")


def read_schools(path: Path) -> Table:
    """Return the schools, one row per UAI, with their place.

    Raises InputError when the file is not Parquet, a column is missing or a place is not a point.
    """
    read = _read_parquet(path)
    first = _first_of_each(read.column(_TEXTS["uai"]).to_pylist())
    kept = read.take(pa.array(first))
    repeated = read.num_rows - kept.num_rows
    columns: dict[str, NDArray[Any]] = {
        name: _texts(kept.column(header)) for name, header in _TEXTS.items()
    }
    values = {name: _floats(kept.column(header)) for name, header in _NUMBERS.items()}
    longitude, latitude = _places(kept, file=path.name)
    for code in set(columns["commune_code"].tolist()):
        parse_commune_code(code)
    columns |= {
        "has_nursery": values["has_nursery"] == 1,
        "has_elementary": values["has_elementary"] == 1,
        "pupils": values["pupils"],
        "longitude": longitude,
        "latitude": latitude,
    }
    notes = [f"{repeated} rows repeat the UAI of another: left out."]
    if nowhere := int(np.isnan(longitude).sum()):
        notes.append(f"{nowhere} schools without a place.")
    return Table(SCHEMA, columns, tuple(notes))


def _read_parquet(path: Path) -> pa.Table:
    try:
        found = pq.read_schema(path).names
        places = _PLACE if set(_PLACE) <= set(found) else ("geometry",)
        wanted = [*_TEXTS.values(), *_NUMBERS.values(), *places]
        missing = [name for name in wanted if name not in found]
        if missing:
            raise InputError(f"{path.name}: columns {missing} are missing; found {found}.")
        return pq.read_table(path, columns=wanted)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"{path.name} is not a whole Parquet file ({error}). Download it again."
        ) from error


def _first_of_each(values: list[str | None]) -> list[int]:
    seen: dict[str | None, int] = {}
    for row, value in enumerate(values):
        seen.setdefault(value, row)
    return list(seen.values())


def _texts(column: Any) -> TextArray:
    return text_array("" if value is None else value.strip() for value in column.to_pylist())


def _floats(column: Any) -> NDArray[np.float64]:
    values: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def _places(table: pa.Table, *, file: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude, shape (n_rows,), nan where the file gives none."""
    if "geometry" not in table.column_names:
        longitude, latitude = (_floats(table.column(name)) for name in _PLACE)
        return longitude, latitude
    points = _points(table.column("geometry"), file=file)
    return shapely.get_x(points), shapely.get_y(points)


def _points(column: Any, *, file: str) -> NDArray[Any]:
    try:
        points = shapely.from_wkb(column.to_pylist())
    except shapely.errors.GEOSException as error:
        raise InputError(f"{file}: a geometry is not WKB ({error}).") from error
    kinds = shapely.get_type_id(points)
    if (kinds != shapely.GeometryType.POINT).any():
        row = int(np.flatnonzero(kinds != shapely.GeometryType.POINT)[0])
        raise InputError(f"{file}, row {row}: the geometry is {points[row]}, expected a point.")
    return np.asarray(points)
