"""FINESS: the register of health and social establishments.

Producer   Ministère de la Santé / Agence du numérique en santé; Licence Ouverte 2.0
Layouts    the national "etalab" stock, `;`, Latin-1, several kinds of record in one file
           (`structureet`, 32 columns, then `geolocalisation`), and extracts with a header, where
           names of columns may hold spaces ("numero finess etablissement juridique")
Traps      `commune` is the last three characters of the Insee code, overseas is 9A…9F
           (see finess_positions); a few establishments have no coordinates; no quoting: quotation
           marks are ordinary characters in the national stock
Readers    `read_finess(path)`, either layout. Verified on the extract of Occitanie (2026);
           the national stock on generated files only.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from maillage.core.codes import parse_finess
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import (
    csv_header,
    detected_encoding,
    read_csv_columns,
    refuse_web_page,
)
from maillage.sources.finess_positions import commune_codes, lon_lat, plain_commune_codes
from maillage.sources.names import TextArray, fold_header, text_array
from maillage.sources.text_columns import FloatArray, TextColumns, codes, numbers

SCHEMA: Final = Schema(
    name="finess",
    columns=(
        Column("finess_et", "text", meaning="Number of the establishment"),
        Column("finess_ej", "text", meaning="Number of the legal entity"),
        Column("name", "text", nullable=True),
        Column("long_name", "text", nullable=True),
        Column("category_code", "text", meaning="620 pharmacy, 603 MSP, 124 centre de santé…"),
        Column("category", "text", nullable=True),
        Column("siret", "text", nullable=True),
        Column("address", "text", nullable=True, meaning="Number and street"),
        Column("postal_line", "text", nullable=True, meaning="Postal code and town"),
        Column("commune_code", "text"),
        Column("opened_on", "text", nullable=True, meaning="ISO date; 1904-04-04 stands for none"),
        Column("longitude", "float", "degrees", nullable=True),
        Column("latitude", "float", "degrees", nullable=True),
    ),
    key=("finess_et",),
)

_STOCK_RECORD: Final = (
    "finess_et",
    "finess_ej",
    "name",
    "long_name",
    "complrs",
    "compldistrib",
    "street_number",
    "street_kind",
    "street",
    "street_suffix",
    "lieuditbp",
    "commune",
    "department",
    "libdepartement",
    "postal_line",
    "telephone",
    "telecopie",
    "category_code",
    "category",
    "categagretab",
    "libcategagretab",
    "siret",
    "codeape",
    "codemft",
    "libmft",
    "codesph",
    "libsph",
    "opened_on",
    "dateautor",
    "datemaj",
    "numuai",
)
_STOCK_POINT: Final = ("finess_et", "x_m", "y_m", "point_source", "datemaj")

_COMMON_HEADERS: Final = {
    "category_code": "categetab",
    "siret": "siret",
    "street_number": "numvoie",
    "street_kind": "typvoie",
    "street": "voie",
    "postal_line": "ligneacheminement",
    "opened_on": "dateouv",
    "department": "departement",
    "x_m": "coordxet",
    "y_m": "coordyet",
    "point_source": "sourcecoordet",
}
_EXTRACT_HEADERS: Final = {
    **_COMMON_HEADERS,
    "finess_et": "numero_finess_etablissement",
    "finess_ej": "numero finess etablissement juridique",
    "name": "raison_sociale",
    "long_name": "rslongue",
    "category": "categorie",
    "commune": "code_commune",
    "longitude": "longitude",
    "latitude": "latitude",
    "commune_code": "code_insee",
}
_REGISTER_HEADERS: Final = {
    **_COMMON_HEADERS,
    "finess_et": "nofinesset",
    "finess_ej": "nofinessej",
    "name": "rs",
    "long_name": "rslongue",
    "category": "libcategetab",
    "commune": "commune",
}
_OPTIONAL: Final = frozenset({"longitude", "latitude", "commune_code", "point_source", "siret"})


def read_finess(path: Path) -> Table:
    """Return the establishments of a FINESS file, located where the file allows it.

    Raises InputError for a web page, a missing column, a number that is not FINESS's, or an
    establishment given twice.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    refuse_web_page(start, file=path.name)
    if start.startswith((b"finess;", b"structureet;", b"#")):
        return _table(_read_stock(path))
    header = {fold_header(cell) for cell in csv_header(path, delimiter=";")}
    layout = _REGISTER_HEADERS if "nofinesset" in header else _EXTRACT_HEADERS
    return _table(read_csv_columns(path, layout, delimiter=";", optional=_OPTIONAL))


def _read_stock(path: Path) -> TextColumns:
    """Return the records of the national stock, establishments joined to their points."""
    content = path.read_bytes()
    encoding = detected_encoding(content)
    lines = content.splitlines()
    records = [line for line in lines if line.startswith(b"structureet;")]
    points = [line for line in lines if line.startswith(b"geolocalisation;")]
    if not records:
        raise InputError(
            f"{path.name}: no line begins with 'structureet;'. Expected FINESS's stock of "
            "establishments (etalab-cs1100502 or cs1100507)."
        )
    columns = _records(records, _STOCK_RECORD, encoding, file=path.name)
    located = _records(points, _STOCK_POINT, encoding, file=path.name)
    notes = () if encoding == "utf-8" else ("The file is written in Latin-1, not in UTF-8.",)
    columns |= _joined_points(columns["finess_et"], located)
    return TextColumns(path.name, columns, {name: name for name in columns}, notes)


def _records(
    lines: list[bytes], names: tuple[str, ...], encoding: str, *, file: str
) -> dict[str, TextArray]:
    """Return the columns of one kind of record; its first cell, the kind, is left out."""
    if not lines:
        return {name: text_array([]) for name in names}
    text = b"\n".join(line.rstrip() for line in lines).decode(encoding, errors="replace")
    try:
        table = pa_csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pa_csv.ReadOptions(column_names=["record", *names]),
            parse_options=pa_csv.ParseOptions(delimiter=";", quote_char=False),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise InputError(
            f"{file}: {error}. Expected {len(names) + 1} cells separated by ';' in each record."
        ) from error
    return {name: text_array(map(str, table.column(name).to_pylist())) for name in names}


def _joined_points(finess_et: TextArray, points: Mapping[str, TextArray]) -> dict[str, TextArray]:
    rows = {number: row for row, number in enumerate(points["finess_et"].tolist())}
    found = [rows.get(number) for number in finess_et.tolist()]
    return {
        name: text_array("" if row is None else points[name][row] for row in found)
        for name in ("x_m", "y_m", "point_source")
    }


def _table(columns: TextColumns) -> Table:
    finess_et, repaired_et = codes(columns, "finess_et", parse=parse_finess, length=9)
    finess_ej, repaired_ej = codes(columns, "finess_ej", parse=parse_finess, length=9)
    communes = communes_of(columns)
    longitude, latitude, notes = points_of(columns, communes)
    kept = ("name", "long_name", "category_code", "category", "postal_line", "opened_on")
    return Table(
        SCHEMA,
        {
            "finess_et": finess_et,
            "finess_ej": finess_ej,
            **{name: columns[name] for name in kept},
            "siret": columns["siret"] if "siret" in columns else _empty(columns),
            "address": _addresses(columns),
            "commune_code": communes,
            "longitude": longitude,
            "latitude": latitude,
        },
        (*columns.notes, *repaired_et, *repaired_ej, *notes),
    )


def communes_of(columns: TextColumns) -> TextArray:
    """Return the Insee code of each row, from its own column or FINESS's two parts of it."""
    if "commune_code" in columns:
        return plain_commune_codes(columns["commune_code"], file=columns.file)
    return commune_codes(columns["department"], columns["commune"], file=columns.file)


def points_of(
    columns: TextColumns, communes: TextArray
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Return longitude, latitude (degrees, nan where unknown) and notes on what is not located.

    The printed longitude and latitude are taken where the file has them, else the projected
    coordinates are converted.
    """
    refused = 0
    if "longitude" in columns:
        longitude, latitude = numbers(columns, "longitude")[0], numbers(columns, "latitude")[0]
    else:
        sources = columns["point_source"] if "point_source" in columns else _empty(columns)
        longitude, latitude, refused = lon_lat(
            numbers(columns, "x_m")[0],
            numbers(columns, "y_m")[0],
            sources=sources,
            communes=communes,
        )
    unlocated = int(np.isnan(longitude).sum()) - refused
    notes = [f"{unlocated} rows without coordinates."] if unlocated else []
    if refused:
        notes.append(f"{refused} rows whose coordinates fall far from France: left out.")
    return longitude, latitude, tuple(notes)


def _addresses(columns: TextColumns) -> TextArray:
    parts = (columns[name].tolist() for name in ("street_number", "street_kind", "street"))
    return text_array(" ".join(part for part in row if part) for row in zip(*parts, strict=True))


def _empty(columns: TextColumns) -> TextArray:
    return text_array([""] * len(columns))
