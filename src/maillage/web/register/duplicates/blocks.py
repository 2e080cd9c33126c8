"""Keep the keys of records in step with records."""

from collections.abc import Sequence
from typing import Final

from maillage.web.register.duplicates.likeness import Fingerprint, fingerprint, keys_of
from maillage.web.register.models import Block, Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.models.initiative import InitiativeQuerySet

COMPARED: Final = (State.SUBMITTED, State.PUBLISHED, State.ARCHIVED)
"""What a new sheet may be a duplicate of: what was sent and not refused."""


def fingerprint_of(initiative: Initiative) -> Fingerprint:
    """Return the fingerprint of a record; ask for `holders` and `territories` beforehand."""
    return fingerprint(
        title=initiative.title,
        promise=initiative.promise,
        holders=[holder.name for holder in initiative.holders.all()],
        places=[f"{one.kind}:{one.code}" for one in initiative.territories.all()],
        place_note=initiative.place_note,
    )


def write_blocks(pks: Sequence[int]) -> None:
    """Write the keys of these records again; records out of the comparison have none."""
    Block.objects.filter(initiative__in=pks).delete()
    rows = [
        Block(initiative=initiative, key=key)
        for initiative in compared().filter(pk__in=pks)
        for key in sorted(keys_of(fingerprint_of(initiative)))
    ]
    Block.objects.bulk_create(rows, batch_size=1_000)


def compared() -> InitiativeQuerySet:
    """Return the records that a new sheet is compared with, ready for their fingerprint."""
    return Initiative.objects.filter(state__in=COMPARED).prefetch_related("holders", "territories")
