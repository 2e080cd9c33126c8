"""Who is behind the pseudonyms of a journal, for those who may know it."""

from collections.abc import Iterable
from typing import Any, Final

from maillage.web.accounts.journal.models import Identity
from maillage.web.accounts.scopes import held_by

THE_SITE: Final = "le site"
SOMEBODY: Final = "personne hors de l’organisation"


def names_for(reader: Any, *, organisation: Any, pseudonyms: Iterable[str]) -> dict[str, str]:
    """Return pseudonym to name, as `reader` may know them.

    The members of the organisation have their name, which its managers see on its page; others
    and those who left keep their pseudonym, except before a platform administrator.
    """
    asked = set(pseudonyms)
    known = Identity.objects.filter(pseudonym__in=asked - {""}).select_related("user")
    if not held_by(reader).everywhere:
        known = known.filter(user__memberships__organisation=organisation)
    names = {identity.pseudonym: str(identity.user) for identity in known}
    unknown = {each: f"{SOMEBODY} ({each[:8]})" for each in asked}
    return unknown | names | {"": THE_SITE}
