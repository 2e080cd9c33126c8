"""What search engines are told of: public initiatives, open portals, and nothing else."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from maillage.web.register.models import Initiative, Portal
from maillage.web.territories.sitemap import OfferedList


def _initiatives(start: int, stop: int) -> Iterator[tuple[str, datetime | None]]:
    public = Initiative.objects.public().order_by("pk").only("public_id", "slug", "updated_at")
    for each in public[start:stop]:
        yield each.get_absolute_url(), each.updated_at


def _portals(start: int, stop: int) -> Iterator[tuple[str, datetime | None]]:
    for each in Portal.objects.filter(is_open=True).order_by("pk").only("slug")[start:stop]:
        yield each.get_absolute_url(), None


SITEMAPS: Final = (
    OfferedList("initiatives", lambda: Initiative.objects.public().count(), _initiatives),
    OfferedList("portails", lambda: Portal.objects.filter(is_open=True).count(), _portals),
)
