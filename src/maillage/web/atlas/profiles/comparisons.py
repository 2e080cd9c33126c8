"""The same figures here, around and in territories alike, as rows of a table."""

from dataclasses import dataclass
from math import isnan

import numpy as np

from maillage.studies import figures
from maillage.studies.findings import Finding
from maillage.studies.indicators import Indicator, indicator
from maillage.studies.profile import ProfileReport
from maillage.studies.store import Store
from maillage.web.ui.words import typeset

ALIKE_LABEL = "Territoires semblables (médiane)"


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the table: its words, and one figure per column."""

    title: str
    unit: str
    year: str
    source: str
    modelled: bool
    mine: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """Columns after the territory's own: department, region, nation, territories alike."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def comparison_table(store: Store, report: ProfileReport) -> ComparisonTable:
    """Return every known figure of a territory beside those of the territories around."""
    ordered = sorted(report.findings, key=_by_theme)
    labels = tuple(other.label for other in ordered[0].comparisons) if ordered else ()
    with_alike = bool(report.alike)
    columns = (*labels, ALIKE_LABEL) if with_alike else labels
    return ComparisonTable(
        columns, tuple(_row(store, report, one, with_alike=with_alike) for one in ordered)
    )


def alike_median(store: Store, report: ProfileReport, item: Indicator) -> float:
    """Return the median of a figure over the territories alike; nan when none is known."""
    if not report.alike:
        return float("nan")
    members = store.membership(report.alike_kind)
    found = figures.values_by_territory(store, item, report.alike_kind)
    values = found[[members.index(one.code) for one in report.alike]]
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else float("nan")


def _row(store: Store, report: ProfileReport, finding: Finding, *, with_alike: bool) -> Row:
    item = indicator(finding.indicator_id)
    others = [_written(item, other.value) for other in finding.comparisons]
    if with_alike:
        others.append(_written(item, alike_median(store, report, item)))
    return Row(
        typeset(item.title),
        item.unit,
        typeset(item.year),
        typeset(finding.source),
        item.modelled,
        typeset(finding.written),
        tuple(others),
    )


def _written(item: Indicator, value: float) -> str:
    return "n. d." if isnan(value) else typeset(item.written(value))


def _by_theme(finding: Finding) -> tuple[int, str]:
    themes = ("access", "services", "population", "zoning")
    return themes.index(finding.theme), finding.indicator_id
