"""The charts of a profile, drawn from the rows of the tables that stand beside them."""

from math import isnan

import numpy as np

from maillage.studies import figures
from maillage.studies.classes import classes_of
from maillage.studies.indicators import Indicator, indicator
from maillage.studies.profile import ProfileReport
from maillage.studies.store import Store
from maillage.studies.store.membership import NATION_CODE
from maillage.studies.store.tables import FloatArray
from maillage.studies.zoning import ZoneShare
from maillage.web.atlas.profiles.comparisons import alike_median
from maillage.web.atlas.profiles.subject import Subject
from maillage.web.territories.kinds import KIND_BY_NAME
from maillage.web.ui.charts import Bar, Chart, bar_chart, histogram
from maillage.web.ui.words import number, percent

_STEP = 0.5
_TOP = 8.0
_YEAR = "Situation"


def access_chart(subject: Subject, report: ProfileReport) -> Chart | None:
    """Compare access to general practitioners here, around, and in territories alike."""
    item = figures.told(subject.store, "apl_gp")
    mine = figures.value(subject.store, item, subject.rows)
    if isnan(mine):
        return None
    finding = next(one for one in report.findings if one.indicator_id == item.id)
    bars = [Bar(subject.name, mine, item.written(mine), highlighted=True)]
    bars += [Bar(other.label, other.value, other.written) for other in finding.comparisons]
    if subject.kind == "nation":
        bars += _regions(subject, item)
    alike = alike_median(subject.store, report, item)
    if not isnan(alike):
        bars.append(Bar("Territoires semblables", alike, item.written(alike)))
    return bar_chart(
        bars,
        title=f"Accès aux généralistes, {item.unit}, {item.year}",
        description=" ; ".join(f"{bar.label} : {bar.text}" for bar in bars),
        columns=("Territoire", f"APL {item.year}"),
    )


def years_chart(subject: Subject) -> Chart | None:
    """Show access the year before, today, and without the doctors over 65."""
    store, rows = subject.store, subject.rows
    bars = []
    for name, label in (
        ("apl_gp_previous", "En {year}"),
        ("apl_gp", "En {year}"),
        ("apl_gp_65", "Sans les plus de 65 ans"),
    ):
        item = figures.told(store, name)
        value = figures.value(store, item, rows) if store.has(name) else float("nan")
        text = item.written(value)
        bars.append(Bar(label.format(year=item.year), value, text, highlighted=name == "apl_gp"))
    if isnan(bars[1].value):
        return None
    return bar_chart(
        bars,
        title="Hier, aujourd’hui, et sans les médecins de plus de 65 ans",
        description=" ; ".join(f"{bar.label} : {bar.text}" for bar in bars),
        columns=(_YEAR, indicator("apl_gp").unit.capitalize()),
    )


def people_chart(subject: Subject) -> Chart | None:
    """Share the inhabitants among the classes of access; None for a single commune."""
    store = subject.store
    item = figures.told(store, "apl_gp")
    if subject.rows.size < 2:
        return None
    classes = classes_of(store, item)
    found = classes.index(figures.unit_values(store, item)[subject.rows])
    people = np.nan_to_num(store.units["population"][subject.rows])
    total = people.sum()
    if not total or (found < 0).all():
        return None
    bars = []
    for rank, label in [*enumerate(classes.labels), (-1, "non publié")]:
        count = float(people[found == rank].sum())
        if rank < 0 and not count:
            continue
        text = percent(count / total)
        bars.append(Bar(label.capitalize(), count / total, text, highlighted=_is_below(item, rank)))
    return bar_chart(
        bars,
        title=f"Part des habitants selon l’accès de leur commune, {item.year}",
        description=" ; ".join(f"{bar.label} : {bar.text}" for bar in bars),
        columns=(item.unit.capitalize(), "Part des habitants"),
    )


def place_chart(subject: Subject, report: ProfileReport) -> Chart | None:
    """Count the territories of the same kind by access, with the place of this one."""
    store = subject.store
    item = figures.told(store, "apl_gp")
    kind = "department" if subject.kind == "nation" else report.alike_kind
    mine = figures.value(store, item, subject.rows)
    known = store.cached(("sorted access", kind), lambda: _sorted_figures(store, item, kind))
    if isnan(mine) or known.size < 5:
        return None
    edges = np.arange(0.0, _TOP + _STEP / 2, _STEP)
    counts = np.diff(np.searchsorted(known, [*edges[:-1], np.inf]))
    words = KIND_BY_NAME[kind]
    below = int(np.searchsorted(known, mine))
    name = subject.name if len(subject.name) <= 28 else "Ce territoire"
    return histogram(
        counts.tolist(),
        edges.tolist(),
        marker=min(mine, _TOP - 1e-6),
        marker_label=f"{name} : {item.written(mine)}",
        title=f"Les {number(known.size)} {words.plural} selon leur accès, {item.year}",
        description=(
            f"{number(below)} {words.plural} sur {number(known.size)} ont un accès plus faible. "
            f"La dernière barre réunit les valeurs de {number(_TOP - _STEP, decimals=1)} et plus."
        ),
        columns=(item.unit.capitalize(), f"Nombre de {words.plural}"),
    )


def _sorted_figures(store: Store, item: Indicator, kind: str) -> FloatArray:
    values = figures.values_by_territory(store, item, kind)
    return np.sort(values[~np.isnan(values)])


def zoning_chart(report: ProfileReport) -> Chart | None:
    """Share the inhabitants among the classes of the zoning of doctors."""
    if not report.zoning.available or len(report.zoning.shares) < 2:
        return None
    bars = [
        Bar(_short(share), share.people_share, percent(share.people_share))
        for share in report.zoning.shares
    ]
    return bar_chart(
        bars,
        title=f"Part des habitants par zone, zonage {report.zoning.year}",
        description=" ; ".join(f"{bar.label} : {bar.text}" for bar in bars),
        columns=("Zone", "Part des habitants"),
    )


def _short(share: ZoneShare) -> str:
    """Return a zone's name as short as a chart needs: "ZIP, intervention prioritaire"."""
    words = share.label.removeprefix("Zone d'")
    return words if words == share.label else f"{share.value}, {words}"


def _regions(subject: Subject, item: Indicator) -> list[Bar]:
    """Return the regions by falling figure, those without one last."""
    store = subject.store
    values = figures.values_by_territory(store, item, "region").tolist()
    codes = store.membership("region").codes.tolist()
    found = sorted(zip(values, codes, strict=True), key=lambda one: (isnan(one[0]), -one[0]))
    return [
        Bar(store.territory_name("region", code), value, item.written(value))
        for value, code in found
    ]


def nation_name(subject: Subject) -> str:
    """Return the name of what the data cover: France, or the fictional department."""
    return subject.store.territory_name("nation", NATION_CODE)


def _is_below(item: Indicator, rank: int) -> bool:
    """Say whether a class of fixed bounds is wholly under the threshold."""
    if rank < 0 or item.threshold is None:
        return False
    return rank < len(item.breaks) and item.breaks[rank] <= item.threshold
