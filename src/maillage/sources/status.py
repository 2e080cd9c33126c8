"""What the data folder holds: each data set's files, age and rows, and what is off without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from maillage.sources.catalogue import SOURCES, Source
from maillage.sources.pull.ledger import Entry, read_ledger

State = Literal["complete", "partial", "missing"]


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One data set as it lies in a data folder.

    state       "complete", "partial" (a required file is missing), "missing" (no file at all)
    paths       files found, relative to the data folder
    missing     required files not found
    dated_at    when the newest file was downloaded or, unknown to the ledger, last changed; None
                when there is none
    age_days    whole days since then
    rows        data rows, of the last build or download; None when nobody counted
    disabled    features that are off, in French; none when complete
    """

    source: Source
    state: State
    paths: tuple[str, ...]
    missing: tuple[str, ...]
    bytes: int
    dated_at: datetime | None
    age_days: int | None
    rows: int | None
    disabled: tuple[str, ...]


def source_statuses(
    folder: Path,
    *,
    now: datetime,
    rows: Mapping[str, int] | None = None,
    sources: tuple[Source, ...] = SOURCES,
) -> tuple[SourceStatus, ...]:
    """Return the state of each data set in `folder`, in the order of the catalogue.

    rows  data set name → rows, as the last build of the store counted them

    Raises InputError when the ledger of downloads is damaged.
    """
    ledger = read_ledger(folder)
    return tuple(_status(source, folder, ledger, rows or {}, now) for source in sources)


def _status(
    source: Source,
    folder: Path,
    ledger: Mapping[str, Entry],
    rows: Mapping[str, int],
    now: datetime,
) -> SourceStatus:
    found = source.locate(folder)
    paths = tuple(path.relative_to(folder).as_posix() for path in found)
    missing = tuple(source.missing_files(folder))
    dates = [_date(folder / path, ledger.get(path)) for path in paths]
    dated_at = max(dates, default=None)
    state: State = "missing" if not found else "partial" if missing else "complete"
    return SourceStatus(
        source=source,
        state=state,
        paths=paths,
        missing=missing,
        bytes=sum(path.stat().st_size for path in found),
        dated_at=dated_at,
        age_days=(now - dated_at).days if dated_at else None,
        rows=rows.get(source.name, _downloaded_rows(paths, ledger)),
        disabled=() if state == "complete" else _features(source),
    )


def _features(source: Source) -> tuple[str, ...]:
    return (*(("toute l'application",) if source.required else ()), *source.enables)


def _date(path: Path, entry: Entry | None) -> datetime:
    if entry:
        return datetime.fromisoformat(entry.fetched_at)
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)


def _downloaded_rows(paths: tuple[str, ...], ledger: Mapping[str, Entry]) -> int | None:
    counts = [ledger[path].rows for path in paths if path in ledger and ledger[path].rows >= 0]
    return sum(counts) if counts else None
