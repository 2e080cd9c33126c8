"""The list as a file: CSV for French spreadsheets, XLSX, GeoJSON; each says where it comes from."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import shapely
import xlsxwriter
from numpy.typing import NDArray

from maillage.sources.catalogue import source_named
from maillage.studies.figures import unit_values
from maillage.studies.findings import source_of
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.studies.store.tables import IntArray
from maillage.web.atlas.map.choices import MapChoice
from maillage.web.atlas.map.rows import columns_of
from maillage.web.atlas.map.values import class_by_unit, exact_digits

BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_LINES_A_PIECE: Final = 500
_COORDINATE_DIGITS: Final = 5

Value = str | float | int | None


def provenance(store: Store, choice: MapChoice) -> list[str]:
    """Return the lines that head every export: what, where, when, who, under which licence."""
    lines = [f"Maillage, chiffres par commune (code officiel géographique {store.cog_year})"]
    if store.fictional:
        lines.append("DONNÉES FICTIVES : ce département n’existe pas, ses chiffres sont inventés.")
    lines += [_indicator_line(item) for item in columns_of(choice)]
    where = choice.area.name if choice.area else store.territory_name("nation", "FR")
    lines.append(f"Territoire : {where}. Version des données : {store.version}")
    return lines


def _indicator_line(item: Indicator) -> str:
    licences = dict.fromkeys(source_named(name).licence for name in item.sources)
    parts = [f"{item.title} ({item.unit})" if item.unit else item.title, item.year]
    estimate = f" Valeur estimée : {item.model_error}." if item.modelled else ""
    origin = f"Source : {source_of(item)}. Licence : {', '.join(licences)}."
    return f"{', '.join(parts)}. {origin}{estimate}"


def header(choice: MapChoice) -> list[str]:
    """Return the names of the columns, without accents nor spaces: machines read them."""
    named = ["code_commune", "commune", "code_departement", "departement", "population"]
    return [*named, *(item.id for item in columns_of(choice))]


def records(store: Store, choice: MapChoice, rows: IntArray) -> Iterator[list[Value]]:
    """Yield the communes of unit `rows` under the columns of `header`; None where unknown."""
    columns = [_values(store, item, rows) for item in columns_of(choice)]
    units = store.units
    for at, row in enumerate(rows.tolist()):
        people = float(units["population"][row])
        department = str(units["department_code"][row])
        yield [
            str(units["code"][row]),
            str(units["name"][row]),
            department,
            store.territory_name("department", department),
            None if np.isnan(people) else int(people),
            *(column[at] for column in columns),
        ]


def _values(store: Store, item: Indicator, rows: IntArray) -> list[Value]:
    if item.is_class:
        ranks = class_by_unit(store, item)[rows].tolist()
        return [item.classes[rank].label if rank >= 0 else None for rank in ranks]
    digits = exact_digits(item) + 1
    figures = np.round(unit_values(store, item)[rows], digits).tolist()
    return [None if value != value else value for value in figures]


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before = + - @."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_pieces(store: Store, choice: MapChoice, rows: IntArray) -> Iterator[str]:
    """Yield a CSV file piece by piece: UTF-8 with its mark, semicolons, decimal commas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerows([f"# {line}"] for line in provenance(store, choice))
    writer.writerow(header(choice))
    for at, record in enumerate(records(store, choice, rows), start=1):
        writer.writerow([_csv_text(value) for value in record])
        if at % _LINES_A_PIECE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _csv_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return repr(value).replace(".", ",")


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def xlsx_file(store: Store, choice: MapChoice, rows: IntArray) -> bytes:
    """Return a workbook of two sheets: the communes, and where the figures come from."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Communes")
        sheet.freeze_panes(1, 2)
        sheet.set_column(1, 1, 30)
        sheet.set_column(3, 3, 24)
        for column, name in enumerate(header(choice)):
            sheet.write_string(0, column, name, bold)
        for line, record in enumerate(records(store, choice, rows), start=1):
            _write_line(sheet, line, record)
        about = book.add_worksheet("Sources")
        about.set_column(0, 0, 110)
        for line, text in enumerate(provenance(store, choice)):
            about.write_string(line, 0, text)
    return buffer.getvalue()


def _write_line(sheet: Any, line: int, record: Iterable[Value]) -> None:
    for column, value in enumerate(record):
        if isinstance(value, str):
            sheet.write_string(line, column, value)
        elif value is not None:
            sheet.write_number(line, column, value)


def geojson_pieces(
    store: Store, choice: MapChoice, rows: IntArray, *, contours: NDArray[Any]
) -> Iterator[str]:
    """Yield a GeoJSON (RFC 7946) feature collection, contours rounded to a metre or so."""
    about = {"provenance": provenance(store, choice)}
    yield f'{{"type":"FeatureCollection",{_json(about)[1:-1]},"features":['
    names = header(choice)
    piece: list[str] = []
    for at, (row, record) in enumerate(
        zip(rows.tolist(), records(store, choice, rows), strict=True)
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
