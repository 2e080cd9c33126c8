"""Answers that never change: compressed once per version, kept by the browser; and byte ranges."""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import brotli
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from maillage.studies.store import Store
from maillage.web.territories.store import NoActiveStore, active_version, store_of, store_of_version

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PIECE_BYTES: Final = 1 << 16
_BEST_BROTLI, _QUICK_BROTLI = 11, 6
_SMALL_ENOUGH_FOR_BEST: Final = 1_000_000


def store_named(request: HttpRequest, version: str) -> Store:
    """Return the store of a version shown now or lately. Raises Http404 if it has gone."""
    active = active_version(request)
    if active is not None and active.version == version:
        return store_of(request)
    try:
        return store_of_version(version)
    except NoActiveStore as error:
        raise Http404(f"No version {version} of the data is kept.") from error


def kept_answer(
    request: HttpRequest,
    store: Store,
    name: str,
    make: Callable[[], bytes],
    *,
    content_type: str,
) -> HttpResponse:
    """Return what `make` gives, compressed as the browser accepts; one body per version.

    name  what the body is, unique in the store
    """
    tag = f'"{store.version}-{name}"'
    encoding = _encoding_accepted(request)
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        response = HttpResponse(status=304)
    else:
        body = _compressed(store, name, make, encoding)
        response = HttpResponse(body, content_type=content_type)
        response["Content-Length"] = str(len(body))
        if encoding:
            response["Content-Encoding"] = encoding
    response["ETag"] = tag
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = _FOR_EVER
    return response


def _encoding_accepted(request: HttpRequest) -> str:
    accepted = request.headers.get("Accept-Encoding", "")
    names = {part.split(";")[0].strip() for part in accepted.split(",") if "q=0" not in part}
    return next((name for name in ("br", "gzip") if name in names), "")


def _compressed(store: Store, name: str, make: Callable[[], bytes], encoding: str) -> bytes:
    def compress() -> bytes:
        body = make()
        if encoding == "br":
            best = len(body) <= _SMALL_ENOUGH_FOR_BEST
            return brotli.compress(body, quality=_BEST_BROTLI if best else _QUICK_BROTLI)
        return gzip.compress(body, 9, mtime=0) if encoding == "gzip" else body

    return store.cached(("answer", name, encoding), compress)


def file_answer(
    request: HttpRequest, path: Path, *, tag: str, content_type: str
) -> HttpResponseBase:
    """Return a file, or the one range of bytes asked for (RFC 9110, section 14).

    Several ranges at once are answered by the whole file, as the RFC allows.
    """
    size = path.stat().st_size
    asked = _range_asked(request, size)
    if asked == "unsatisfiable":
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    first, last = asked if isinstance(asked, tuple) else (0, size - 1)
    response = StreamingHttpResponse(_pieces(path, first, last), content_type=content_type)
    response["Cache-Control"] = _FOR_EVER
    if isinstance(asked, tuple):
        response.status_code = 206
        # Chromium's cache now and then gives back wrong bytes for ranges asked for side by side.
        response["Cache-Control"] = "no-store"
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{tag}"'
    response["Content-Encoding"] = "identity"  # so that nothing compresses it on the way
    return response


def _range_asked(request: HttpRequest, size: int) -> tuple[int, int] | str | None:
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not found or found.groups() == ("", ""):
        return None
    start, end = found.groups()
    if not start:
        first, last = max(0, size - int(end)), size - 1
    else:
        first, last = int(start), min(int(end), size - 1) if end else size - 1
    return (first, last) if first <= last and first < size else "unsatisfiable"


def _pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    left = last - first + 1
    with path.open("rb") as file:
        file.seek(first)
        while left > 0 and (piece := file.read(min(_PIECE_BYTES, left))):
            left -= len(piece)
            yield piece
