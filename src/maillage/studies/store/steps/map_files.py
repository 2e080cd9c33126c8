"""Step "map": the packed overview, the order of the communes on the map, and the tiles."""

from typing import Final

import numpy as np
import shapely

from maillage.studies.store import layout
from maillage.studies.store.overview import map_order, pack_overview
from maillage.studies.store.tables import TERRITORIES, UNITS, read_contours, read_table
from maillage.studies.store.tiles import areas_of, write_tiles
from maillage.studies.store.workshop import Workshop

OUTPUTS: Final = (layout.OVERVIEW, layout.MAP_ORDER, layout.TILES)
_ATTRIBUTION: Final = "IGN, ADMIN EXPRESS ; Etalab"


def run(workshop: Workshop) -> None:
    """Write the three files of the map; none of the contours' when there are no contours."""
    units = read_table(workshop.out / layout.UNITS, UNITS)
    contours = read_contours(workshop.out / layout.CONTOURS)
    order = map_order(np.nan_to_num(units["lon"]), np.nan_to_num(units["lat"]))
    np.save(workshop.out / layout.MAP_ORDER, order)
    if shapely.is_empty(contours).all():
        workshop.note("contours", "No contour at all: there is no map.")
        return
    (workshop.out / layout.OVERVIEW).write_bytes(pack_overview(contours[order]))
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    territories = read_table(workshop.out / layout.TERRITORIES, TERRITORIES)
    weights = write_tiles(
        workshop.out / layout.TILES,
        areas_of(units, contours, territories, rank=rank),
        attribution=_ATTRIBUTION,
        should_stop=workshop.should_stop,
    )
    workshop.check_stop()
    total = sum(weights.values()) // 1024
    workshop.note("contours", f"The tiles weigh {total} KB, gzipped.")
