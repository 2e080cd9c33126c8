"""Contours, centroids and postal codes."""

import json
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from maillage.sources.fictional import toponyms
from maillage.sources.fictional.cog_files import epci_code
from maillage.sources.fictional.department import Department
from maillage.sources.fictional.geography import FloatArray
from maillage.sources.fictional.history import DEPARTMENT_CODE, REGION_CODE, Vintage
from maillage.sources.fictional.writing import Folder, Row

CONTOUR_YEAR: Final = 2022
POSTAL_YEAR: Final = 2025


def write_places(folder: Folder, department: Department) -> None:
    """Write the folders `geometry` and `communes` (but the populations)."""
    _write_contours(folder, department)
    _write_centroids(folder, department)
    _write_postal_codes(folder, department)


def postal_code(department: Department, cell: int) -> str:
    """Return the postal code of a cell: that of the post office of its living zone, 20xx0."""
    centres = sorted(set(department.zones.living.tolist()))
    rank = centres.index(int(department.zones.living[cell]))
    if cell == int(department.settlement.level.argmax()):
        return f"{DEPARTMENT_CODE}000"
    return f"{DEPARTMENT_CODE}{rank + 1:02d}0"


def contours(department: Department, vintage: Vintage) -> NDArray[Any]:
    """Return the contours of the communes of a vintage, shapely geometries, (n_communes,)."""
    shapes = department.land.shapes
    merged = [shapely.union_all(shapes[vintage.members(row)]) for row in range(len(vintage))]
    return np.array(merged, dtype=object)


def _write_contours(folder: Folder, department: Department) -> None:
    vintage = department.vintage(CONTOUR_YEAR)
    shapes = contours(department, vintage)
    features = [
        _feature(
            shapes[row],
            code=vintage.codes[row],
            nom=vintage.names[row],
            departement=DEPARTMENT_CODE,
            region=REGION_CODE,
            commune=None,
            plm=None,
            epci=epci_code(department, int(vintage.seat[row])) or None,
        )
        for row in range(len(vintage))
    ]
    whole = shapely.union_all(shapes)
    folder.json(f"geometry/communes-1000m-{CONTOUR_YEAR}.geojson.gz", _collection(features))
    folder.json(
        "geometry/departements-1000m.geojson",
        _collection(
            [_feature(whole, code=DEPARTMENT_CODE, nom=toponyms.DEPARTMENT, region=REGION_CODE)]
        ),
    )
    folder.json(
        "geometry/regions-1000m.geojson",
        _collection([_feature(whole, code=REGION_CODE, nom=toponyms.REGION)]),
    )


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _feature(shape: shapely.Geometry, **properties: str | None) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _centroids(shapes: NDArray[Any]) -> FloatArray:
    return np.round(shapely.get_coordinates(shapely.centroid(shapes)), 6)


def _write_centroids(folder: Folder, department: Department) -> None:
    old = department.vintage(CONTOUR_YEAR)
    rows: list[Row] = []
    for row, (lon, lat) in enumerate(_centroids(contours(department, old)).tolist()):
        epci = epci_code(department, int(old.seat[row]))
        levels = (old.codes[row], old.names[row], DEPARTMENT_CODE, REGION_CODE, epci, "")
        rows.append((*levels, round(lon, 5), round(lat, 5)))
    header = ["code", "nom", "departement", "region", "epci", "commune_parente", "lon", "lat"]
    folder.csv(f"geometry/communes_centroides_{CONTOUR_YEAR}.csv", header, rows)
    new = department.vintage(POSTAL_YEAR)
    points = _centroids(contours(department, new)).tolist()
    folder.csv(
        f"communes/odis_centroides_communes_{POSTAL_YEAR}.csv",
        ("", "GeoPoint", "Annee", "Code_Officiel_Commune", "latitude", "longitude"),
        [
            (row, f"{lat}, {lon}", POSTAL_YEAR, new.codes[row], lat, lon)
            for row, (lon, lat) in enumerate(points)
        ],
        delimiter=";",
    )


def _write_postal_codes(folder: Folder, department: Department) -> None:
    """Write a line per commune; a merged one keeps a line, hence a code, per former commune."""
    vintage = department.vintage(POSTAL_YEAR)
    names = department.history.names
    points: list[Row] = []
    pairs: list[Row] = []
    for row, (lon, lat) in enumerate(_centroids(contours(department, vintage)).tolist()):
        name = _post_name(vintage.names[row])
        for cell in vintage.members(row).tolist():
            fifth = _post_name(names[cell]) if cell != int(vintage.seat[row]) else ""
            line = (vintage.codes[row], name, postal_code(department, cell), name, fifth)
            points.append((*line, f"{lat},{lon}"))
            pairs.append(line)
    folder.csv(
        "communes/laposte_insee-coordonnees-communes.csv",
        (
            "code_commune_insee",
            "nom_de_la_commune",
            "code_postal",
            "libelle_d_acheminement",
            "ligne_5",
            "_geopoint",
        ),
        points,
        quote_all=True,
    )
    folder.csv(
        "communes/odis_corresp_codes_communes.csv",
        ("Code_commune_INSEE", "Nom_de_la_commune", "Code_postal", "Intitule", "Ligne_5"),
        pairs,
    )


def _post_name(name: str) -> str:
    """Return the name as La Poste writes it: capitals, ST and STE."""
    text = f" {toponyms.capitals(name)} ".replace(" SAINTE ", " STE ").replace(" SAINT ", " ST ")
    return text.strip()
