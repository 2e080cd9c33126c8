"""The data store that the site shows, opened once per process and version."""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maillage.core.errors import InputError, MaillageError
from maillage.studies.store import Store, open_store
from maillage.web.territories.models import StoreVersion

logger = logging.getLogger(__name__)

VERSIONS_KEPT_OPEN = 2
"""The active version, and the former one for the requests that began before a switch."""

_opened: dict[Path, Store] = {}
_opening = Lock()


class NoActiveStore(MaillageError):
    """No version of the data is shown yet, or its folder has gone."""


def active_version(request: HttpRequest) -> StoreVersion | None:
    """Return the version shown, asked of the database once per request."""
    if not hasattr(request, "_store_version"):
        request._store_version = _shown().first()  # type: ignore[attr-defined]
    found: StoreVersion | None = request._store_version  # type: ignore[attr-defined]
    return found


def store_of(request: HttpRequest) -> Store:
    """Return the store that this request shows; the same one however often it is asked.

    Raises NoActiveStore, which `NoDataMiddleware` turns into a page that says what to do.
    """
    return _open(active_version(request))


def current_store() -> Store:
    """Return the store shown now, outside of a request (runs, commands). Raises NoActiveStore."""
    return _open(_shown().first())


def store_of_version(version: str) -> Store:
    """Return the store of a version shown now or before. Raises NoActiveStore if it has gone."""
    return _open(StoreVersion.objects.filter(version=version).first())


def _shown() -> "QuerySet[StoreVersion]":
    # The manifest is long, and one page in twenty reads it.
    return StoreVersion.objects.filter(active=True).defer("manifest")


def _open(version: StoreVersion | None) -> Store:
    if version is None:
        raise NoActiveStore("No version of the data is active: run `maillage data build`.")
    folder = version.folder
    with _opening:
        if folder not in _opened:
            try:
                _opened[folder] = open_store(folder)
            except (InputError, OSError) as error:
                raise NoActiveStore(f"The active version cannot be opened: {error}") from error
            for old in list(_opened)[:-VERSIONS_KEPT_OPEN]:
                del _opened[old]
        return _opened[folder]


class NoDataMiddleware:
    """Answer with a page that says what to do when a page needs data and there are none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Take NoActiveStore alone."""
        if not isinstance(exception, NoActiveStore):
            return None
        logger.warning("%s", exception)
        return render(request, "territories/no_data.html", status=503)
