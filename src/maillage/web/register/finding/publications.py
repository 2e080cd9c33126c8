"""In which order initiatives became public, for who is told of the new ones.

A clock cannot say it: what was published at noon may be committed a minute later, after somebody
was told « all until noon ». Numbers are drawn under the lock on the index, which is held until the
end of the transaction: whoever has read up to one of them misses none that is committed later.
"""

from collections.abc import Iterable

from django.db.models import Max

from maillage.web.register.models import Initiative, Publication, SearchState


def note_publications(initiative_ids: Iterable[int]) -> None:
    """Number those of these initiatives that are public for the first time.

    To be called within the transaction that makes them public, once they are in the index.
    """
    new = Initiative.objects.public().filter(pk__in=initiative_ids, publication__isnull=True)
    keys = list(new.order_by("published_at", "pk").values_list("pk", flat=True))
    if keys:
        _hold_index()
        rows = [Publication(initiative_id=key) for key in keys]
        Publication.objects.bulk_create(rows, ignore_conflicts=True)


def last_publication() -> int:
    """Return the number of the last initiative that became public; 0 before the first."""
    found: int | None = Publication.objects.aggregate(last=Max("number"))["last"]
    return found or 0


def _hold_index() -> None:
    """Take the lock that the indexing of what became public has taken already."""
    list(SearchState.objects.select_for_update().filter(pk=1).values_list("pk"))
