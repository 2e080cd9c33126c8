"""What the home page and the page of sources say of the data shown."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from maillage.studies.figures import people_beyond_threshold, told, value
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store

LEADING_INDICATOR = "apl_gp"


@dataclass(frozen=True, slots=True)
class HomeFigure:
    """One figure of the home page, ready for `ui/components/figure_card.html`."""

    label: str
    value: str
    unit: str
    source: str
    year: str


def home_figures(store: Store) -> list[HomeFigure]:
    """Return the figures of the whole of what the store covers, kept per version."""
    return store.cached("home_figures", lambda: _home_figures(store))


def whole_name(store: Store) -> str:
    """Return the name of what the store covers: France, or the fictional department."""
    if store.fictional:
        return store.territory_name("department", str(store.units["department_code"][0]))
    return store.territory_name("nation", "FR")


def _home_figures(store: Store) -> list[HomeFigure]:
    rows = np.arange(store.n_units)
    population = told(store, "population")
    people = HomeFigure(
        "Habitants",
        population.written(value(store, population, rows)),
        "",
        _sources_of(store, population),
        population.year,
    )
    if not store.has(LEADING_INDICATOR):
        return [people]
    apl = told(store, LEADING_INDICATOR)
    below = people_beyond_threshold(store, apl, rows)
    share = f"{below.share * 100:.1f}".replace(".", ",") + "\u202f%"
    source = _sources_of(store, apl)
    return [
        people,
        HomeFigure(apl.short, apl.written(value(store, apl, rows)), apl.unit, source, apl.year),
        HomeFigure("Habitants sous le seuil de 2,5", share, "des habitants", source, apl.year),
    ]


def _sources_of(store: Store, item: Indicator) -> str:
    producers = [
        record.producer for record in store.manifest.sources if record.name in item.sources
    ]
    return ", ".join(dict.fromkeys(producers)) or "Source non renseignée"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One public data set as the page of sources lists it."""

    title: str
    producer: str
    vintage: str
    licence: str
    rows: int
    notes: tuple[str, ...]


def source_rows(manifest: dict[str, Any]) -> list[SourceRow]:
    """Return the data sets that went into a version, by title."""
    rows = [
        SourceRow(
            item["title"],
            item["producer"],
            item["vintage"],
            item["licence"],
            item["rows"],
            tuple(item["notes"]),
        )
        for item in manifest.get("sources", [])
    ]
    return sorted(rows, key=lambda row: row.title)


def age_in_days(built_at: datetime, *, now: datetime) -> int:
    """Return how many days ago a version was built."""
    return (now - built_at).days


def review_is_due(item: Indicator, *, today: date) -> bool:
    """Say whether an indicator should have been read again by now."""
    return item.next_review <= today
