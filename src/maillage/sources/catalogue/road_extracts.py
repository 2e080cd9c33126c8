"""Which OpenStreetMap extract covers a department: Geofabrik cuts France by its former regions."""

from pathlib import Path
from typing import Final

from maillage.core.codes import parse_department_code
from maillage.core.errors import InputError
from maillage.sources.catalogue.entry import NOT_USED_YET, DataFile, Source

_BASE: Final = "https://download.geofabrik.de/europe/france"
_DEPARTMENTS: Final = {
    "alsace": "67 68",
    "aquitaine": "24 33 40 47 64",
    "auvergne": "03 15 43 63",
    "basse-normandie": "14 50 61",
    "bourgogne": "21 58 71 89",
    "bretagne": "22 29 35 56",
    "centre": "18 28 36 37 41 45",
    "champagne-ardenne": "08 10 51 52",
    "corse": "2A 2B",
    "franche-comte": "25 39 70 90",
    "guadeloupe": "971",
    "guyane": "973",
    "haute-normandie": "27 76",
    "ile-de-france": "75 77 78 91 92 93 94 95",
    "languedoc-roussillon": "11 30 34 48 66",
    "limousin": "19 23 87",
    "lorraine": "54 55 57 88",
    "martinique": "972",
    "mayotte": "976",
    "midi-pyrenees": "09 12 31 32 46 65 81 82",
    "nord-pas-de-calais": "59 62",
    "pays-de-la-loire": "44 49 53 72 85",
    "picardie": "02 60 80",
    "poitou-charentes": "16 17 79 86",
    "provence-alpes-cote-d-azur": "04 05 06 13 83 84",
    "reunion": "974",
    "rhone-alpes": "01 07 26 38 42 69 73 74",
}


def extract_of_department(code: str) -> str:
    """Return the name of the extract that covers a department, such as "aquitaine" for "64".

    Raises InputError for anything but a department that an extract covers.
    """
    department = parse_department_code(code)
    for name, departments in _DEPARTMENTS.items():
        if department in departments.split():
            return name
    raise InputError(f"Aucun extrait d'OpenStreetMap connu pour le département {department}.")


def road_extract(name: str) -> Source:
    """Return the data set of the roads of one extract."""
    if name not in _DEPARTMENTS:
        raise InputError(f"Extrait inconnu : {name!r}. Attendu : {', '.join(_DEPARTMENTS)}.")
    path = f"travel/{name}-latest.osm.pbf"
    return Source(
        name="osm_roads",
        title=f"Routes : {name} (extrait d'OpenStreetMap)",
        producer="OpenStreetMap, par Geofabrik",
        vintage="jour du téléchargement",
        licence="ODbL",
        page=f"{_BASE}/{name}.html",
        enables=(NOT_USED_YET,),
        files=(
            DataFile(
                path,
                "maillage.sources.osm_roads:read_osm_roads",
                url=f"{_BASE}/{name}-latest.osm.pbf",
                light_check="maillage.sources.catalogue.road_extracts:check_extract",
                inferred=True,
            ),
        ),
    )


def check_extract(path: Path) -> None:
    """Raise InputError unless a file begins as an OpenStreetMap extract does.

    Reading a region takes minutes: this only recognises the format, whose first block names itself (https://wiki.openstreetmap.org/wiki/PBF_Format).
    """
    with path.open("rb") as file:
        start = file.read(64)
    if b"OSMHeader" not in start:
        raise InputError(f"Not an OpenStreetMap extract: it begins with {start[:12]!r}.")
