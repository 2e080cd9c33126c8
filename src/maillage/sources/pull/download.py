"""One address to one local file: streamed, resumed, retried, bounded, whatever it holds.

A download grows in a `.part` file with a `.part.json` beside it that says which version of which
address the bytes belong to. The next attempt asks for the rest with `Range` and `If-Range`, so that
bytes of two versions are never joined; without a validator from the server it starts again.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import httpx

from maillage.core.errors import CancelledError, MaillageError

AGENT: Final = "Maillage (https://github.com/maillage)"
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_TRIES: Final = 200


class DownloadError(MaillageError):
    """The address gave no usable file; the message, in French, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download is given.

    tries             attempts in a row that bring no new byte, before giving up
    first_wait_s      seconds before the second attempt; doubled each time
    longest_wait_s    a wait is never longer, whatever `Retry-After` says
    timeout_s         silence allowed while connecting and between two pieces
    slowest_bytes_s   mean rate under which a connection counts as stuck…
    window_s          …measured over this many seconds
    max_bytes         a longer file is refused
    """

    tries: int = 4
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    timeout_s: float = 30.0
    slowest_bytes_s: float = 512.0
    window_s: float = 30.0
    max_bytes: int = 4 << 30


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which version of which address some bytes are: as the server named it."""

    url: str
    etag: str = ""
    last_modified: str = ""

    @property
    def validator(self) -> str:
        """What `If-Range` may carry (RFC 9110 §13.1.5): a strong ETag, else a date, else ""."""
        strong = self.etag if self.etag and not self.etag.startswith("W/") else ""
        return strong or self.last_modified


@dataclass(frozen=True, slots=True)
class Door:
    """How the outside world is reached; tests hand in their own.

    sleep, clock  seconds to wait; seconds of a clock that never goes back
    on_bytes      called with (bytes received, total or None)
    should_stop   asked between two pieces
    """

    client: httpx.Client
    patience: Patience
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    on_bytes: Callable[[int, int | None], None]
    should_stop: Callable[[], bool]


class _TryAgainError(Exception):
    """A passing failure: wait, then ask again."""

    def __init__(self, reason: str, *, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


def fetch(url: str, part: Path, *, door: Door, known: Stamp | None = None) -> Stamp | None:
    """Download `url` into `part` and return its stamp; None when it still is the `known` version.

    Raises DownloadError when the address is dead or stays silent, CancelledError when asked to
    stop; the `.part` file then stays, and the next call takes up where this one left off.
    """
    fruitless = 0
    for attempt in range(_MOST_TRIES):
        before = _size(part)
        try:
            return _attempt(url, part, door=door, known=known)
        except _TryAgainError as error:
            fruitless = 0 if _size(part) > before else fruitless + 1
            if fruitless >= door.patience.tries or attempt == _MOST_TRIES - 1:
                raise DownloadError(
                    f"{error} ({attempt + 1} essais). Réessayez plus tard : le téléchargement "
                    "reprendra où il s'est arrêté."
                ) from error
            _wait(error.wait_s, fruitless, door)
    raise AssertionError("the last attempt returns or raises")


def discard(part: Path) -> None:
    """Forget a download under way."""
    part.unlink(missing_ok=True)
    _stamp_path(part).unlink(missing_ok=True)


def _wait(asked_s: float, fruitless: int, door: Door) -> None:
    patience = door.patience
    backoff = patience.first_wait_s * 2.0 ** max(fruitless - 1, 0)
    door.sleep(min(max(backoff, asked_s), patience.longest_wait_s))
    _stop_if_asked(door)


def _attempt(url: str, part: Path, *, door: Door, known: Stamp | None) -> Stamp | None:
    held = _read_stamp(part, url)
    start = _size(part) if held else 0
    _stop_if_asked(door)
    try:
        with door.client.stream("GET", url, headers=_headers(start, held, known)) as response:
            _refuse_downgrade(response)
            if response.status_code == httpx.codes.NOT_MODIFIED and known and not start:
                return None
            start = _checked_start(response, part, start, held)
            return _receive(response, url, part, start, door)
    except httpx.TooManyRedirects as error:
        raise DownloadError(f"L'adresse {url} renvoie sans fin vers d'autres adresses.") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise DownloadError(f"L'adresse {url!r} n'est pas une adresse http ou https.") from error
    except httpx.TransportError as error:
        raise _TryAgainError(_reason(error, url)) from error
    except OSError as error:
        raise DownloadError(f"Écriture impossible dans {part.parent} : {error}.") from error


def _headers(start: int, held: Stamp | None, known: Stamp | None) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity", "User-Agent": AGENT}
    if start and held:
        return headers | {"Range": f"bytes={start}-", "If-Range": held.validator}
    if known and known.etag:
        return headers | {"If-None-Match": known.etag}
    if known and known.last_modified:
        return headers | {"If-Modified-Since": known.last_modified}
    return headers


def _refuse_downgrade(response: httpx.Response) -> None:
    steps = [*response.history, response]
    if steps[0].url.scheme == "https" and steps[-1].url.scheme != "https":
        raise DownloadError(
            f"L'adresse {steps[0].url} renvoie vers {steps[-1].url}, qui n'est pas protégée "
            "(https)."
        )


def _checked_start(response: httpx.Response, part: Path, start: int, held: Stamp | None) -> int:
    """Return the byte at which the answer begins, or raise for an answer without a file."""
    status = response.status_code
    if status == httpx.codes.OK:
        return 0
    if status == httpx.codes.PARTIAL_CONTENT:
        if _continues(response, start, held):
            return start
        discard(part)
        raise _TryAgainError("Le fichier a changé pendant le téléchargement")
    if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        discard(part)
        raise _TryAgainError("Le serveur refuse de reprendre le téléchargement")
    if status in _TRY_AGAIN:
        wait_s = _retry_after_s(response.headers.get("Retry-After", ""))
        raise _TryAgainError(f"Le serveur répond {status}", wait_s=wait_s)
    raise DownloadError(_dead_address(status, response.url))


def _continues(response: httpx.Response, start: int, held: Stamp | None) -> bool:
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    etag = response.headers.get("ETag", "")
    same = not etag or held is None or not held.etag or etag == held.etag
    return bool(start and found and int(found[1]) == start and same)


def _receive(response: httpx.Response, url: str, part: Path, start: int, door: Door) -> Stamp:
    stamp = Stamp(url, response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
    total = _total(response, start)
    if not start:
        _write_stamp(part, stamp)
    received = start
    with part.open("ab" if start else "wb") as file:
        for piece in _at_a_fair_rate(_pieces(response), door):
            received += len(piece)
            _refuse_too_long(received, url, door.patience)
            file.write(piece)
            door.on_bytes(received, total)
    if total is not None and received != total:
        raise _TryAgainError(f"Connexion coupée à {received} octets sur {total}")
    return stamp


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body; a server that compresses in spite of our wish is decoded."""
    encoded = response.headers.get("Content-Encoding", "identity") != "identity"
    return response.iter_bytes() if encoded else response.iter_raw()


def _total(response: httpx.Response, start: int) -> int | None:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return None
    length = response.headers.get("Content-Length", "")
    return start + int(length) if length.isdigit() else None


def _at_a_fair_rate(pieces: Iterator[bytes], door: Door) -> Iterator[bytes]:
    """Pass the pieces on; give the connection up when they come too slowly, or when asked to."""
    patience = door.patience
    since, count = door.clock(), 0
    for piece in pieces:
        yield piece
        _stop_if_asked(door)
        count += len(piece)
        elapsed = door.clock() - since
        if elapsed >= patience.window_s:
            if count < patience.slowest_bytes_s * elapsed:
                raise _TryAgainError(f"Débit trop faible : {count} octets en {elapsed:.0f} s")
            since, count = door.clock(), 0


def _refuse_too_long(received: int, url: str, patience: Patience) -> None:
    if received > patience.max_bytes:
        raise DownloadError(
            f"Le fichier de {url} dépasse {patience.max_bytes} octets : aucun fichier de ce jeu "
            "n'est si long. Vérifiez l'adresse."
        )


def _stop_if_asked(door: Door) -> None:
    if door.should_stop():
        raise CancelledError("Téléchargement interrompu ; il reprendra où il s'est arrêté.")


def _reason(error: httpx.TransportError, url: str) -> str:
    host = httpx.URL(url).host
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return f"Connexion impossible à {host}"
    if isinstance(error, httpx.TimeoutException):
        return f"{host} ne répond plus"
    return f"Connexion coupée par {host}"


def _dead_address(status: int, url: httpx.URL) -> str:
    what = {
        401: "demande un mot de passe",
        403: "refuse l'accès",
        404: "n'existe plus (404)",
        410: "a été retirée par le producteur (410)",
    }.get(status, f"répond {status}")
    return f"L'adresse {url} {what}. Cherchez la nouvelle sur la page du producteur."


def _retry_after_s(text: str) -> float:
    return float(text) if text.isdigit() else 0.0


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _stamp_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _write_stamp(part: Path, stamp: Stamp) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    _stamp_path(part).write_text(json.dumps(asdict(stamp)), encoding="utf-8")


def _read_stamp(part: Path, url: str) -> Stamp | None:
    """Return the stamp of the bytes in `part`, or None when they cannot be continued."""
    try:
        held = Stamp(**json.loads(_stamp_path(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return held if held.url == url and held.validator else None
