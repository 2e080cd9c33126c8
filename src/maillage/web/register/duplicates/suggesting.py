"""The records most like a sheet: candidates by shared keys, rare ones first, then compared."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from maillage.web.register.content.fields import Content
from maillage.web.register.content.storing import territories_named
from maillage.web.register.duplicates.blocks import compared, fingerprint_of, places_around
from maillage.web.register.duplicates.likeness import (
    LIKELY_SAME,
    Fingerprint,
    Rarity,
    fingerprint,
    keys_asked,
    likeness,
)
from maillage.web.register.duplicates.reasons import reasons
from maillage.web.register.models import Block, Initiative

SUGGESTED: Final = 3
CANDIDATES: Final = 60
_MOST_SHARED: Final = 400
"""A key that more records than this have tells nothing: it brings nobody together."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record to read before sending a sheet: how much it is alike, from 0 to 1, and why."""

    initiative: Initiative
    likeness: float
    reasons: tuple[str, ...]

    @property
    def is_likely_same(self) -> bool:
        """Whether it is said to be likely the same initiative, or only a near one."""
        return self.likeness >= LIKELY_SAME


def closest_sheets(
    content: Content, *, but: int | None = None, limit: int = SUGGESTED, reader: Any = None
) -> list[Suggestion]:
    """Return the records most like a sheet, the most alike first, at most `limit`.

    Those that are likely the same come first, then those that are only near, if any room is left.

    but     the number of the record that the sheet is, not to be compared with itself
    reader  the account that will read the answer: what it may not see is left out
    """
    asked = _fingerprint_of_content(content)
    counts = _counts(asked)
    rarity = _rarity(counts)
    candidates = compared().visible_to(reader).filter(pk__in=_candidates(counts, but))
    scored = [(likeness(asked, fingerprint_of(one), rarity=rarity), one) for one in candidates]
    scored.sort(key=lambda pair: (-pair[0], pair[1].pk))
    return [Suggestion(one, score, reasons(asked, one)) for score, one in scored[:limit] if score]


def _fingerprint_of_content(content: Content) -> Fingerprint:
    places = content["territories"]
    return fingerprint(
        title=content["title"],
        promise=content["promise"],
        holders=[holder["name"] for holder in content["holders"]],
        places=places,
        place_note=content["place_note"],
        around=places_around(territories_named(places).values()) if places else (),
    )


def _counts(asked: Fingerprint) -> dict[str, int]:
    """Return in how many records each key of a sheet is; keys of none are left out."""
    shared = Block.objects.filter(key__in=sorted(keys_asked(asked)))
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
