"""Cut a list into pages, with the page numbers that a reader needs."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


class Slices(Protocol):
    """What is read by slices alone."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: slice, /) -> Sequence[Any]: ...


def paginate(
    request: HttpRequest, items: QuerySet[Any] | Slices, *, per_page: int = 50
) -> Page[Any]:
    """Return the page that `?page=` asks for, the first or last when it is out of bounds.

    Ready for `ui/components/pagination.html`: `numbers_shown` holds the numbers to link to.
    """
    paginator = Paginator(items, per_page)
    page = paginator.get_page(request.GET.get("page"))
    page.numbers_shown = list(paginator.get_elided_page_range(page.number, on_each_side=1))
    return page


def sort_asked(request: HttpRequest, allowed: Sequence[str], *, default: str) -> str:
    """Return the sort that `?tri=` asks for, "key" or "-key", or `default` for anything else."""
    asked = request.GET.get("tri", "")
    return asked if asked.removeprefix("-") in allowed else default
