"""What every page says of the data it shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from maillage.web.territories.models import StoreVersion
from maillage.web.territories.store import active_version


@dataclass(frozen=True, slots=True)
class DataNotice:
    """The footer's words on the data, and whether they are invented."""

    version: str
    fictional: bool
    vintage: str
    licence: str
    built_at: datetime


def data_notice(request: HttpRequest) -> dict[str, Any]:
    """Return `data_notice`, None when no data are loaded; asked only by pages that show it."""
    return {"data_notice": SimpleLazyObject(lambda: _notice_of(active_version(request)))}


def _notice_of(version: StoreVersion | None) -> DataNotice | None:
    if version is None:
        return None
    if version.fictional:
        vintage, licence = "département fictif", "inventées pour la démonstration"
    else:
        vintage = f"code officiel géographique {version.cog_year}"
        licence = "fichiers publics, licences par source"
    return DataNotice(version.version, version.fictional, vintage, licence, version.built_at)
