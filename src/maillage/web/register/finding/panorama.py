"""The panorama: the study's charts kept alive, each with its table and its file.

The Banque des Territoires counted 167 initiatives once; the same counts are made here at each
visit, over whatever the filters keep.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.web.register.finding.asking import Answer, answer
from maillage.web.register.finding.criteria import read_criteria
from maillage.web.register.finding.facets import facets_of
from maillage.web.register.finding.files import origin_of, site_of
from maillage.web.register.finding.views import frame_of
from maillage.web.register.models.choices import HolderKind
from maillage.web.ui.charts import Bar, Chart, narrow_bar_chart
from maillage.web.ui.spreadsheets import csv_file

OVERSEAS_REGIONS: Final = ("01", "02", "03", "04", "06")
BY_FILTER: Final = MappingProxyType(
    {
        "theme": "Initiatives par thème",
        "region": "Initiatives par région",
        "porteur": "Initiatives par type de porteur",
        "avancement": "Initiatives par avancement",
        "preuve": "Initiatives par niveau de preuve",
        "financeur": "Initiatives par type de financeur",
        "facteur": "Facteurs de réussite cités",
        "besoin": "Besoins d’appui cités",
    }
)
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NamedChart:
    """A chart and the name of its file."""

    name: str
    chart: Chart


@require_safe
def panorama_page(request: HttpRequest) -> HttpResponse:
    """Show every chart of what the filters keep."""
    found = answer(read_criteria(request.GET))
    context = frame_of(found) | {"charts": charts_of(found)}
    return render(request, "register/finding/panorama.html", context)


@require_safe
def chart_csv(request: HttpRequest, name: str) -> HttpResponse:
    """Return the table of one chart."""
    found = answer(read_criteria(request.GET))
    named = next((each for each in charts_of(found) if each.name == name), None)
    if named is None:
        raise Http404(f"There is no chart named {name}.")
    origin = origin_of(found, site_of(request), count=len(found.found))
    text = csv_file(
        [(bar.label, bar.value) for bar in named.chart.bars],
        header=named.chart.columns,
        provenance=[named.chart.title, *origin],
    )
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="panorama-{name}.csv"'
    return response


def charts_of(found: Answer) -> list[NamedChart]:
    """Return the charts that have something to show."""
    total = len(found.found)
    by_filter = _by_filter(found)
    charts = [
        _chart(name, title, by_filter[name], total)
        for name, title in BY_FILTER.items()
        if by_filter.get(name)
    ]
    others: tuple[tuple[str, str, Callable[[Answer], Counts]], ...] = (
        ("annee", "Initiatives par année de lancement", _by_year),
        ("porteurs", "Place des collectivités", _by_part_of_authorities),
        ("etendue", "Initiatives d’un ou de plusieurs territoires", _by_extent),
        ("outre-mer", "Initiatives en outre-mer", _by_shore),
    )
    for name, title, counted in others:
        counts = counted(found)
        if counts and total:
            charts.append(_chart(name, title, counts, total))
    return charts


def _chart(name: str, title: str, counts: Counts, total: int) -> NamedChart:
    bars = [Bar(label, count, _with_share(count, total)) for label, count in counts.items()]
    columns = (title.partition(" par ")[2].capitalize() or "Réponse", "Initiatives")
    description = _most_often(counts, total)
    chart = narrow_bar_chart(bars, title=title, description=description, columns=columns)
    return NamedChart(name, chart)


def _most_often(counts: Counts, total: int) -> str:
    """Say the longest bar in words, or the longest ones when they are equal."""
    most = max(counts.values())
    labels = [label for label, count in counts.items() if count == most]
    if len(labels) == len(counts) > 1:
        return f"Autant de chaque : {most} sur {total}."
    each = " chacun" if len(labels) > 1 else ""
    return f"Le plus souvent : {' ; '.join(labels)}, {most}{each} sur {total}."


def _with_share(count: int, total: int) -> str:
    return f"{count} ({100 * count / total:.0f} %)" if total else str(count)


def _by_filter(found: Answer) -> Mapping[str, Counts]:
    """Count each value of each filter among what answers: unlike facets, the whole of the filters.

    A facet offers the other values of its own filter, which lie outside of what is counted here.
    """
    selection = found.selection
    counted = selection.snapshot.counts(selection.mask())
    return {
        facet.filter.name: _kept(
            (choice.label, counted.get((facet.filter.name, choice.value), 0))
            for choice in facet.choices
        )
        for facet in facets_of(found)
    }


def _by_year(found: Answer) -> Counts:
    rows = found.initiatives.filter(start_year__isnull=False).values_list("start_year")
    counts = dict(rows.annotate(n=Count("pk")).order_by("start_year"))
    if not counts:
        return {}
    first = max(min(counts), max(counts) - 14)
    by_year = {str(year): counts.get(year, 0) for year in range(first, max(counts) + 1)}
    before = sum(count for year, count in counts.items() if year < first)
    return {f"Avant {first}": before, **by_year} if before else by_year


def _by_part_of_authorities(found: Answer) -> Counts:
    """Count the initiatives that local authorities hold, hold with others, or do not hold."""
    authority = Count("holders", filter=Q(holders__kind=HolderKind.LOCAL_AUTHORITY), distinct=True)
    rows = found.initiatives.annotate(mine=authority, all=Count("holders", distinct=True))
    return _kept(
        {
            "Portée par une collectivité": rows.filter(mine__gt=0, all=1).count(),
            "Portée avec une collectivité": rows.filter(mine__gt=0, all__gt=1).count(),
            "Portée par d’autres": rows.filter(mine=0, all__gt=0).count(),
        }.items()
    )


def _by_extent(found: Answer) -> Counts:
    rows = found.initiatives.annotate(n=Count("territories", distinct=True))
    return _kept(
        {
            "Un territoire": rows.filter(n=1).count(),
            "Plusieurs territoires": rows.filter(n__gt=1).count(),
            "Sans territoire officiel": rows.filter(n=0).count(),
        }.items()
    )


def _by_shore(found: Answer) -> Counts:
    """Count the initiatives by shore, those with a foot overseas there; the nation has none."""
    in_region = found.initiatives.filter(territories__region_code__gt="").values("pk").distinct()
    n_in_region = in_region.count()
    overseas = in_region.filter(territories__region_code__in=OVERSEAS_REGIONS).count()
    return _kept(
        [
            ("Outre-mer", overseas),
            ("Hexagone et Corse", n_in_region - overseas),
            ("Sans région", len(found.found) - n_in_region),
        ]
    )


def _kept(counts: Iterable[tuple[str, int]]) -> Counts:
    return {label: count for label, count in counts if count}
