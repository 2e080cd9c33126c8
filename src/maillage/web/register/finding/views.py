"""The list of initiatives: search, filters with their counts, pages. Works without JavaScript."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.web.register.finding.asking import Answer, answer
from maillage.web.register.finding.criteria import Criteria, read_criteria
from maillage.web.register.finding.facets import facets_of
from maillage.web.register.finding.lines import lines_of
from maillage.web.register.finding.presenting import chips_of, title_of
from maillage.web.ui.pages import paginate

PER_PAGE = 20
SORT_LABELS = (
    ("pertinence", "Pertinence"),
    ("recent", "Mise à jour récente"),
    ("titre", "Titre"),
    ("annee", "Année de lancement"),
)


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Show the initiatives that answer, twenty a page, with what else could be asked."""
    found = answer(read_criteria(request.GET))
    page = paginate(request, found.found.numbers, per_page=PER_PAGE)
    context = frame_of(found) | {
        "facets": facets_of(found),
        "page": page,
        "lines": lines_of(page.object_list, found.question.terms),
    }
    return render(request, "register/finding/list.html", context)


def frame_of(found: Answer) -> dict[str, Any]:
    """Return what every page about an answer shows: the criteria, the correction, the count."""
    criteria = found.criteria
    return {
        "criteria": criteria,
        "query": criteria.query(),
        "chips": chips_of(criteria),
        "criteria_title": title_of(criteria),
        "count": len(found.found),
        "sorts": [each for each in SORT_LABELS if criteria.text or each[0] != "pertinence"],
        "question": found.question,
        "as_typed": replace(criteria, exact=True).query(),
        "without_words": criteria.without("q").query(),
        "widen": _without_last_filter(criteria),
    }


def _without_last_filter(criteria: Criteria) -> str:
    """Return the query with the words alone, for an answer that filters made empty."""
    return Criteria(text=criteria.text).query() if criteria.values or criteria.territory else ""
