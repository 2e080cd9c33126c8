"""What if: moves on communes, on top of the published APL, and the best places for new doctors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from maillage.core.errors import CancelledError, InputError, NotEnoughDataError
from maillage.engines.accessibility.decay import StepDecay
from maillage.engines.accessibility.moves import (
    ACTS_PER_DAY,
    ACTS_PER_FTE,
    WEEKS_PER_YEAR,
    BusDay,
    Doctors,
    HealthHouse,
    Move,
    Retirements,
    SalariedCentre,
    TeleconsultationCabin,
)
from maillage.engines.accessibility.placement import Placement, best_sites
from maillage.engines.accessibility.scenario import (
    CROW_FLY_ERROR,
    Baseline,
    Scenario,
    simulate,
)
from maillage.studies.figures import as_told
from maillage.studies.indicators import indicator
from maillage.studies.store.reading import Store
from maillage.studies.store.tables import IntArray

MOST_MOVES: Final = 200
MOST_DOCTORS: Final = 500.0
THRESHOLD: Final = 2.5
CABIN_REACH_MIN: Final = 10.0
_SHOWN_COMMUNES: Final = 400
# Measured for crow-fly minutes (docs/methods/what-if.md); prudent where a table gives the times.
MODEL_ERROR: Final = CROW_FLY_ERROR

MOVE_KINDS: Final = {
    "gp": "Médecins généralistes qui s'installent (ou partent, si négatif)",
    "house": "Maison de santé : nouveaux médecins",
    "centre": "Centre de santé : médecins salariés",
    "bus": "Bus de consultation : jours par semaine",
    "cabin": "Cabine de téléconsultation : actes par an",
    "retire": "Départs de médecins de plus de 65 ans : part non remplacée (0 à 1)",
}


@dataclass(frozen=True, slots=True)
class MoveInput:
    """One move, as a person writes it.

    kind     one of MOVE_KINDS
    code     commune where it happens (for "retire": whose inhabitants lose their doctors)
    count    doctors, days a week, acts a year, or share not replaced, according to the kind
    acts     acts a year per doctor (per day for a bus); 0 means the reviewed default
    counted  share of téléconsultations that stands for a consultation (cabin only)
    """

    kind: str
    code: str
    count: float
    acts: float = 0.0
    counted: float = 0.5

    def __post_init__(self) -> None:
        if self.kind not in MOVE_KINDS:
            raise InputError(
                f"{self.kind!r} is not a move: expected one of {sorted(MOVE_KINDS)}.",
                french=f"geste inconnu ; gestes possibles : {', '.join(sorted(MOVE_KINDS))}.",
            )
        if not np.isfinite(self.count) or not np.isfinite(self.acts):
            raise InputError(
                f"A move at {self.code}: its numbers must be finite.",
                french=f"les nombres du geste en {self.code} ne sont pas finis.",
            )
        if abs(self.count) > (1e6 if self.kind == "cabin" else MOST_DOCTORS):
            raise InputError(
                f"A move at {self.code} counts {self.count:g}: at most {MOST_DOCTORS:g}.",
                french=f"le nombre du geste en {self.code} est trop grand.",
            )
        if self.kind != "gp" and self.count < 0:
            raise InputError(
                f"A move at {self.code} counts {self.count:g}: expected 0 or more.",
                french=f"le nombre du geste en {self.code} est négatif.",
            )


def baseline(store: Store) -> Baseline:
    """Return today's published access, ready for scenarios; made once per version.

    Raises NotEnoughDataError when the store has no prepared catchment or no APL.
    """
    if not store.has("apl_gp"):
        raise NotEnoughDataError(
            "This store has no published APL: nothing can be simulated.",
            french="l’APL publiée n’est pas dans les données chargées.",
        )
    return store.cached("baseline", lambda: _baseline(store))


def what_if(store: Store, moves: Sequence[MoveInput]) -> Scenario:
    """Return what moves do to access, on the whole nation; arrays by unit.

    Raises InputError when a commune is unknown or there are too many moves.
    """
    if len(moves) > MOST_MOVES:
        raise InputError(
            f"{len(moves)} moves: at most {MOST_MOVES} in one scenario.",
            french=f"{len(moves)} gestes : un scénario en compte au plus {MOST_MOVES}.",
        )
    return simulate(baseline(store), [one for move in moves for one in engine_moves(store, move)])


def best_places(
    store: Store,
    candidates: IntArray,
    *,
    k: int,
    acts: float = ACTS_PER_FTE,
    most_per_place: int = 1,
    stop: Callable[[], bool] = lambda: False,
) -> Placement:
    """Return the k candidate units where one more doctor each helps most people below 2.5.

    Raises CancelledError when `stop` says so before the search has ended.
    """
    found = best_sites(
        baseline(store),
        candidates=candidates,
        k=k,
        threshold=THRESHOLD,
        acts=acts,
        most_per_site=most_per_place,
        stop=lambda work, chosen: stop(),
    )
    if stop():
        raise CancelledError("The search for the best places was stopped.")
    return found


def engine_moves(store: Store, move: MoveInput) -> list[Move]:
    """Return a move as the engine takes it; in a city, shared evenly by its arrondissements."""
    rows = [int(row) for row in store.rows_of_codes([move.code])]
    if move.kind == "retire":
        return [Retirements(np.array(rows), move.count)]
    if move.kind == "bus":
        day = move.acts or ACTS_PER_DAY
        return [BusDay(tuple(rows), move.count, acts_per_day=day, weeks_per_year=WEEKS_PER_YEAR)]
    each = move.count / len(rows)
    acts = move.acts or ACTS_PER_FTE
    return [_at_one_site(move, row, each, acts) for row in rows]


def _at_one_site(move: MoveInput, row: int, each: float, acts: float) -> Move:
    if move.kind == "gp":
        return Doctors(row, each, acts_per_fte=acts)
    if move.kind == "house":
        return HealthHouse(row, each, acts_per_fte=acts)
    if move.kind == "centre":
        return SalariedCentre(row, each, acts)
    near = StepDecay((CABIN_REACH_MIN,), (1.0,))
    return TeleconsultationCabin(row, each, move.counted, near)


def _baseline(store: Store) -> Baseline:
    people = np.nan_to_num(store.units["population"])
    standardised = store.indicator("standardised_population")
    return Baseline(
        catchment=store.catchment,
        published=store.indicator("apl_gp"),
        published_younger=store.indicator("apl_gp_65"),
        standardised_population=np.where(np.isnan(standardised), people, standardised),
        population=people,
        error=MODEL_ERROR,
    )


def scenario_report(store: Store, moves: Sequence[MoveInput]) -> dict[str, Any]:
    """Return a scenario as plain JSON: each commune touched, who passes 2.5, acts, warnings."""
    found = what_if(store, moves)
    crossing = found.crossing(THRESHOLD)
    touched = np.flatnonzero(found.gain != 0)
    order = touched[np.argsort(-np.abs(found.gain[touched]), kind="stable")]
    item = as_told(store, indicator("apl_gp"))
    return {
        "store_version": store.version,
        "threshold": THRESHOLD,
        "unit": item.unit,
        "published_year": item.year,
        "model_error": {"relative": MODEL_ERROR.relative, "source": MODEL_ERROR.source},
        "acts_changed": found.acts_changed,
        "communes_touched": int(touched.size),
        "communes_lifted": int(crossing.lifted.size),
        "communes_dropped": int(crossing.dropped.size),
        "people_lifted": round(crossing.people_lifted),
        "people_dropped": round(crossing.people_dropped),
        "clipped": _codes(store, found.clipped),
        "without_published_figure": _codes(store, found.unknown),
        "unreached": _codes(store, found.unreached),
        "communes": [_commune_row(store, found, int(row)) for row in order[:_SHOWN_COMMUNES]],
    }


def placement_report(store: Store, found: Placement) -> dict[str, Any]:
    """Return a placement as plain JSON, places in the order of choice."""
    return {
        "store_version": store.version,
        "threshold": THRESHOLD,
        "proven_share": found.proven_share,
        "people_lifted": round(found.people_lifted),
        "complete": found.complete,
        "shortfall_before": found.before,
        "shortfall_removed": found.removed,
        "places": [
            {
                "code": str(store.units["code"][row]),
                "name": str(store.units["name"][row]),
                "shortfall_removed": float(gain),
            }
            for row, gain in zip(found.sites.tolist(), found.gains.tolist(), strict=True)
        ],
    }


def _codes(store: Store, rows: IntArray) -> list[str]:
    return [str(code) for code in store.units["code"][rows][:_SHOWN_COMMUNES]]


def _commune_row(store: Store, found: Scenario, row: int) -> Mapping[str, Any]:
    return {
        "code": str(store.units["code"][row]),
        "name": str(store.units["name"][row]),
        "population": round(float(found.baseline.population[row])),
        "published": _or_none(found.baseline.published[row]),
        "estimated": _or_none(found.estimated[row]),
        "gain": float(found.gain[row]),
        "error": float(found.error[row]),
    }


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
