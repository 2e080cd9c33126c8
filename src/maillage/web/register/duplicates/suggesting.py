"""The records most like a sheet: candidates by shared keys, rare ones first, then compared."""

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from maillage.web.register.content.fields import Content
from maillage.web.register.duplicates.blocks import compared, fingerprint_of
from maillage.web.register.duplicates.likeness import (
    LEAST_LIKENESS,
    Fingerprint,
    fingerprint,
    keys_of,
    likeness,
)
from maillage.web.register.models import Block, Initiative

SUGGESTED: Final = 3
CANDIDATES: Final = 60
_MOST_SHARED: Final = 400
"""A key that more records than this have tells nothing: it brings nobody together."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record that may be the same, and how much it is alike, from 0 to 1."""

    initiative: Initiative
    likeness: float


def likely_duplicates(
    content: Content, *, but: int | None = None, limit: int = SUGGESTED, reader: Any = None
) -> list[Suggestion]:
    """Return the records most like a sheet, the most alike first, at most `limit`.

    but     the number of the record that the sheet is, not to be compared with itself
    reader  the account that will read the answer: what it may not see is left out
    """
    asked = fingerprint(
        title=content["title"],
        promise=content["promise"],
        holders=[holder["name"] for holder in content["holders"]],
        places=content["territories"],
        place_note=content["place_note"],
    )
    candidates = compared().visible_to(reader).filter(pk__in=_candidates(asked, but))
    found = [Suggestion(one, likeness(asked, fingerprint_of(one))) for one in candidates]
    alike = [one for one in found if one.likeness >= LEAST_LIKENESS]
    alike.sort(key=lambda one: (-one.likeness, one.initiative.pk))
    return alike[:limit]


def _candidates(asked: Fingerprint, but: int | None) -> list[int]:
    """Return the records that share the most telling keys, at most CANDIDATES."""
    keys = sorted(keys_of(asked))
    counts = dict(
        Block.objects.filter(key__in=keys).values_list("key").annotate(n=Count("pk")).order_by()
    )
    telling = {key: n for key, n in counts.items() if n <= _MOST_SHARED}
    points: dict[int, float] = defaultdict(float)
    for pk, key in Block.objects.filter(key__in=telling).values_list("initiative_id", "key"):
        points[pk] += 1 / math.sqrt(telling[key])
    points.pop(but or 0, None)
    return sorted(points, key=lambda pk: (-points[pk], pk))[:CANDIDATES]
