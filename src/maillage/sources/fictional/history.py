"""Mergers and a split: the cells are the communes of every year, grouped in another way each year.

The files of the department bear several vintages, as the real ones do; this module says which
commune a cell belongs to on 1 January of a year, and writes down what happened in between.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from maillage.core.errors import InputError
from maillage.sources.fictional import toponyms
from maillage.sources.fictional.geography import IntArray, Land
from maillage.sources.fictional.settlement import VILLAGE, Settlement
from maillage.sources.fictional.zones import Zones

DEPARTMENT_CODE: Final = "20"
REGION_CODE: Final = "99"
COG_YEAR: Final = 2026
MERGER_YEARS: Final = (2019, 2022, 2023, 2025, 2026)
SPLIT_YEARS: Final = (2016, 2024)  # merged in the first, split again in the second
CELLS_MERGED_AWAY: Final = 6  # one per merger, two in 2026


@dataclass(frozen=True, slots=True)
class Event:
    """A group of cells that was one commune from 1 January of `start` to that of `end` (or since).

    cells  of the group; the first one gives its code and is the seat
    name   of the commune while it lasts
    end    9999 while it lasts
    """

    cells: tuple[int, ...]
    name: str
    start: int
    end: int = 9999


@dataclass(frozen=True, slots=True)
class Vintage:
    """The communes on 1 January of one year, sorted by code.

    codes, names  shape (n_communes,)
    seat          cell of the town hall, shape (n_communes,)
    row           row of the commune of each cell, shape (n_cells,)
    """

    year: int
    codes: tuple[str, ...]
    names: tuple[str, ...]
    seat: IntArray
    row: IntArray

    def __len__(self) -> int:
        return len(self.codes)

    def totals(self, by_cell: NDArray[Any]) -> NDArray[Any]:
        """Add up a figure of the cells, (n_cells, …), in each commune, (n_communes, …)."""
        out = np.zeros((len(self), *by_cell.shape[1:]), dtype=by_cell.dtype)
        np.add.at(out, self.row, by_cell)
        return out

    def members(self, commune: int) -> IntArray:
        """Return the cells of the commune of that row."""
        return np.flatnonzero(self.row == commune)


@dataclass(frozen=True, slots=True)
class History:
    """Code and name of each cell when it stands alone, and the groups that it ever joined."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    events: tuple[Event, ...]

    def vintage(self, year: int) -> Vintage:
        """Return the communes on 1 January of `year`."""
        head = np.arange(len(self.codes))
        names = list(self.names)
        for event in self.events:
            if event.start <= year < event.end:
                head[list(event.cells)] = event.cells[0]
                names[event.cells[0]] = event.name
        seats = sorted(set(head.tolist()), key=lambda cell: self.codes[cell])
        rank = {cell: row for row, cell in enumerate(seats)}
        return Vintage(
            year,
            tuple(self.codes[cell] for cell in seats),
            tuple(names[cell] for cell in seats),
            np.array(seats, dtype=np.int64),
            np.array([rank[cell] for cell in head.tolist()], dtype=np.int64),
        )


def tell_history(rng: Generator, *, land: Land, settlement: Settlement, zones: Zones) -> History:
    """Return names, codes (in alphabetical order, as Insee gave them) and groups of the cells."""
    names = _names(rng, land, settlement)
    order = sorted(range(len(names)), key=lambda cell: toponyms.capitals(names[cell]))
    rank = {cell: number for number, cell in enumerate(order, start=1)}
    codes = tuple(f"{DEPARTMENT_CODE}{rank[cell]:03d}" for cell in range(len(names)))
    groups = _groups(land=land, settlement=settlement, zones=zones)
    return History(codes, tuple(names), _events(rng, groups, names, land))


def _names(rng: Generator, land: Land, settlement: Settlement) -> list[str]:
    by_water = np.where(land.river_km < 2.0, land.river, -1).tolist()
    names = toponyms.draw_names(rng, [None if river < 0 else river for river in by_water])
    names[land.island] = toponyms.ISLAND
    names[int(settlement.level.argmax())] = toponyms.PREFECTURE
    return names


def _groups(*, land: Land, settlement: Settlement, zones: Zones) -> list[tuple[int, ...]]:
    """Return separate pairs of small neighbours of one living zone, the biggest cell first."""
    people = settlement.people
    small = (settlement.level == VILLAGE) & (people < 1500)
    small[land.island] = False
    used: set[int] = set()
    groups: list[tuple[int, ...]] = []
    for one, other in land.neighbours.tolist():
        if not (small[one] and small[other]) or zones.living[one] != zones.living[other]:
            continue
        if used & {one, other}:
            continue
        used |= {one, other}
        groups.append((one, other) if people[one] >= people[other] else (other, one))
    if len(groups) < len(MERGER_YEARS) + 2:
        raise InputError("Too few small communes to merge: ask for more communes, at least 60.")
    return groups


def _events(
    rng: Generator, groups: list[tuple[int, ...]], names: list[str], land: Land
) -> tuple[Event, ...]:
    """Choose pairs at random; the last one takes a third commune in."""
    picked = [groups[k] for k in rng.permutation(len(groups))[: len(MERGER_YEARS) + 1]]
    *pairs, split = picked
    pairs[-1] = _with_a_third(pairs[-1], picked, land)
    events = [
        Event(cells, _merged_name(cells, names, land), year)
        for cells, year in zip(pairs, MERGER_YEARS, strict=True)
    ]
    return (Event(split, _merged_name(split, names, land), *SPLIT_YEARS), *events)


def _with_a_third(
    pair: tuple[int, ...], picked: list[tuple[int, ...]], land: Land
) -> tuple[int, ...]:
    """Add to a pair the smallest neighbour (by area) that no group holds."""
    taken = {cell for group in picked for cell in group}
    beside = {
        cell
        for edge in land.neighbours.tolist()
        if set(edge) & set(pair)
        for cell in edge
        if cell not in taken
    }
    return (*pair, min(sorted(beside), key=lambda cell: land.area_km2[cell]))


def _merged_name(cells: tuple[int, ...], names: list[str], land: Land) -> str:
    if len(cells) > 2:
        river = toponyms.RIVERS[int(land.river[cells[0]])]
        return f"Monts-d'{river}" if river[0] in "AO" else f"Monts-de-{river}"
    one, other = (toponyms.without_article(names[cell]).split("-sur-")[0] for cell in cells)
    return f"{one}-et-{other}"
