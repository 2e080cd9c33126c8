"""What of an initiative is searched: three fields, the title counting most."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from maillage.web.register.models import Initiative

FIELD_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {"title": 4.0, "head": 2.0, "body": 1.0}
)
"""Field → how much a word counts there; the order is that of the packed index."""

READ_FOR_SEARCH: Final = ("territories", "holders", "partners", "tags", "budget_lines")


def searched_texts(initiative: Initiative) -> dict[str, str]:
    """Return the text of each field of `FIELD_WEIGHTS`; details should be prefetched."""
    tags = [tag.label for tag in initiative.tags.all()]
    holders = [holder.name for holder in initiative.holders.all()]
    territories = [territory.name for territory in initiative.territories.all()]
    funders = [line.funder for line in initiative.budget_lines.all()]
    partners = [f"{each.name} {each.role}" for each in initiative.partners.all()]
    head = [initiative.promise, initiative.place_note, *holders, *territories, *tags]
    body = [
        initiative.description,
        initiative.scheme_note,
        initiative.results,
        initiative.pitfalls,
        initiative.levers,
        initiative.transferability_note,
        initiative.evaluation_summary,
        initiative.staff_note,
        *partners,
        *funders,
    ]
    return {"title": initiative.title, "head": _joined(head), "body": _joined(body)}


def _joined(texts: list[str]) -> str:
    """Return texts one under the other: no phrase is read across two of them."""
    return "\n".join(text for text in texts if text)
