"""What a reader asks of the map or of the list, as the address says it.

?indicateur=apl_gp&second=share_65_plus&zonage=1&departement=64&vue=8.2/43.19/-0.61
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import numpy as np

from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.web.atlas.map.values import shown_indicators

FIRST_SHOWN: Final = "apl_gp"
OVERLAY: Final = "zonage_gp"
AREA_FIELDS: Final = {"epci": "epci", "departement": "department", "region": "region"}
"""Field of the address → kind of territory, the narrowest first."""


@dataclass(frozen=True, slots=True)
class Area:
    """The territory that the list and the exports are narrowed to."""

    field: str
    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class View:
    """Where the map looks: zoom 0 to 22, latitude and longitude of its centre in degrees."""

    zoom: float
    lat: float
    lon: float

    def __str__(self) -> str:
        return f"{self.zoom:g}/{self.lat:g}/{self.lon:g}"


@dataclass(frozen=True, slots=True)
class MapChoice:
    """One state of the map.

    second   another indicator beside the first, or None
    overlay  the zoning of doctors when it is laid over the colours, or None
    area     None for the whole of what the store covers
    """

    first: Indicator
    second: Indicator | None = None
    overlay: Indicator | None = None
    area: Area | None = None
    view: View | None = None

    @property
    def shown(self) -> tuple[Indicator, ...]:
        """The indicators in order: one or two."""
        return (self.first,) if self.second is None else (self.first, self.second)

    def query(self, **more: str) -> str:
        """Return the address's query, "" values left out."""
        fields = {
            "indicateur": self.first.id,
            "second": self.second.id if self.second else "",
            "zonage": "1" if self.overlay else "",
            **({self.area.field: self.area.code} if self.area else {}),
            **more,
        }
        return urlencode({name: value for name, value in fields.items() if value})


def choice_of(store: Store, asked: Mapping[str, str]) -> MapChoice | None:
    """Return what is asked, anything unknown left out; None when the store has no figure at all."""
    known = {item.id: item for item in shown_indicators(store)}
    if not known:
        return None
    first = asked.get("indicateur", "")
    if first not in known:
        first = FIRST_SHOWN if FIRST_SHOWN in known else next(iter(known))
    second = asked.get("second", "")
    return MapChoice(
        first=known[first],
        second=known.get(second) if second != first else None,
        overlay=known.get(OVERLAY) if asked.get("zonage") else None,
        area=_area(store, asked),
        view=view_of(asked.get("vue", "")),
    )


def shown_indicator(store: Store, indicator_id: str) -> Indicator | None:
    """Return an indicator that the map can show; None for any other name."""
    return next((item for item in shown_indicators(store) if item.id == indicator_id), None)


def _area(store: Store, asked: Mapping[str, str]) -> Area | None:
    """Return the narrowest territory asked for that lies in the wider ones asked for."""
    for field, kind in AREA_FIELDS.items():
        code = asked.get(field, "")
        if code not in store.membership(kind) or _let_go(field, asked):
            continue
        if all(_meets(store, kind, code, wider, asked) for wider in AREA_FIELDS):
            return Area(field, kind, code, store.territory_name(kind, code))
    return None


def _let_go(field: str, asked: Mapping[str, str]) -> bool:
    """Say whether the form gave up an EPCI, by asking for every department again."""
    return field == "epci" and asked.get("departement") == ""


def _meets(store: Store, kind: str, code: str, wider: str, asked: Mapping[str, str]) -> bool:
    """Say whether a territory has a commune in the territory asked for in the field `wider`."""
    members = store.membership(AREA_FIELDS[wider])
    held = asked.get(wider, "")
    if held not in members:
        return True
    return bool(np.isin(store.rows(kind, code), members.rows(held)).any())


def view_of(text: str) -> View | None:
    """Read "zoom/latitude/longitude"; None for anything else."""
    try:
        zoom, lat, lon = (float(part) for part in text.split("/"))
    except ValueError:
        return None
    sane = 0 <= zoom <= 22 and -85 <= lat <= 85 and -180 <= lon <= 180
    return View(zoom, lat, lon) if sane and math.isfinite(zoom + lat + lon) else None
