"""What an organisation has in the register: its records and its imports, and its portals."""

from typing import Final

from maillage.web.accounts.journal.belonging import Belonging, belongs
from maillage.web.accounts.organisations.offered import OfferedPage, offer_page
from maillage.web.accounts.rights import Permission
from maillage.web.register.models import ImportBatch, Initiative

INITIATIVES: Final = Belonging(
    kind="register.initiative",
    words="fiche",
    of=lambda organisation: Initiative.objects.filter(organisation=organisation),
    name=lambda initiative: f"« {initiative.title} »",
)
IMPORTS: Final = Belonging(
    kind="register.importbatch",
    words="import",
    of=lambda organisation: ImportBatch.objects.filter(organisation=organisation),
    name=lambda batch: f"« {batch.file_name} »",
)
PORTALS: Final = OfferedPage("Portails", "register:portals", Permission.EDIT_PORTAL)


def declare() -> None:
    """Tell the accounts, once, from the application's `ready`."""
    belongs(INITIATIVES)
    belongs(IMPORTS)
    offer_page(PORTALS)
