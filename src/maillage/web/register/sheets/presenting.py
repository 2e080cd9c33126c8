"""A sheet as its page shows it: only what is told, in the order of the sheet."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from maillage.web.register.content.fields import FIELD_BY_KEY, Content
from maillage.web.register.content.markdown import rendered
from maillage.web.register.models import Figure, Initiative
from maillage.web.register.models.choices import (
    EVALUATION_CRITERIA,
    Criterion,
    CriterionAnswer,
    Facet,
)

_GROUPS: Final = {
    "exclusion": "Critères d’entrée",
    "core": "Critères principaux",
    "qualifier": "Critères qui renforcent",
}
_JSON_ESCAPES: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Prose:
    """A text of the sheet under its heading."""

    id: str
    heading: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """The lines of one year; the total when every line has an amount."""

    year: int | None
    lines: tuple[Any, ...]
    total_eur: Decimal | None


def labels_of(initiative: Initiative) -> list[tuple[str, list[str]]]:
    """Return the words of every facet, by name of facet; facets without word are left out."""
    found = [(str(facet.label), initiative.labels(facet)) for facet in Facet]
    return [(name, words) for name, words in found if words]


def prose_of(initiative: Initiative) -> list[Prose]:
    """Return the texts after the description that are not empty."""
    keys = ("results", "levers", "pitfalls", "transferability_note", "evaluation_summary")
    return [
        Prose(key.replace("_", "-"), FIELD_BY_KEY[key].label, rendered(getattr(initiative, key)))
        for key in keys
        if getattr(initiative, key)
    ]


def budget_of(initiative: Initiative) -> list[BudgetYear]:
    """Return the budget, year by year, the latest first."""
    lines = list(initiative.budget_lines.all())
    years = sorted({line.year for line in lines}, key=lambda year: -(year or 0))
    found = []
    for year in years:
        own = tuple(line for line in lines if line.year == year)
        amounts = [line.amount_eur for line in own]
        total = None if None in amounts else sum(amounts, Decimal(0))
        found.append(BudgetYear(year, own, total))
    return found


def figures_of(initiative: Initiative) -> list[tuple[str, str, str, str]]:
    """Return the figures as label, value with unit, year, source."""
    return [
        (figure.label, _value(figure), str(figure.year or ""), figure.source)
        for figure in initiative.figures.all()
    ]


def evaluation_of(content: Content) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return the answers to the portal's criteria, group by group; groups unanswered left out."""
    answers = {one["criterion"]: one for one in content}
    found = []
    for group, criteria in EVALUATION_CRITERIA.items():
        rows = [
            (
                str(Criterion(criterion).label),
                str(CriterionAnswer(answers[criterion]["answer"]).label),
                answers[criterion]["note"],
            )
            for criterion in criteria
            if criterion in answers
        ]
        if rows:
            found.append((_GROUPS[group], rows))
    return found


def json_for_page(value: Any) -> SafeString:
    """Return JSON that no text can get out of, for a data block of the page."""
    text = json.dumps(value, ensure_ascii=False).translate(_JSON_ESCAPES)
    return mark_safe(text)


def _value(figure: Figure) -> str:
    number = figure.value.normalize()
    decimals = max(0, -int(number.as_tuple().exponent))
    text = f"{number:,.{decimals}f}".replace(",", "\u202f").replace(".", ",").replace("-", "\u2212")
    return f"{text}\u00a0{figure.unit}".strip()
