"""Postal codes and communes, n to n (La Poste).

Producer La Poste, Licence Ouverte 2.0 (ODbL before 2023). Vintage 2025.

Traps: a postal code serves several communes and a commune has several postal codes: never a key;
names are in capitals without accents, Saint as ST; lines differ by a locality (`ligne_5`); in
the file with points, 41 codes have none, and the point is "lat,lon" in one cell; Monaco (99138) has
postal codes and is no commune: left out.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from maillage.core.codes import parse_postal_code
from maillage.core.errors import InputError
from maillage.core.tables import Column, Schema, Table
from maillage.sources.csv_files import read_csv_columns
from maillage.sources.names import text_array
from maillage.sources.text_columns import TextColumns, codes, numbers

POSTAL_CODES = Schema(
    "postal_codes",
    (
        Column("commune_code", "text"),
        Column("name", "text", meaning="In capitals, without accents."),
        Column("postal_code", "text"),
        Column("delivery_name", "text", meaning="What stands on the last line of an address."),
        Column("locality", "text", nullable=True, meaning="Line 5: a former commune, a hamlet."),
    ),
)
POSTAL_POINTS = Schema(
    "postal_points",
    (
        *POSTAL_CODES.columns,
        Column("lon", "float", unit="degrees", nullable=True),
        Column("lat", "float", unit="degrees", nullable=True),
    ),
)


def read_postal_codes(path: Path) -> Table:
    """Read `odis_corresp_codes_communes.csv` (La Poste's base of postal codes)."""
    read = read_csv_columns(
        path,
        {
            "commune_code": "Code_commune_INSEE",
            "name": "Nom_de_la_commune",
            "postal_code": "Code_postal",
            "delivery_name": "Intitule",
            "locality": "Ligne_5",
        },
    )
    columns, notes = _coded(_in_france(read))
    return Table(POSTAL_CODES, columns, notes)


def read_postal_points(path: Path) -> Table:
    """Read `laposte_insee-coordonnees-communes.csv`: the same pairs, with a point where known."""
    read = read_csv_columns(
        path,
        {
            "commune_code": "code_commune_insee",
            "name": "nom_de_la_commune",
            "postal_code": "code_postal",
            "delivery_name": "libelle_d_acheminement",
            "locality": "ligne_5",
            "point": "_geopoint",
        },
    )
    read = _in_france(read)
    columns, notes = _coded(read)
    lat, lon = _points(read)
    missing = int(np.isnan(lat).sum())
    told = (f"{missing} lines have no point.",) if missing else ()
    columns.pop("point")
    return Table(POSTAL_POINTS, {**columns, "lon": lon, "lat": lat}, notes + told)


def _in_france(read: TextColumns) -> TextColumns:
    """Leave out the lines of foreign places, whose codes begin with 99."""
    abroad = np.array([code.startswith("99") for code in read["commune_code"].tolist()], dtype=bool)
    kept = read.where(~abroad)
    told = (f"{int(abroad.sum())} lines of foreign places left out.",) if abroad.any() else ()
    return replace(kept, notes=kept.notes + told)


def _coded(read: TextColumns) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    commune_code, repaired = codes(read, "commune_code")
    postal_code, repaired_postal = codes(read, "postal_code", parse=parse_postal_code)
    columns = {**read.columns, "commune_code": commune_code, "postal_code": postal_code}
    return columns, read.notes + repaired + repaired_postal


def _points(read: TextColumns) -> tuple[np.ndarray, np.ndarray]:
    """Return latitudes and longitudes from cells "lat,lon", shape (n_rows,), nan where empty."""
    halves = [text.partition(",")[::2] if text else ("", "") for text in read["point"].tolist()]
    split = TextColumns(
        read.file,
        {
            "lat": text_array(half[0] for half in halves),
            "lon": text_array(half[1] for half in halves),
        },
        {"lat": read.headers["point"], "lon": read.headers["point"]},
    )
    lat, lon = numbers(split, "lat")[0], numbers(split, "lon")[0]
    if (np.isnan(lat) != np.isnan(lon)).any() or (np.abs(lat) > 90).any():
        raise InputError(f"{read.file}, column {read.headers['point']!r}: expected “lat,lon”.")
    return lat, lon
