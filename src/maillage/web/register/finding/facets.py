"""How many initiatives each value of each filter would leave: exact, whatever else is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from maillage.studies.indicators import french_number
from maillage.web.register.finding.asking import Answer
from maillage.web.register.finding.criteria import FILTERS, Filter
from maillage.web.territories.models import Territory

FIRST_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many initiatives there are with it."""

    value: str
    label: str
    count: int
    chosen: bool

    @property
    def written(self) -> str:
        """The number as the French write it; a template's own filter takes ten times as long."""
        return french_number(self.count, decimals=0)


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """A filter with its values, in the order of the vocabulary; those without answer left out."""

    filter: Filter
    choices: tuple[Choice, ...]

    @property
    def is_used(self) -> bool:
        """Say whether one of its values is asked for."""
        return any(choice.chosen for choice in self.choices)


def facets_of(answer: Answer) -> list[FacetCounts]:
    """Return every filter that has something to offer.

    The count of a value is what one would see with that value beside the others chosen in the
    same filter taken away: any of the values of a filter is enough, so its own choice does not
    count against it.
    """
    selection = answer.selection
    counted = selection.snapshot.counts(selection.mask())
    for name in answer.criteria.values:
        others = selection.snapshot.counts(selection.mask(except_filter=name))
        counted |= {key: count for key, count in others.items() if key[0] == name}
    regions = region_names(value for name, value in counted if name == "region")
    found = []
    for each in FILTERS:
        chosen = answer.criteria.values.get(each.name, ())
        labels = regions if each.choices is None else dict(each.choices.choices)
        counts = {value: counted.get((each.name, value), 0) for value in labels}
        choices = tuple(
            Choice(value, str(label), counts[value], value in chosen)
            for value, label in labels.items()
            if counts[value] or value in chosen
        )
        if choices:
            found.append(FacetCounts(each, choices))
    return found


def within_values(
    facets: Iterable[FacetCounts], kept: Mapping[str, tuple[str, ...]]
) -> list[FacetCounts]:
    """Return what is left to offer where filters are set once for all, as by a portal.

    kept  filter → the values set; one alone leaves nothing to choose, so that its filter goes
    """
    found = []
    for facet in facets:
        values = kept.get(facet.filter.name)
        if values is None:
            found.append(facet)
        elif len(values) > 1:
            choices = tuple(choice for choice in facet.choices if choice.value in values)
            found.append(replace(facet, choices=choices))
    return found


def region_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the name of each region that is known, by code: one query, however many."""
    rows = Territory.objects.filter(kind="region", code__in=list(codes)).order_by("slug")
    return dict(rows.values_list("code", "name"))
