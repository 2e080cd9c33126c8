"""The legend of an indicator: its classes, how they were made, unit, year, source."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from maillage.studies.classes import classes_of
from maillage.studies.findings import source_told
from maillage.studies.indicators import Indicator
from maillage.studies.store import Store
from maillage.web.atlas.map.values import class_by_unit

PALETTE_SIZES: Final = {
    "sequential": range(2, 8),
    "diverging": (3, 5, 7),
    "categorical": range(2, 6),
}
"""Numbers of classes that front/scss/map.scss has colours for."""


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One class: its rank, its colour class in the style sheet, its words, how many communes."""

    rank: int
    swatch: str
    label: str
    communes: int


@dataclass(frozen=True, slots=True)
class Legend:
    """What must be read beside a map.

    rows      classes, in the order of their rank
    missing   communes without a figure
    """

    item: Indicator
    rows: tuple[LegendRow, ...]
    missing: int
    how: str
    source: str


def legend_of(store: Store, item: Indicator) -> Legend:
    """Return the legend of an indicator over the whole store, made once per version."""
    return store.cached(("legend", item.id), lambda: _legend(store, item))


def _legend(store: Store, item: Indicator) -> Legend:
    classes = class_by_unit(store, item)
    if item.is_class:
        words = tuple(label.label for label in item.classes)
        how = item.breaks_reason
    else:
        found = classes_of(store, item)
        words, how = found.labels, found.how
    known = classes >= 0
    counts = np.bincount(classes[known], minlength=len(words))
    rows = tuple(
        LegendRow(rank, swatch(item, rank, len(words)), label, int(counts[rank]))
        for rank, label in enumerate(words)
    )
    return Legend(item, rows, int((~known).sum()), how, source_told(store, item))


def swatch(item: Indicator, rank: int, n_classes: int) -> str:
    """Return the name of a class's colour in the style sheet: "sequential-6-0"…

    Colour 0 is the darkest on white: the least favourable figure, or the highest where neither
    end is better. A zoning's classes keep the order of its file.
    """
    size = _size(item.palette, n_classes)
    at = rank * (size - 1) // max(n_classes - 1, 1)
    high_first = item.palette != "categorical" and item.direction != "higher_is_better"
    return f"{item.palette}-{size}-{size - 1 - at if high_first else at}"


def _size(palette: str, n_classes: int) -> int:
    sizes = PALETTE_SIZES[palette]
    return next((size for size in sizes if size >= n_classes), max(sizes))
