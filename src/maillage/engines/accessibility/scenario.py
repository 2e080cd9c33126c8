"""What if: the published APL, and what a change of supply adds to it.

The APL is linear in supply: acts added at site j are shared among the people who reach it,
ΔA_i = w_ij · ΔS_j / D_j with D_j = Σ_i w_ij · P*_i. So the effect of a move needs neither the
acts of today's doctors nor their ages, which are not public: only travel times and standardised
people. It is exact for the model; the model's own error (travel times) goes along with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from maillage.core.errors import InputError
from maillage.engines.accessibility import arrays
from maillage.engines.accessibility.arrays import BoolArray, FloatArray, Int32Array, IntArray
from maillage.engines.accessibility.catchment import PreparedCatchment
from maillage.engines.accessibility.moves import Move, Retirements, SupplyChange
from maillage.engines.accessibility.threshold import falls, rises


@dataclass(frozen=True, slots=True)
class ModelError:
    """How wrong the gain of a place may be: one standard deviation, as a share of the gain."""

    relative: float
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.relative < np.inf:
            raise InputError(f"relative error is {self.relative}; expected 0 or more.")


# Root mean square over people, gains under METRIC minutes against gains under the crow-fly model
# (bench/whatif.py). Only the error of travel times: acts per doctor and people who change habits
# are not in it.
CROW_FLY_ERROR: Final = ModelError(
    0.37, "Temps estimés à vol d'oiseau contre temps METRIC, échantillon de Gironde"
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Today, as published; arrays by place, shape (n_places,).

    catchment                who reaches which site
    published                APL, acts per year and standardised person; nan where not published
    published_younger        APL of doctors of 65 or less, same unit; nan where not published
    standardised_population  people, weighted by age; weighs means and shares supply
    population               people; counted
    error                    of the gains
    demand_reaching          standardised people who reach each site, shape (n_sites,); worked out
    """

    catchment: PreparedCatchment
    published: FloatArray
    published_younger: FloatArray
    standardised_population: FloatArray
    population: FloatArray
    error: ModelError
    demand_reaching: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        size = self.catchment.n_places
        for name in ("published", "published_younger"):
            object.__setattr__(
                self, name, arrays.numbers(getattr(self, name), name=name, size=size)
            )
        for name in ("standardised_population", "population"):
            checked = arrays.quantity(getattr(self, name), name=name, size=size)
            object.__setattr__(self, name, checked)
        reaching = self.catchment.demand_reaching(self.standardised_population)
        object.__setattr__(self, "demand_reaching", reaching)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Who passes a threshold; places as positions, shape (n,), and their people."""

    lifted: IntArray
    dropped: IntArray
    people_lifted: float
    people_dropped: float


@dataclass(frozen=True, slots=True)
class Benefit:
    """To whom the acts go, inside a territory and in its neighbourhood.

    acts    per year, signed; people who live where access rises, or falls
    """

    acts_inside: float
    acts_outside: float
    people_gaining_inside: float
    people_gaining_outside: float
    people_losing_inside: float
    people_losing_outside: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """The answer to a what-if; arrays by place, shape (n_places,).

    gain          acts per year and standardised person, signed, before any clipping
    error         one standard deviation of the gain, same unit
    estimated     published + gain, never under 0; nan where nothing is published
    clipped       places where more was removed than is published
    unknown       places that gain or lose and have no published figure to add it to
    unreached     sites whose acts nobody reaches: nothing is handed out, shape (n,)
    acts_changed  acts per year added (signed), all moves but retirements
    """

    baseline: Baseline
    gain: FloatArray
    error: FloatArray
    estimated: FloatArray
    clipped: IntArray
    unknown: IntArray
    unreached: IntArray
    acts_changed: float

    def crossing(self, threshold: float) -> Crossing:
        """Return the places that pass from under `threshold` to it or above, and the reverse."""
        before, after = self.baseline.published, self.estimated
        lifted = np.flatnonzero(rises(before, after, threshold))
        dropped = np.flatnonzero(falls(before, after, threshold))
        people = self.baseline.population
        return Crossing(lifted, dropped, float(people[lifted].sum()), float(people[dropped].sum()))

    def benefit(self, inside: BoolArray) -> Benefit:
        """Split acts and people between a territory, `inside`, shape (n_places,), and the rest."""
        if inside.shape != self.gain.shape:
            raise InputError(f"inside has shape {inside.shape}, expected {self.gain.shape}.")
        acts = self.gain * self.baseline.standardised_population
        gaining = np.where(self.gain > 0, self.baseline.population, 0.0)
        losing = np.where(self.gain < 0, self.baseline.population, 0.0)
        split = [
            float(values[side].sum())
            for values in (acts, gaining, losing)
            for side in (inside, ~inside)
        ]
        return Benefit(*split)


def simulate(baseline: Baseline, moves: Sequence[Move]) -> Scenario:
    """Return what a list of moves does to access. Moves add up, in any order.

    Raises InputError for a site that does not exist, a catchment of its own that goes farther
    than the prepared one, or retirements of more than all the doctors of a place.
    """
    size = baseline.catchment.n_places
    gain, spread = np.zeros(size), np.zeros(size)
    unreached: list[int] = []
    changes = [change for move in moves for change in move.changes()]
    for change in changes:
        places, acts_each = effect(baseline, change)
        gain[places] += acts_each
        spread[places] += np.abs(acts_each)
        if not places.size and change.acts:
            unreached.append(change.site)
    gain -= _left_by_retirements(baseline, moves)
    wanted = baseline.published + gain
    return Scenario(
        baseline=baseline,
        gain=gain,
        error=baseline.error.relative * spread,
        estimated=np.maximum(wanted, 0.0),
        clipped=np.flatnonzero(wanted < -1e-12),
        unknown=np.flatnonzero(np.isnan(baseline.published) & (gain != 0)),
        unreached=np.array(unreached, dtype=np.int64),
        acts_changed=sum(change.acts for change in changes),
    )


def effect(baseline: Baseline, change: SupplyChange) -> tuple[Int32Array, FloatArray]:
    """Return the places that a change of supply touches and the access that each gains.

    Both are empty when nobody reaches the site.
    """
    catchment = baseline.catchment
    if not 0 <= change.site < catchment.n_sites:
        raise InputError(
            f"Site {change.site} does not exist; expected 0 to {catchment.n_sites - 1}."
        )
    places, weights, minutes = catchment.served_by(change.site)
    reaching = float(baseline.demand_reaching[change.site])
    if change.decay is not None:
        if change.decay.reach_min > catchment.reach_min:
            raise InputError(
                f"A catchment of {change.decay.reach_min:g} min was asked for; the prepared trips "
                f"stop at {catchment.reach_min:g} min. Ask for less, or prepare longer trips."
            )
        weights = change.decay(minutes)
        reaching = float(weights @ baseline.standardised_population[places])
    if not reaching > 0:
        return places[:0], weights[:0]
    return places, weights * (change.acts / reaching)


def _left_by_retirements(baseline: Baseline, moves: Sequence[Move]) -> FloatArray:
    """Return the access that leaves with doctors over 65 who are not replaced, by place."""
    size = baseline.catchment.n_places
    share = np.zeros(size)
    for move in moves:
        if isinstance(move, Retirements):
            arrays.check_positions(move.places, name="places", below=size)
            share[np.unique(move.places)] += move.not_replaced_share
    if share.max(initial=0.0) > 1 + 1e-12:
        place = int(share.argmax())
        raise InputError(
            f"Place {place} loses {share[place]:.2f} times its doctors over 65; expected at "
            "most 1. Two retirements cover the same place: merge them."
        )
    older = np.maximum(baseline.published - baseline.published_younger, 0.0)
    return np.where(share > 0, share * np.nan_to_num(older), 0.0)
