"""Fetch the public data sets from their producers, and never spoil what is already there.

For each file: download (resumed, retried), checksum, unpack, check with the very reader that will
read it, and only then take the place of the copy in use, in one step. Whatever goes wrong is
told in French, file by file, and the last good copy stays in use.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import httpx

from maillage.core.errors import CancelledError, InputError
from maillage.sources.catalogue import DataFile, Source
from maillage.sources.pull.contents import ContentError, check, unpack
from maillage.sources.pull.download import Door, DownloadError, Patience, Stamp, discard, fetch
from maillage.sources.pull.ledger import Entry, read_ledger, sha256_of, write_ledger

__all__ = ["Outcome", "Patience", "Progress", "PullReport", "Status", "pull"]

Status = Literal["downloaded", "unchanged", "failed", "by_hand", "cancelled"]
_WORK_FOLDER: Final = ".pull"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one download stands; `total_bytes` is None while the server does not tell."""

    source: str
    path: str
    received_bytes: int
    total_bytes: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    status   "downloaded": new and in use · "unchanged": the producer has nothing newer ·
             "failed": see `message` · "by_hand": no address, fetch it from `page` ·
             "cancelled": asked to stop
    kept     a copy is in use (after a failure: the last good one)
    bytes    size of the file in use, 0 when there is none
    message  in French, for the person who pulls
    """

    source: str
    path: str
    status: Status
    message: str
    kept: bool
    bytes: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class PullReport:
    """What became of each file, in the order of the catalogue."""

    outcomes: tuple[Outcome, ...]

    def of(self, status: Status) -> tuple[Outcome, ...]:
        """Return the outcomes of one kind."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == status)

    @property
    def succeeded(self) -> bool:
        """Nothing failed and nobody asked to stop."""
        return not self.of("failed") and not self.of("cancelled")


@dataclass(frozen=True, slots=True)
class _Task:
    source: Source
    file: DataFile
    folder: Path
    mirror: str

    @property
    def url(self) -> str:
        """The producer's address, or the same below the mirror: mirror/host/path."""
        if not self.mirror or not self.file.url:
            return self.file.url
        parts = urlsplit(self.file.url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.mirror.rstrip('/')}/{parts.netloc}{parts.path}{query}"

    @property
    def in_use(self) -> Path:
        return self.folder / self.file.target

    @property
    def work_folder(self) -> Path:
        return self.folder / _WORK_FOLDER / self.file.target

    def outcome(self, status: Status, message: str) -> Outcome:
        copies = [self.in_use] if self.in_use.is_file() else self.file.locate(self.folder)
        return Outcome(
            source=self.source.name,
            path=self.file.target,
            status=status,
            message=message,
            kept=bool(copies),
            bytes=copies[-1].stat().st_size if copies else 0,
            url=self.url,
        )


def pull(
    sources: Iterable[Source],
    folder: Path,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
    client_factory: Callable[[Patience], httpx.Client] | None = None,
    patience: Patience | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    mirror: str = "",
) -> PullReport:
    """Download each file of `sources` into `folder` and say what became of it.

    mirror  address of a copy of the producers' sites, laid out host by host; "" = the producers

    Raises InputError when another pull works in the same folder or its ledger is damaged. Every
    other trouble is an outcome. Asked to stop, it keeps what it has: call again to go on.
    """
    settings = patience or Patience()
    tasks = [_Task(source, file, folder, mirror) for source in sources for file in source.files]
    outcomes: list[Outcome] = []
    with _alone_in(folder), (client_factory or _client)(settings) as client:
        for task in tasks:
            door = Door(client, settings, sleep, clock, _reporter(task, on_progress), should_stop)
            outcomes.append(_outcome(task, door, now, should_stop()))
    return PullReport(tuple(outcomes))


def _client(patience: Patience) -> httpx.Client:
    return httpx.Client(timeout=patience.timeout_s, follow_redirects=True, max_redirects=5)


def _reporter(
    task: _Task, on_progress: Callable[[Progress], None]
) -> Callable[[int, int | None], None]:
    return lambda received, total: on_progress(
        Progress(task.source.name, task.file.target, received, total)
    )


def _outcome(task: _Task, door: Door, now: Callable[[], datetime], stopped: bool) -> Outcome:
    if not task.file.url:
        return task.outcome("by_hand", _by_hand(task))
    if stopped:
        return task.outcome("cancelled", "Interrompu avant ce fichier.")
    try:
        return _renewed(task, door, now)
    except CancelledError as error:
        return task.outcome("cancelled", str(error))
    except (DownloadError, ContentError) as error:
        return task.outcome("failed", _failure(task, error))


def _renewed(task: _Task, door: Door, now: Callable[[], datetime]) -> Outcome:
    entry = _entry_in_use(task)
    part = task.work_folder / "download.part"
    stamp = fetch(task.url, part, door=door, known=entry.stamp if entry else None)
    if stamp is None:
        return task.outcome("unchanged", "À jour : rien de plus récent chez le producteur.")
    try:
        new = _installed(task, part, stamp, entry, now())
    finally:
        discard(part)
        shutil.rmtree(task.work_folder, ignore_errors=True)
    if entry and new.sha256 == entry.sha256:
        return task.outcome("unchanged", "À jour : le même fichier chez le producteur.")
    return task.outcome("downloaded", "Téléchargé et vérifié.")


def _installed(task: _Task, part: Path, stamp: Stamp, entry: Entry | None, at: datetime) -> Entry:
    """Check what came and put it in the place of the copy in use; return its entry."""
    candidate = task.work_folder / "checked" / Path(task.file.target).name
    unpack(part, task.file, candidate)
    rows = check(candidate, task.file, rows_before=entry.rows if entry else -1)
    new = Entry(
        url=task.url,
        fetched_at=at.astimezone(UTC).isoformat(timespec="seconds"),
        sha256=sha256_of(candidate),
        bytes=candidate.stat().st_size,
        rows=rows,
        etag=stamp.etag,
        last_modified=stamp.last_modified,
    )
    if entry and entry.sha256 == new.sha256:
        new = replace(new, fetched_at=entry.fetched_at)
    else:
        task.in_use.parent.mkdir(parents=True, exist_ok=True)
        os.replace(candidate, task.in_use)
    write_ledger(task.folder, read_ledger(task.folder) | {task.file.target: new})
    return new


def _entry_in_use(task: _Task) -> Entry | None:
    """Return what the ledger says of the copy in use, unless it was changed since or removed."""
    entry = read_ledger(task.folder).get(task.file.target)
    if entry is None or entry.url != task.url or not task.in_use.is_file():
        return None
    return entry if task.in_use.stat().st_size == entry.bytes else None


def _failure(task: _Task, error: Exception) -> str:
    kept = bool(task.file.locate(task.folder))
    consequence = (
        "La copie précédente reste en service."
        if kept
        else f"Vous pouvez déposer le fichier à la main : {task.file.target}."
    )
    page = f" Page du producteur : {task.source.page}." if task.source.page else ""
    return f"{error} {consequence}{page}"


def _by_hand(task: _Task) -> str:
    where = f" depuis {task.source.page}" if task.source.page else ""
    return (
        f"Pas d'adresse de téléchargement connue : à déposer à la main{where}, "
        f"sous {task.file.path}."
    )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder for one pull at a time."""
    work = folder / _WORK_FOLDER
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"Le dossier {folder} n'est pas accessible en écriture : {error}."
        ) from error
    with (work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                f"Un autre téléchargement est en cours dans {folder} : attendez qu'il finisse."
            ) from error
        yield
