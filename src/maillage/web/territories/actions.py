"""Changes that visitors make to territories."""

from collections.abc import Sequence
from datetime import datetime

from maillage.core.errors import InputError
from maillage.studies.store import Store
from maillage.web.territories.models import CustomTerritory


def save_custom_territory(
    *, name: str, commune_codes: Sequence[str], store: Store, now: datetime
) -> CustomTerritory:
    """Save a list of communes under a name, at an address that cannot be guessed.

    Raises InputError when a code is not a commune of the store, or when there is none.
    """
    if not commune_codes:
        raise InputError("A territory needs at least one commune.")
    store.rows_of_codes(list(commune_codes))
    return CustomTerritory.objects.create(
        name=name,
        commune_codes=sorted(set(commune_codes)),
        cog_year=store.cog_year,
        created_at=now,
    )
