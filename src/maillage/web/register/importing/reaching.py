"""What an importer may write about: the territories that their roles reach."""

from typing import Any

from maillage.web.accounts.rights import Permission
from maillage.web.accounts.scopes import inside, reach_of
from maillage.web.register.content.storing import territories_named
from maillage.web.register.importing.trying import TriedRow
from maillage.web.territories.models import Territory


def within_reach(rows: list[TriedRow], by: Any, *, column: str) -> list[TriedRow]:
    """Add an error to the rows about places outside of the importer's reach.

    A role in an organisation reaches the territories that the organisation covers.

    column  of the file, in which the territories are; "" when it has none
    """
    reach = reach_of(by, Permission.IMPORT)
    if by is None or reach.everywhere:
        return rows
    known = territories_named({one for row in rows for one in row.changes.get("territories", [])})
    covered = Territory.objects.filter(organisations__in=reach.organisation_ids)
    mine = reach.territory_ids | set(covered.values_list("pk", flat=True))
    named = Territory.objects.filter(pk__in=[one.pk for one in known.values()])
    held = set(named.filter(inside(mine)).values_list("pk", flat=True))
    return [_held(row, known, held, column) for row in rows]


def _held(row: TriedRow, known: dict[str, Territory], held: set[int], column: str) -> TriedRow:
    places = row.changes.get("territories", [])
    if places and all(place in known and known[place].pk in held for place in places):
        return row
    error = (column, "Cette ligne n’est pas, ou pas seulement, sur les territoires de votre rôle.")
    return TriedRow(row.key, row.changes, (*row.errors, error))
