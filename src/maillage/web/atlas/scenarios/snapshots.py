"""What a scenario gave on the day it was saved, small enough for its row."""

from typing import Any, Final

from maillage.web.atlas.scenarios.outcome import Outcome, commune_changes

COMMUNES_KEPT: Final = 50


def snapshot_of(outcome: Outcome) -> dict[str, Any]:
    """Return the figures of an outcome as plain JSON; unknown ones are None."""
    rows = outcome.touched[:COMMUNES_KEPT]
    return {
        "acts": round(outcome.acts, 1),
        "communes_touched": int(outcome.touched.size),
        "gaining": round(outcome.gaining),
        "losing": round(outcome.losing),
        "lifted": round(outcome.lifted),
        "lifted_communes": outcome.lifted_communes,
        "dropped": round(outcome.dropped),
        "dropped_communes": outcome.dropped_communes,
        "communes": [
            {
                "code": change.code,
                "name": change.name,
                "published": _plain(change.published),
                "estimated": _plain(change.estimated),
            }
            for change in commune_changes(outcome, rows)
        ],
    }


def _plain(value: float) -> float | None:
    return None if value != value else round(value, 4)
