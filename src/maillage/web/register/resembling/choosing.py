"""Which initiatives to show for the needs of a territory, and why each.

Two territories are compared at one level, that of the wider of the two: an initiative of a
department is set against the department where the reader's commune lies; an initiative of a
commune, read from a department, counts for the department where it takes place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from maillage.core.errors import NotEnoughDataError
from maillage.studies.alike import Alike, alike
from maillage.studies.findings import Finding, holding
from maillage.studies.store import Store
from maillage.studies.store.tables import BoolArray, IntArray
from maillage.web.register.finding.coverage import LADDER, Coverage
from maillage.web.register.resembling.needs import SUBJECTS_BY_NEED, needs_of
from maillage.web.territories.profile_parts import Portrayed

MOST_DISTANCE: Final = 1.0
"""Territories further apart do not resemble each other; two taken at random are at about 1.4."""


@dataclass(frozen=True, slots=True)
class Level:
    """What is compared at one kind of territory: the reader's own, or the one that holds it."""

    kind: str
    code: str
    name: str
    rows: IntArray
    is_own: bool


@dataclass(frozen=True, slots=True)
class Match:
    """An initiative of a territory that resembles.

    initiative  its number
    level       what the territory was compared with
    places      kind and code of the territories of the initiative, in the one that resembles
    """

    initiative: int
    level: Level
    alike: Alike
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A need and what answers it; without need, initiatives on any subject.

    here  numbers of the initiatives on it that take place in the territory, or in what holds it,
          the latest first
    """

    need: Finding | None
    matches: tuple[Match, ...]
    here: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """Initiatives by territory of one level, in four columns of shape (n_pairs,).

    at          row of the territory compared, in `store.membership(level.kind)`
    kind, row   the territory of the initiative itself: its rung on the ladder, its row
    initiative  its number
    """

    level: Level
    at: IntArray
    kind: IntArray
    row: IntArray
    initiative: IntArray

    def kept(self, kept: IntArray) -> "_Placed":
        """Keep some of the pairs."""
        columns = (self.at[kept], self.kind[kept], self.row[kept], self.initiative[kept])
        return _Placed(self.level, *columns)

    def among(self, wanted: BoolArray) -> "_Placed":
        """Keep the pairs of the initiatives wanted: one truth for each number."""
        return self.kept(np.flatnonzero(wanted[self.initiative]))


def answered_needs(
    portrayed: Portrayed, coverage: Coverage, *, most_needs: int, per_need: int
) -> list[Answered]:
    """Return the first needs that initiatives answer, with the initiatives closest to here.

    What was tried comes before what is an idea only. An initiative is told once, for the most
    important need that it answers. Where no need has an
    answer, the closest initiatives on any subject are returned, if there are some.
    """
    placed = [_placed(coverage, level) for level in levels_of(portrayed)]
    found: list[Answered] = []
    told: set[int] = set()
    for need in needs_of(portrayed.report.findings):
        wanted = coverage.about(SUBJECTS_BY_NEED[need.indicator_id])
        answered = _answered(coverage, placed, need, wanted, told=told, most=per_need)
        told |= {match.initiative for match in answered.matches}
        if answered.matches or answered.here:
            found.append(answered)
        if len(found) == most_needs:
            break
    if not any(one.matches for one in found):
        every = np.ones(coverage.n_numbers, dtype=np.bool_)
        any_subject = _answered(coverage, placed, None, every, told=told, most=per_need)
        found += [any_subject] if any_subject.matches else []
    return found


def levels_of(portrayed: Portrayed) -> list[Level]:
    """Return what to compare at each level: the territory at its own, what holds it above."""
    store, own = portrayed.store, portrayed.report.alike_kind
    code = "" if portrayed.kind == "custom" else portrayed.code
    found = [Level(own, code, portrayed.name, portrayed.rows, is_own=True)]
    for kind in LADDER[LADDER.index(own) + 1 :]:
        held = portrayed.rows[store.membership(kind).group[portrayed.rows] >= 0]
        if held.size:  # an island may lie in no intercommunality
            holder = holding(store, kind, held)
            name = store.territory_name(kind, holder)
            found.append(Level(kind, holder, name, store.rows(kind, holder), is_own=False))
    return found


def _placed(coverage: Coverage, level: Level) -> _Placed:
    """Set initiatives at a level: those of its kind, and at the reader's own level the narrower."""
    rung = LADDER.index(level.kind)
    parts = []
    for kind in LADDER[0 if level.is_own else rung : rung + 1]:
        if kind in coverage.places:
            rows, initiatives = coverage.places[kind]
            at = _holders(coverage.store, kind, level.kind)[rows]
            parts.append(np.stack([at, np.full_like(rows, LADDER.index(kind)), rows, initiatives]))
    columns = np.concatenate(parts, axis=1) if parts else np.empty((4, 0), dtype=np.int64)
    return _Placed(level, *columns)


def _holders(store: Store, kind: str, level: str) -> IntArray:
    """Return the row, among territories of `level`, of the one where each of `kind` begins."""

    def make() -> IntArray:
        members, wider = store.membership(kind), store.membership(level)
        first_unit = np.zeros(len(members), dtype=np.int64)
        units = np.flatnonzero(members.group >= 0)[::-1]
        first_unit[members.group[units]] = units
        return wider.group[first_unit]

    return store.cached(("holders", kind, level), make)


def _answered(
    coverage: Coverage,
    placed: list[_Placed],
    need: Finding | None,
    wanted: BoolArray,
    *,
    told: set[int],
    most: int,
) -> Answered:
    store, ideas = coverage.store, coverage.among(coverage.ideas)
    here = {
        int(number)
        for one in placed
        for number in one.initiative[_is_here(store, one)]
        if wanted[number]
    }
    others = wanted & ~coverage.among(np.array(sorted(here | told), dtype=np.int64))
    tried = [one.among(others & ~ideas) for one in placed]
    thought = [one.among(others & ideas) for one in placed]
    matches: dict[int, Match] = {}
    for match in chain(_by_distance(store, tried, most), _by_distance(store, thought, most)):
        if len(matches) == most:
            break
        matches.setdefault(match.initiative, match)
    return Answered(need, tuple(matches.values()), tuple(sorted(here)[::-1]))


def _is_here(store: Store, placed: _Placed) -> IntArray:
    """Return the pairs here; a list of communes is in every territory that holds one of them."""
    members = store.membership(placed.level.kind)
    mine = np.zeros(len(members), dtype=np.bool_)
    groups = members.group[placed.level.rows]
    mine[groups[groups >= 0]] = True
    return np.flatnonzero((placed.at >= 0) & mine[placed.at])


def _by_distance(store: Store, placed: list[_Placed], most: int) -> Iterator[Match]:
    """Yield the initiatives of the territories alike, the closest territory first."""
    found = [(near, one) for one in placed for near in _alike(store, one, most)]
    for near, one in sorted(found, key=lambda pair: pair[0].distance):
        at = store.membership(one.level.kind).index(near.code)
        there = one.kept(np.flatnonzero(one.at == at))
        for number in np.unique(there.initiative)[::-1].tolist():  # the latest first
            own = there.kept(np.flatnonzero(there.initiative == number))
            yield Match(number, one.level, near, _codes(store, own))


def _alike(store: Store, placed: _Placed, most: int) -> list[Alike]:
    level, among = placed.level, np.unique(placed.at[placed.at >= 0])
    if not among.size:
        return []
    try:
        found = alike(store, level.kind, level.rows, code=level.code, k=most, among=among)
    except NotEnoughDataError:
        return []
    return [one for one in found if one.distance <= MOST_DISTANCE]


def _codes(store: Store, placed: _Placed) -> tuple[tuple[str, str], ...]:
    pairs = zip(placed.kind.tolist(), placed.row.tolist(), strict=True)
    kinds = ((LADDER[rung], row) for rung, row in pairs)
    return tuple((kind, str(store.membership(kind).codes[row])) for kind, row in kinds)
