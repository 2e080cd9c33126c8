"""The records most like a sheet: candidates by shared keys, rare ones first, then compared."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from maillage.web.register.content.fields import Content
from maillage.web.register.duplicates.blocks import compared, fingerprint_of
from maillage.web.register.duplicates.likeness import (
    LEAST_LIKENESS,
    Fingerprint,
    Rarity,
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
    counts = _counts(asked)
    rarity = _rarity(counts)
    candidates = compared().visible_to(reader).filter(pk__in=_candidates(counts, but))
    found = [
        Suggestion(one, likeness(asked, fingerprint_of(one), rarity=rarity)) for one in candidates
    ]
    alike = [one for one in found if one.likeness >= LEAST_LIKENESS]
    alike.sort(key=lambda one: (-one.likeness, one.initiative.pk))
    return alike[:limit]


def _counts(asked: Fingerprint) -> dict[str, int]:
    """Return in how many records each key of a sheet is; keys of none are left out."""
    shared = Block.objects.filter(key__in=sorted(keys_of(asked)))
    return dict(shared.values_list("key").annotate(n=Count("pk")).order_by())


def _rarity(counts: Mapping[str, int]) -> Rarity:
    """Return how much the words of a sheet tell, from the number of records that have them.

    The commonest word stands for the size of the register. What only the other sheet says is taken
    for neither rare nor common: counting every word of every candidate would take longer.
    """
    of_stem: dict[str, int] = {}
    for key, n in counts.items():
        kind, _, stem = key.partition(":")
        if kind != "p":
            of_stem[stem] = max(n, of_stem.get(stem, 0))
    most = max(of_stem.values(), default=0) + 1
    weights = {stem: math.log(1 + most / (n + 0.5)) for stem, n in of_stem.items()}
    usual = sum(weights.values()) / len(weights) if weights else 1.0
    return Rarity(weights, usual)


def _candidates(counts: Mapping[str, int], but: int | None) -> list[int]:
    """Return the records that share the most telling keys, at most CANDIDATES."""
    telling = {key: n for key, n in counts.items() if n <= _MOST_SHARED}
    points: dict[int, float] = defaultdict(float)
    for pk, key in Block.objects.filter(key__in=telling).values_list("initiative_id", "key"):
        points[pk] += 1 / math.sqrt(telling[key])
    points.pop(but or 0, None)
    return sorted(points, key=lambda pk: (-points[pk], pk))[:CANDIDATES]
