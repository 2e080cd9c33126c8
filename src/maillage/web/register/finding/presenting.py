"""The places of an initiative, and the words of the criteria in force."""

from collections.abc import Sequence
from dataclasses import dataclass

from maillage.web.register.finding.criteria import FILTERS, Criteria, Filter
from maillage.web.register.finding.facets import region_names
from maillage.web.register.models import Initiative
from maillage.web.territories.models import Territory


@dataclass(frozen=True, slots=True)
class Chip:
    """One criterion in force, and the address without it."""

    text: str
    query: str


def places_of(initiative: Initiative, *, most: int = 4) -> str:
    """Return the names of the territories, the first ones and how many more, or its own words."""
    names = [territory.name for territory in initiative.territories.all()]
    return named_places(names, most=most) or initiative.place_note


def named_places(names: Sequence[str], *, most: int = 4) -> str:
    """Return the first names, and how many more there are; "" without any."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" et {more} de plus" if more > 0 else "")


def chips_of(criteria: Criteria) -> list[Chip]:
    """Return the criteria in force, each with the address that lifts it."""
    chips = []
    if criteria.text:
        chips.append(Chip(f"« {criteria.text} »", criteria.without("q").query()))
    for each in FILTERS:
        values = criteria.values.get(each.name, ())
        labels = _labels(each, values)
        for value in values:
            text = f"{each.label} : {labels[value]}"
            chips.append(Chip(text, criteria.without(each.name, value).query()))
    if criteria.territory:
        text = f"Territoire : {territory_name(criteria.territory)}"
        chips.append(Chip(text, criteria.without("territoire").query()))
    years = _years(criteria)
    if years:
        chips.append(Chip(years, criteria.without("annees").query()))
    return chips


def title_of(criteria: Criteria) -> str:
    """Return the criteria in one line, for titles of files, feeds and messages."""
    return " ; ".join(chip.text for chip in chips_of(criteria)) or "toutes les initiatives"


def left_out(criteria: Criteria) -> list[str]:
    """Return the sentence that says what is made nothing of, for files and feeds; none without."""
    told = " ; ".join(each.in_french for each in criteria.unknown)
    return [f"Non compris dans l’adresse, et laissé de côté : {told}."] if told else []


def territory_name(reference: str) -> str:
    """Return the name of the territory of a reference "kind-code", else its code."""
    kind, _, code = reference.partition("-")
    names = Territory.objects.filter(kind=kind, code=code).values_list("name", flat=True)
    return names.first() or code


def _labels(each: Filter, values: Sequence[str]) -> dict[str, str]:
    """Return the words of each value of a filter; those of regions are read once."""
    if each.choices is None:
        names = region_names(values) if values else {}
        return {value: names.get(value, value) for value in values}
    labels = dict(each.choices.choices)
    return {value: str(labels.get(value, "aucune")) for value in values}


def _years(criteria: Criteria) -> str:
    first, last = criteria.first_year, criteria.last_year
    if first is not None and last is not None:
        return f"Lancement : {first} à {last}"
    if first is not None:
        return f"Lancement : depuis {first}"
    return f"Lancement : jusqu’en {last}" if last is not None else ""
