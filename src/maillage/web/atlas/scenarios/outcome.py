"""What a scenario changes, in the figures that its page, its files and its PDF show."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.engines.accessibility.scenario import Scenario
from maillage.engines.accessibility.threshold import falls, rises
from maillage.studies.scenarios import THRESHOLD, baseline, what_if
from maillage.studies.store import Store
from maillage.web.atlas.scenarios.language import Plan, PlannedMove

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_COMPARED: Final = 12
"""Moves held against one another: beyond, a table compares nothing any more."""

_NEGLIGIBLE: Final = 5e-4  # less than what the workbook of DREES can show


@dataclass(frozen=True, slots=True)
class CommuneChange:
    """One commune touched; figures in acts per year and standardised person.

    published, estimated  nan where DREES publishes nothing
    gain, error           signed; one standard deviation
    passes                "above", "below" or "": across 2.5
    """

    code: str
    name: str
    department_code: str
    population: float
    published: float
    estimated: float
    gain: float
    error: float
    passes: str


@dataclass(frozen=True, slots=True)
class TerritoryChange:
    """What an EPCI or a department gets.

    acts       per year, signed, that go to its inhabitants
    share      of all that moves, gained or lost, 0 to 1
    gaining    inhabitants whose access rises; losing: whose access falls
    published, estimated  mean of its standardised inhabitants
    """

    kind: str
    code: str
    name: str
    acts: float
    share: float
    gaining: float
    losing: float
    published: float
    estimated: float
    holds_a_move: bool


@dataclass(frozen=True, slots=True)
class Contribution:
    """One move held against the others.

    acts     per year that it adds for the inhabitants
    alone    inhabitants who pass above 2.5, less those who pass below, with this move alone
    without  the same with all the other moves
    """

    move: PlannedMove
    acts: float
    alone: float
    without: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to a plan.

    touched            rows of the units touched, largest change first, shape (n,)
    gaining, losing    inhabitants whose access rises, falls
    lifted, dropped    inhabitants who pass above, below 2.5; (least, most) within the model's error
    acts               consultations per year, signed, handed out to inhabitants
    """

    store: Store
    plan: Plan
    scenario: Scenario
    touched: IntArray
    gaining: float
    losing: float
    lifted: float
    lifted_range: tuple[float, float]
    lifted_communes: int
    dropped: float
    dropped_range: tuple[float, float]
    dropped_communes: int
    acts: float

    @property
    def published_people(self) -> float:
        """Inhabitants touched for whom DREES publishes a figure."""
        known = ~np.isnan(self.scenario.baseline.published[self.touched])
        return float(self.scenario.baseline.population[self.touched][known].sum())

    def names(self, rows: IntArray) -> list[str]:
        """Return the names of some units."""
        return [str(name) for name in self.store.units["name"][rows]]


def outcome_of(store: Store, plan: Plan) -> Outcome:
    """Return what a plan changes. Raises NotEnoughDataError when the store cannot answer."""
    scenario = what_if(store, plan.inputs)
    start = scenario.baseline
    touched = np.flatnonzero(np.abs(scenario.gain) > _NEGLIGIBLE)
    touched = touched[np.argsort(-np.abs(scenario.gain[touched]), kind="stable")]
    crossing = scenario.crossing(THRESHOLD)
    gain = scenario.gain
    return Outcome(
        store=store,
        plan=plan,
        scenario=scenario,
        touched=touched,
        gaining=float(start.population[gain > _NEGLIGIBLE].sum()),
        losing=float(start.population[gain < -_NEGLIGIBLE].sum()),
        lifted=crossing.people_lifted,
        lifted_range=_range(scenario, touched, upward=True),
        lifted_communes=int(crossing.lifted.size),
        dropped=crossing.people_dropped,
        dropped_range=_range(scenario, touched, upward=False),
        dropped_communes=int(crossing.dropped.size),
        acts=_acts(scenario, scenario.gain),
    )


SORTS: Final = ("gain", "name", "population", "published", "estimated")


def sorted_rows(outcome: Outcome, sort: str) -> IntArray:
    """Return the rows touched in the order of a column: "gain", "-gain"…; missing figures last."""
    key, rows = sort.removeprefix("-"), outcome.touched
    if key == "name":
        order = np.argsort(outcome.store.units["name"][rows].astype(str), kind="stable")
        return rows[order[::-1] if sort.startswith("-") else order]
    start = outcome.scenario.baseline
    column = {
        "gain": outcome.scenario.gain,
        "population": start.population,
        "published": start.published,
        "estimated": outcome.scenario.estimated,
    }[key][rows]
    column = -column if sort.startswith("-") else column
    return rows[np.argsort(np.where(np.isnan(column), np.inf, column), kind="stable")]


def commune_changes(outcome: Outcome, rows: IntArray) -> list[CommuneChange]:
    """Return some of the communes touched, in the order of `rows`."""
    units, found, start = outcome.store.units, outcome.scenario, outcome.scenario.baseline
    before, after = start.published[rows], found.estimated[rows]
    passes = np.where(
        rises(before, after, THRESHOLD),
        "above",
        np.where(falls(before, after, THRESHOLD), "below", ""),
    )
    columns = (
        units["code"][rows].tolist(),
        units["name"][rows].tolist(),
        units["department_code"][rows].tolist(),
        start.population[rows].tolist(),
        before.tolist(),
        after.tolist(),
        found.gain[rows].tolist(),
        found.error[rows].tolist(),
        passes.tolist(),
    )
    return [CommuneChange(*row) for row in zip(*columns, strict=True)]


def territory_changes(outcome: Outcome, kind: str, *, most: int = 8) -> list[TerritoryChange]:
    """Return the territories of a kind that change most, gains and losses together, most first."""
    store, found, start = outcome.store, outcome.scenario, outcome.scenario.baseline
    members = store.membership(kind)
    group = members.group[outcome.touched]
    inside = outcome.touched[group >= 0]
    group = group[group >= 0]
    moved = found.gain[inside] * start.standardised_population[inside]
    acts = np.bincount(group, moved, len(members))
    turnover = np.bincount(group, np.abs(moved), len(members))
    largest = np.argsort(-turnover, kind="stable")[:most]
    here = _groups_of_moves(store, outcome.plan, kind)
    total = _acts(found, np.abs(found.gain))
    changes = []
    for row in largest[turnover[largest] > 0].tolist():
        code = str(members.codes[row])
        rows = members.rows(code)
        people, gain = start.population[rows], found.gain[rows]
        changes.append(
            TerritoryChange(
                kind=kind,
                code=code,
                name=store.territory_name(kind, code),
                acts=float(acts[row]),
                share=float(turnover[row]) / total,
                gaining=float(people[gain > _NEGLIGIBLE].sum()),
                losing=float(people[gain < -_NEGLIGIBLE].sum()),
                published=_mean(start.published[rows], start.standardised_population[rows]),
                estimated=_mean(found.estimated[rows], start.standardised_population[rows]),
                holds_a_move=row in here,
            )
        )
    return changes


def contributions(outcome: Outcome) -> list[Contribution]:
    """Return what each move brings, alone and beside the others; [] for one move or too many.

    Gains add up, crossings of a threshold do not: two moves may lift together a commune that
    neither lifts alone.
    """
    moves = outcome.plan.moves
    if not 2 <= len(moves) <= MOST_COMPARED:
        return []
    rows = outcome.touched
    whole = outcome.scenario.gain[rows]
    found = []
    for planned in moves:
        own = what_if(outcome.store, [planned.move]).gain
        found.append(
            Contribution(
                planned,
                _acts(outcome.scenario, own),
                _net_lifted(outcome, rows, own[rows]),
                _net_lifted(outcome, rows, whole - own[rows]),
            )
        )
    return found


def net_lifted(outcome: Outcome) -> float:
    """Return the inhabitants who pass above 2.5, less those who pass below."""
    return outcome.lifted - outcome.dropped


def published_at(store: Store, code: str) -> tuple[float, float]:
    """Return the published access and the population of a commune; nan when not published."""
    start = baseline(store)
    rows = store.rows_of_codes([code])
    weight = start.standardised_population[rows]
    return _mean(start.published[rows], weight), float(start.population[rows].sum())


def _acts(scenario: Scenario, gain: FloatArray) -> float:
    """Return acts per year handed out; a plain sum, BLAS threads cost more than they bring here."""
    return float((gain * scenario.baseline.standardised_population).sum())


def _net_lifted(outcome: Outcome, rows: IntArray, gain: FloatArray) -> float:
    start = outcome.scenario.baseline
    before, people = start.published[rows], start.population[rows]
    after = before + gain
    lifted = people[rises(before, after, THRESHOLD)].sum()
    return float(lifted - people[falls(before, after, THRESHOLD)].sum())


def _range(scenario: Scenario, rows: IntArray, *, upward: bool) -> tuple[float, float]:
    """Return the people who cross 2.5 when every gain is one standard deviation lower, higher."""
    start = scenario.baseline
    before, people = start.published[rows], start.population[rows]
    counts = []
    for side in (-1.0, 1.0):
        after = before + scenario.gain[rows] + side * scenario.error[rows]
        crosses = rises if upward else falls
        counts.append(float(people[crosses(before, after, THRESHOLD)].sum()))
    return min(counts), max(counts)


def _groups_of_moves(store: Store, plan: Plan, kind: str) -> set[int]:
    codes = sorted({planned.move.code for planned in plan.moves})
    return (
        set(store.membership(kind).group[store.rows_of_codes(codes)].tolist()) if codes else set()
    )


def _mean(values: FloatArray, weight: FloatArray) -> float:
    known = ~np.isnan(values) & (weight > 0)
    total = float(weight[known].sum())
    return float((values[known] * weight[known]).sum()) / total if total else float("nan")
