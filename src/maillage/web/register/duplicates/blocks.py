"""Keep the keys of records in step with records."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import connection

from maillage.web.register.duplicates.likeness import Fingerprint, fingerprint, keys_of
from maillage.web.register.models import Block, Initiative
from maillage.web.register.models.choices import State
from maillage.web.register.models.initiative import InitiativeQuerySet
from maillage.web.territories.models import Territory

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
        around=places_around(initiative.territories.all()),
    )


def places_around(territories: Iterable[Territory]) -> frozenset[str]:
    """Return the EPCI and the departments of communes and of EPCI, as "kind:code"."""
    return frozenset(
        f"{kind}:{code}"
        for one in territories
        if one.kind in (Territory.Kind.COMMUNE, Territory.Kind.EPCI)
        for kind, code in (("epci", one.epci_code), ("department", one.department_code))
        if code
    )


def write_blocks(pks: Sequence[int]) -> None:
    """Write the keys of these records again; records out of the comparison have none."""
    Block.objects.filter(initiative__in=pks).delete()
    _insert(
        (initiative.pk, key)
        for initiative in compared().filter(pk__in=pks)
        for key in sorted(keys_of(fingerprint_of(initiative)))
    )


def _insert(rows: Iterable[tuple[int, str]]) -> None:
    """Write rows of keys as plain values.

    There are some fifteen a record, two thirds of all that an import writes: objects and the
    statements that Django makes of them took a third of its time.
    """
    names = [
        connection.ops.quote_name(one) for one in (Block._meta.db_table, "initiative_id", "key")
    ]
    table, *columns = names
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES (%s, %s)",
            list(rows),
        )


def compared() -> InitiativeQuerySet:
    """Return the records that a new sheet is compared with, ready for their fingerprint."""
    return Initiative.objects.filter(state__in=COMPARED).prefetch_related("holders", "territories")
