"""What the search of the map finds."""

from typing import Any

import numpy as np

from maillage.studies.store import Store
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.territories.models import territory_url
from maillage.web.territories.search import Found


def suggestion(store: Store, found: Found) -> dict[str, Any]:
    """Return a territory found, as the search of the map takes it: words, address, box."""
    row = store.territory_row(found.kind, found.code)
    sides = [float(store.territories[side][row]) for side in ("west", "south", "east", "north")]
    words = [KIND_BY_NAME[found.kind].label]
    if found.department_name and found.kind not in ("department", "region", "nation"):
        words.append(f"{found.department_name} ({found.department_code})")
    return {
        "name": found.name,
        "kind": ", ".join(words),
        "url": territory_url(found.kind, found.code),
        "bounds": sides if np.isfinite(sides).all() else None,
    }
