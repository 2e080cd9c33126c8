"""The list as a file: CSV for French spreadsheets, XLSX, GeoJSON; each says where it comes from."""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.atlas import commune_files
from maillage.web.atlas.map.choices import MapChoice
from maillage.web.atlas.map.rows import columns_of
from maillage.web.ui import spreadsheets

_LINES_A_PIECE: Final = 500
_COORDINATE_DIGITS: Final = 5


def provenance(store: Store, choice: MapChoice) -> list[str]:
    """Return the lines that head every export: what, where, when, who, under which licence."""
    where = choice.area.name if choice.area else store.territory_name("nation", "FR")
    return commune_files.provenance(store, columns_of(choice), where=where)


def csv_pieces(store: Store, choice: MapChoice, rows: IntArray) -> Iterator[str]:
    """Yield a CSV file piece by piece."""
    items = columns_of(choice)
    return spreadsheets.csv_pieces(
        commune_files.records(store, items, rows),
        header=commune_files.header(items),
        provenance=provenance(store, choice),
    )


def xlsx_file(store: Store, choice: MapChoice, rows: IntArray) -> bytes:
    """Return a workbook of two sheets: the communes, and where the figures come from."""
    items = columns_of(choice)
    return spreadsheets.xlsx_file(
        commune_files.records(store, items, rows),
        header=commune_files.header(items),
        provenance=provenance(store, choice),
        title="Communes",
    )


def geojson_pieces(
    store: Store, choice: MapChoice, rows: IntArray, *, contours: NDArray[Any]
) -> Iterator[str]:
    """Yield a GeoJSON (RFC 7946) feature collection, contours rounded to a metre or so."""
    about = {"provenance": provenance(store, choice)}
    yield f'{{"type":"FeatureCollection",{_json(about)[1:-1]},"features":['
    items = columns_of(choice)
    names = commune_files.header(items)
    piece: list[str] = []
    for at, (row, record) in enumerate(
        zip(rows.tolist(), commune_files.records(store, items, rows), strict=True)
    ):
        properties = _json(dict(zip(names, record, strict=True)))
        comma = "," if at else ""
        piece.append(
            f'{comma}{{"type":"Feature","properties":{properties},"geometry":{_geometry(contours[row])}}}'
        )
        if len(piece) == _LINES_A_PIECE:
            yield "\n".join(piece)
            piece = []
    yield "\n".join(piece) + "]}"


def _geometry(contour: Any) -> str:
    if contour is None or shapely.is_empty(contour):
        return "null"
    rounded = shapely.transform(contour, lambda c: np.round(c, _COORDINATE_DIGITS))
    return str(shapely.to_geojson(shapely.orient_polygons(rounded)))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
