"""The search for rosters: exact rows per person, prices and bound by columns, better parts."""

from maillage.engines.rostering.search.effort import Incumbent, Stop
from maillage.engines.rostering.search.grid import (
    HARD,
    NO_LIMIT,
    OFF,
    DutyGrid,
    Eve,
    Limits,
    Roster,
    Tallies,
)  # fmt: skip
from maillage.engines.rostering.search.judging import GridBreach, breaches, grid_cost
from maillage.engines.rostering.search.searching import SearchResult, search

__all__ = [
    "HARD", "NO_LIMIT", "OFF", "DutyGrid", "Eve", "GridBreach", "Incumbent", "Limits", "Roster",
    "SearchResult", "Stop", "Tallies", "breaches", "grid_cost", "search",
]  # fmt: skip
