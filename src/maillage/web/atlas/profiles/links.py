"""Ways from a territory's page to the map and to the simulator, with the place kept."""

from math import log2
from typing import Final
from urllib.parse import urlencode

import numpy as np

from maillage.web.atlas.profiles.subject import Subject

_MAP_FIELDS: Final = {"epci": "epci", "department": "departement", "region": "region"}
_LEAST_SPAN_DEGREES: Final = 0.15
_MAP_WIDTH_IN_TILES: Final = 2.0
_CLOSEST_ZOOM: Final = 11.0


def map_query(subject: Subject) -> str:
    """Return the query under which the map looks at a territory; "" when its place is unknown."""
    units, rows = subject.store.units, subject.rows
    lon, lat = units["lon"][rows], units["lat"][rows]
    if np.isnan(lon).all() or subject.kind == "nation":
        return ""
    west, east = float(np.nanmin(lon)), float(np.nanmax(lon))
    south, north = float(np.nanmin(lat)), float(np.nanmax(lat))
    span = max(east - west, (north - south) * 1.6, _LEAST_SPAN_DEGREES) * 1.2
    zoom = min(log2(360 * _MAP_WIDTH_IN_TILES / span), _CLOSEST_ZOOM)
    view = f"{zoom:.1f}/{(south + north) / 2:.4f}/{(west + east) / 2:.4f}"
    field = _MAP_FIELDS.get(subject.kind)
    fields = {field: subject.code} if field else {}
    return f"?{urlencode({**fields, 'vue': view}, safe='/')}"


def simulate_query(subject: Subject) -> str:
    """Return the query under which the simulator begins in a territory's largest commune."""
    people = np.nan_to_num(subject.store.units["population"][subject.rows])
    if not subject.rows.size:
        return ""
    row = subject.rows[int(np.argmax(people))]
    return f"?{urlencode({'lieu': subject.store.units['code'][row]})}"
