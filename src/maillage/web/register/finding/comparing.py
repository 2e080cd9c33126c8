"""Two to four initiatives side by side, and initiatives along the years."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.web.register.finding.asking import answer
from maillage.web.register.finding.criteria import read_criteria
from maillage.web.register.finding.presenting import places_of
from maillage.web.register.finding.records import READ_FOR_RECORDS
from maillage.web.register.finding.views import frame_of
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import FACET_CHOICES

FEWEST, MOST = 2, 4
PER_TIMELINE: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: what each initiative says; `differs` when they do not agree."""

    label: str
    cells: tuple[str, ...]
    differs: bool


@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """Set initiatives side by side: `?i=` their public ids, two to four of them."""
    asked = list(dict.fromkeys(request.GET.getlist("i")))[:MOST]
    known = {
        each.public_id: each
        for each in Initiative.objects.public()
        .filter(public_id__in=asked)
        .prefetch_related(*READ_FOR_RECORDS)
    }
    initiatives = [known[name] for name in asked if name in known]
    context = {
        "initiatives": initiatives,
        "rows": rows_of(initiatives) if len(initiatives) >= FEWEST else [],
        "missing": len(asked) - len(initiatives),
        "most": MOST,
    }
    return render(request, "register/finding/compare.html", context)


def rows_of(initiatives: Sequence[Initiative]) -> list[Row]:
    """Return the lines that at least one initiative fills."""
    found = []
    for label, read in _lines():
        cells = tuple(read(each) for each in initiatives)
        if any(cells):
            found.append(Row(label, cells, len(set(cells)) > 1))
    return found


def _lines() -> Iterable[tuple[str, Callable[[Initiative], str]]]:
    yield "En une phrase", lambda each: each.promise
    yield "Territoires", lambda each: places_of(each, most=20)
    yield "Porteurs", lambda each: _listed(holder.name for holder in each.holders.all())
    yield "Avancement", lambda each: str(each.get_stage_display())
    yield "Années", _years
    for facet in FACET_CHOICES:
        yield str(facet.label), lambda each, facet=facet: _listed(each.labels(facet))
    yield "Financement", _funding
    yield "Chiffres", lambda each: "\n".join(str(figure) for figure in each.figures.all())
    yield "Résultats", lambda each: each.results
    yield "Écueils", lambda each: each.pitfalls
    yield "Leviers", lambda each: each.levers
    yield "Transférabilité", _transferability
    yield "Niveau de preuve", lambda each: str(each.get_evidence_level_display())


def _listed(words: Iterable[str]) -> str:
    return "\n".join(words)


def _transferability(initiative: Initiative) -> str:
    return str(initiative.get_transferability_display()) if initiative.transferability else ""


def _years(initiative: Initiative) -> str:
    start, end = initiative.start_year, initiative.end_year
    if start and end:
        return f"{start} à {end}"
    return f"depuis {start}" if start else ""


def _funding(initiative: Initiative) -> str:
    lines = []
    for line in initiative.budget_lines.all():
        euros = line.amount_eur
        amount = "" if euros is None else f" : {euros:,.0f} €".replace(",", "\u202f")
        year = f" ({line.year})" if line.year else ""
        lines.append(f"{line.funder}{year}{amount}")
    return "\n".join(lines)


@require_safe
def timeline_page(request: HttpRequest) -> HttpResponse:
    """Show the initiatives year of launch by year of launch, the latest first."""
    found = answer(read_criteria(request.GET))
    dated = found.selection.snapshot.along_years(found.selection.mask()).tolist()
    rows = found.found.read(dated[:PER_TIMELINE], details=("territories",))
    years = [
        (year, [(one, places_of(one)) for one in ones])
        for year, ones in groupby(rows, lambda row: row.start_year)
    ]
    context = frame_of(found) | {
        "years": years,
        "n_left_out": len(dated[PER_TIMELINE:]),
        "n_undated": len(found.found) - len(dated),
    }
    return render(request, "register/finding/timeline.html", context)
