"""Pages of the guide, and of the methods behind the figures."""

from itertools import chain

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.web.ui.documents.shelves import (
    FIRST_PAGE,
    GUIDE,
    METHODS,
    Entry,
    guide_chapters,
    method_chapters,
    page,
)


@require_safe
def guide(request: HttpRequest, name: str = FIRST_PAGE) -> HttpResponse:
    """Show a page of the guide, with the table of contents, the page before and the page after."""
    found = page(GUIDE, name)
    if found is None:
        raise Http404
    chapters = guide_chapters()
    before, after = _neighbours(list(chain(*(chapter.entries for chapter in chapters))), name)
    context = {
        "page": found,
        "name": name,
        "is_first": name == FIRST_PAGE,
        "chapters": chapters,
        "before": before,
        "after": after,
    }
    return render(request, "ui/documents/guide.html", context)


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """List the method pages."""
    return render(request, "ui/documents/methods.html", {"chapters": method_chapters()})


@require_safe
def method(request: HttpRequest, name: str) -> HttpResponse:
    """Show how a figure or a computation is made; in English, for those who check or redo it."""
    found = page(METHODS, name)
    if found is None:
        raise Http404
    return render(request, "ui/documents/method.html", {"page": found})


def _neighbours(entries: list[Entry], name: str) -> tuple[Entry | None, Entry | None]:
    names = [entry.name for entry in entries]
    if name not in names:
        return None, entries[0] if name == FIRST_PAGE and entries else None
    rank = names.index(name)
    return entries[rank - 1] if rank else None, entries[rank + 1] if rank + 1 < len(names) else None
