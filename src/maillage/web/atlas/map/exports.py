"""The list as a file: CSV for French spreadsheets, XLSX, GeoJSON; each says where it comes from."""

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
from maillage.web.ui.json_files import json_pieces, json_text

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
    head = {"type": "FeatureCollection", "provenance": provenance(store, choice)}
    items = columns_of(choice)
    names = commune_files.header(items)
    records = zip(rows.tolist(), commune_files.records(store, items, rows), strict=True)
    return json_pieces(
        head,
        "features",
        (
            f'{{"type":"Feature","properties":{json_text(dict(zip(names, record, strict=True)))},'
            f'"geometry":{_geometry(contours[row])}}}'
            for row, record in records
        ),
    )


def _geometry(contour: Any) -> str:
    if contour is None or shapely.is_empty(contour):
        return "null"
    rounded = shapely.transform(contour, lambda c: np.round(c, _COORDINATE_DIGITS))
    return str(shapely.to_geojson(shapely.orient_polygons(rounded)))
