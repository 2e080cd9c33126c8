"""What matters in a territory, said in sentences, with figure, year, source and comparisons.

How important a finding is (documented rule, docs/methods/profil.md):

    importance = weight of the indicator x how far from the middle of its peers
               = weight x |2 x (share of peers that do worse) - 1|, from 0 to the weight

The middle half of the peers is context; below it a need, above it a strength. An indicator that
is neither good nor bad is context, and counts half; so is what the coming or going of one doctor
makes by itself, on an island of few people.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from maillage.sources.catalogue import source_named
from maillage.studies import figures
from maillage.studies.french import FrenchName, french_name, is_plural
from maillage.studies.indicators import Indicator, french_number, indicators
from maillage.studies.store.membership import NATION_CODE, sums
from maillage.studies.store.reading import Store
from maillage.studies.store.steps.land import pieces_of_land
from maillage.studies.store.tables import FloatArray, IntArray

Tone = Literal["need", "strength", "context"]

FICTIONAL_SOURCE: Final = "données fictives"
"""What stands for the producer in a store of invented figures: no figure of theirs is in it."""

WEIGHTS: Final = {
    "apl_gp": 3.0,
    "apl_gp_65": 1.0,
    "apl_gp_over_65": 2.5,
    "apl_gp_change": 1.5,
    "gp_per_10000": 1.0,
    "time_emergency_min": 2.0,
    "time_maternity_min": 1.2,
    "time_pharmacy_min": 1.5,
    "share_75_plus": 1.5,
    "share_65_plus": 1.4,
    "share_under_25": 1.0,
    "share_far_proximity": 1.2,
    "share_far_intermediate": 1.0,
    "share_far_superior": 0.8,
    "population": 0.4,
    "population_density": 0.4,
}
_LOW, _HIGH = 0.25, 0.75
_MOVED_BY_ONE_DOCTOR: Final = frozenset({"apl_gp_change", "apl_gp_over_65"})
_PEOPLE_PER_DOCTOR: Final = 5_400
"""Inhabitants of an island below which one doctor more (5,400 consultations a year, as the DREES
counts a newcomer) is more than one consultation a year for each of them."""
_WIDER: Final[dict[str, tuple[str, ...]]] = {"department": ("region",), "region": (), "nation": ()}
_IN_BRACKETS: Final = re.compile(r" \([^)]*\)")
_LEFT_OUT: Final = frozenset({"apl_gp_previous", "apl_gp_65"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same figure elsewhere.

    label        "Pyrénées-Atlantiques", "France"
    favourable   True when this territory does better, None when neither direction is better
    """

    kind: str
    code: str
    label: str
    value: float
    written: str
    favourable: bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know of a territory.

    sentence    to be read aloud, comparison included
    written     the figure in French, without its unit
    tone        need, strength or context
    modelled    our own estimate; its error is in `model_error`
    share_worse  share of the peers that do worse, nan when there are none
    """

    theme: str
    indicator_id: str
    title: str
    sentence: str
    value: float
    written: str
    unit: str
    year: str
    source: str
    tone: Tone
    importance: float
    share_worse: float
    comparisons: tuple[Comparison, ...]
    modelled: bool = False
    model_error: str = ""
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The territory that a profile is about: its units, name, and the level of its peers."""

    kind: str
    code: str
    name: FrenchName
    rows: IntArray
    peer_kind: str


def findings(store: Store, place: Place) -> tuple[Finding, ...]:
    """Return what is known of a territory, most important first."""
    around = _around(store, place)
    found = [
        _finding(store, place, item, around)
        for item in indicators().values()
        if not item.is_class and item.id not in _LEFT_OUT and is_known(store, item)
    ]
    known = [one for one in found if one is not None]
    return tuple(sorted(known, key=lambda one: (-one.importance, one.indicator_id)))


def source_of(item: Indicator) -> str:
    """Return who publishes the data of an indicator, each once: "DREES", "Insee, IGN"."""
    told = ", ".join(_IN_BRACKETS.sub("", source_named(name).producer) for name in item.sources)
    text = ", ".join(dict.fromkeys(told.replace(" et ", ", ").split(", ")))
    return f"modèle Maillage d'après {text}" if item.modelled else text


def source_told(store: Store, item: Indicator) -> str:
    """Return what a page says of where a figure comes from: never a producer if it is invented."""
    return FICTIONAL_SOURCE if store.fictional else source_of(item)


def is_known(store: Store, item: Indicator) -> bool:
    """Say whether the store has anything to make an indicator from, at some level."""
    columns = [item.parts[0] if item.aggregate == "difference" else item.id, item.coarse]
    return any(store.has(name) for name in columns if name)


def _around(store: Store, place: Place) -> list[tuple[str, str, FrenchName]]:
    """Return the department, the region and the nation that hold most of a territory's people.

    A region of one department is told once, and so is a nation of one department: the fictional
    one is never set against France.
    """
    held: list[tuple[str, str, FrenchName]] = []
    size = 0
    for kind in _WIDER.get(place.kind, ("department", "region")):
        code = holding(store, kind, place.rows)
        if store.rows(kind, code).size > max(place.rows.size, size):
            size = store.rows(kind, code).size
            held.append((kind, code, french_name(kind, code, store.territory_name(kind, code))))
    if place.kind != "nation" and store.n_units > max(place.rows.size, size):
        name = store.territory_name("nation", NATION_CODE)
        held.append(("nation", NATION_CODE, french_name("nation", NATION_CODE, name)))
    return held


def holding(store: Store, kind: str, rows: IntArray) -> str:
    """Return the territory of a kind, "department" or "region", where most of the people live."""
    members = store.membership(kind)
    people = np.nan_to_num(store.units["population"][rows]) + 1e-9
    return str(members.codes[np.argmax(sums(members.group[rows], people, len(members)))])


def _finding(
    store: Store, place: Place, item: Indicator, around: list[tuple[str, str, FrenchName]]
) -> Finding | None:
    mine = figures.value(store, item, place.rows)
    if np.isnan(mine):
        return None
    item = figures.as_told(store, item)
    comparisons = tuple(_comparison(store, item, mine, *other) for other in around)
    share_worse = figures.share_of_peers_worse(store, item, place.peer_kind, mine)
    says_little = item.direction == "neutral" or _is_made_by_one_doctor(store, place, item)
    tone = "context" if says_little else _tone(share_worse)
    distance = 0.0 if np.isnan(share_worse) else abs(2 * share_worse - 1)
    return Finding(
        theme=item.theme,
        indicator_id=item.id,
        title=item.title,
        sentence=_sentence(place, item, mine, comparisons, around),
        value=mine,
        written=item.written(mine),
        unit=item.unit,
        year=item.year,
        source=source_told(store, item),
        tone=tone,
        importance=round(WEIGHTS.get(item.id, 0.5) * distance * (0.5 if says_little else 1.0), 3),
        share_worse=share_worse,
        comparisons=comparisons,
        modelled=item.modelled,
        model_error=item.model_error,
        limits=item.limits,
    )


def _is_made_by_one_doctor(store: Store, place: Place, item: Indicator) -> bool:
    """Say whether one doctor who comes or goes makes the figure: on a small island, who else?

    Elsewhere doctors are shared with those around, and a village moves no more than its canton.
    """
    if item.id not in _MOVED_BY_ONE_DOCTOR:
        return False
    return bool(_people_on_the_same_land(store)[place.rows].max() < _PEOPLE_PER_DOCTOR)


def _people_on_the_same_land(store: Store) -> FloatArray:
    """Return the inhabitants that roads join to each unit, shape (n_units,)."""

    def make() -> FloatArray:
        land = pieces_of_land(store.units["code"])
        people: FloatArray = np.zeros(land.max() + 1)
        np.add.at(people, land, np.nan_to_num(store.units["population"]))
        return people[land]

    return store.cached("people on the same land", make)


def _tone(share_worse: float) -> Tone:
    if np.isnan(share_worse):
        return "context"
    if share_worse < _LOW:
        return "need"
    return "strength" if share_worse > _HIGH else "context"


def _comparison(
    store: Store, item: Indicator, mine: float, kind: str, code: str, name: FrenchName
) -> Comparison:
    members = store.membership(kind)
    theirs = float(figures.values_by_territory(store, item, kind)[members.index(code)])
    better = figures.is_favourable(item, mine, theirs)
    return Comparison(kind, code, name.name, theirs, item.written(theirs), better)


def _sentence(
    place: Place,
    item: Indicator,
    mine: float,
    comparisons: tuple[Comparison, ...],
    around: list[tuple[str, str, FrenchName]],
) -> str:
    """Return the sentence of a figure, set against its surroundings where that means something."""
    said = item.sentence(place.name, mine)
    if item.aggregate == "sum" or not comparisons:
        return said
    against = [
        f"{one.written} {name.at}"
        for one, (_, _, name) in zip(comparisons, around, strict=True)
        if not np.isnan(one.value)
    ]
    if not against:
        return said
    listed = " et ".join([", ".join(against[:-1]), against[-1]]) if against[1:] else against[0]
    return f"{said.rstrip('.')}, contre {listed}."


def threshold_sentence(store: Store, place: Place) -> str:
    """Return the sentence on people under the threshold of the APL; "" when nothing is known."""
    item = indicators()["apl_gp"]
    below = figures.people_beyond_threshold(store, item, place.rows)
    if not below.total or item.threshold is None:
        return ""
    bound = french_number(item.threshold, decimals=1)
    people = french_number(below.people, decimals=0)
    share = french_number(below.share * 100, decimals=0)
    if not below.people:
        return (
            f"Aucun habitant {place.name.of} ne vit sous le seuil de {bound} consultations par an."
        )
    if place.rows.size == 1:
        return _commune_below(figures.value(store, item, place.rows), bound, item.threshold)
    who = "habitants" if is_plural(below.people) else "habitant"
    live = "vivent" if is_plural(below.people) else "vit"
    return (
        f"{people} {who} {place.name.of} ({share} %) {live} dans une commune sous le seuil de "
        f"{bound} consultations par an."
    )


def _commune_below(mine: float, bound: str, threshold: float) -> str:
    """Say that a commune is under the threshold, by how little where one decimal hides it."""
    if french_number(mine, decimals=1) != french_number(threshold, decimals=1):
        return f"La commune est sous le seuil de {bound} consultations par an et par habitant."
    exact = french_number(mine, decimals=3).rstrip("0")
    return (
        f"Avec {exact} consultations par an et par habitant, la commune est tout juste sous le "
        f"seuil de {bound}."
    )
