"""The inverse question in words: where would new doctors help most people below 2.5?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from maillage.core.errors import MaillageError
from maillage.engines.accessibility.moves import ACTS_PER_FTE
from maillage.studies.indicators import french_number
from maillage.studies.store import Store
from maillage.web.atlas.scenarios.language import MoveRefused, number, plain_number
from maillage.web.runs.models import Run
from maillage.web.territories.kinds import KIND_BY_NAME, KIND_BY_SLUG
from maillage.web.territories.models import CustomTerritory, territory_url

STUDY: Final = "best_places"
MOST_PLACES: Final = 20
KINDS_OFFERED: Final = ("epci", "department", "region", "living_zone", "employment_zone", "custom")


class TerritoryUnknown(MaillageError):
    """The territory asked for does not exist, or has no communes to choose among."""


@dataclass(frozen=True, slots=True)
class Area:
    """The territory to search in: its name, the study's words for it, how many communes."""

    token: str
    name: str
    kind_label: str
    url: str
    inputs: Mapping[str, Any]
    n_units: int


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """One commune chosen, in words."""

    rank: int
    name: str
    url: str
    doctors: int
    removed: str
    share: str


@dataclass(frozen=True, slots=True)
class SitingAnswer:
    """The answer of a run, in words.

    proven     share of the best possible that is certainly reached: "87 %", rounded down
    removed    consultations a year, of those missing under 2.5, that the places bring
    tokens     moves that try these places in the workshop
    stopped_early  True when no place left would help anybody
    """

    places: tuple[RankedPlace, ...]
    people_lifted: str
    proven: str
    removed: str
    tokens: tuple[str, ...]
    stopped_early: bool


def area_named(store: Store, token: str) -> Area:
    """Return the area that "epci:200067106", or "sur-mesure:…", names. Raises TerritoryUnknown."""
    kind, _, code = token.partition(":")
    kind = KIND_BY_SLUG[kind].name if kind in KIND_BY_SLUG else kind
    if kind == "custom":
        return _custom_area(store, code)
    if kind not in KINDS_OFFERED or code not in store.membership(kind):
        raise TerritoryUnknown(f"{token[:40]!r} is not a territory to search in.")
    return Area(
        token=f"{kind}:{code}",
        name=store.territory_name(kind, code),
        kind_label=KIND_BY_NAME[kind].label,
        url=territory_url(kind, code),
        inputs={"kind": kind, "code": code},
        n_units=int(store.rows(kind, code).size),
    )


def inputs_of(area: Area, *, places: str, acts: str, most: str) -> dict[str, Any]:
    """Return the inputs of the study. Raises MoveRefused, in French, for a wrong figure."""
    k = number(places, what="Le nombre de médecins")
    each = number(acts, what="Le nombre de consultations") if acts.strip() else ACTS_PER_FTE
    per_place = number(most, what="Le nombre de médecins par commune") if most.strip() else 1.0
    if k != int(k) or not 1 <= k <= MOST_PLACES:
        raise MoveRefused(f"Demandez de 1 à {MOST_PLACES} médecins, en nombre entier.")
    if not 100 <= each <= 20_000:
        raise MoveRefused("Un médecin compte de 100 à 20 000 consultations par an.")
    if per_place != int(per_place) or not 1 <= per_place <= 5:
        raise MoveRefused("Une même commune peut recevoir de 1 à 5 médecins.")
    return {
        **area.inputs,
        "k": int(k),
        "acts": float(each),
        "most_per_place": int(per_place),
    }


def area_of_run(store: Store, run: Run) -> str:
    """Return the name of the territory that a run searched, as far as today's data know it."""
    inputs = json.loads(run.inputs)
    if inputs.get("codes"):
        return run.title
    row = (inputs["kind"], inputs["code"])
    return store.territory_name(*row) if row[1] in store.membership(row[0]) else run.title


def answer_of(run: Run) -> SitingAnswer:
    """Return what a finished run found, in words."""
    result, inputs = json.loads(run.result), json.loads(run.inputs)
    total = float(result["shortfall_removed"])
    counts: dict[str, list[Any]] = {}
    for place in result["places"]:
        found = counts.setdefault(place["code"], [place["name"], 0, 0.0])
        found[1] += 1
        found[2] += place["shortfall_removed"]
    places = [
        RankedPlace(
            rank,
            name,
            territory_url("commune", code),
            doctors,
            french_number(removed, decimals=0),
            _pct(removed, total),
        )
        for rank, (code, (name, doctors, removed)) in enumerate(counts.items(), start=1)
    ]
    acts = inputs.get("acts") or ACTS_PER_FTE
    ending = "" if acts == ACTS_PER_FTE else f":{plain_number(acts)}"
    return SitingAnswer(
        places=tuple(places),
        people_lifted=french_number(result["people_lifted"], decimals=0),
        proven=f"{french_number(int(100 * result['proven_share']), decimals=0)} %",
        removed=french_number(total, decimals=0),
        tokens=tuple(f"gp:{code}:{count[1]}{ending}" for code, count in counts.items()),
        stopped_early=not result["complete"],
    )


def _pct(part: float, whole: float) -> str:
    return f"{french_number(100 * part / whole if whole else 0.0, decimals=0)} %"


def _custom_area(store: Store, public_id: str) -> Area:
    custom = CustomTerritory.objects.filter(public_id=public_id).first()
    if custom is None:
        raise TerritoryUnknown(f"{public_id[:20]!r} is not a custom territory.")
    rows = store.rows_of_codes(list(custom.commune_codes))
    return Area(
        token=f"custom:{public_id}",
        name=custom.name,
        kind_label=KIND_BY_NAME["custom"].label,
        url=custom.get_absolute_url(),
        inputs={"codes": list(custom.commune_codes)},
        n_units=int(rows.size),
    )
