"""Build a version of the store from a folder of official files; reuse what has not changed.

Each step is keyed by the content of its files, by the steps before it and by the code that makes
it. A step whose key is that of the last version is not made again: its outputs are hard-linked.
A version is made beside and takes its name when it is complete, so that a build that dies, or
is stopped, leaves the last complete version in use.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from time import process_time
from typing import Any, Final

from maillage.core.errors import InputError
from maillage.sources.catalogue import SOURCES, Source, source_named
from maillage.studies.store import layout
from maillage.studies.store.layout import Manifest, MissingRecord, SourceRecord, StepRecord
from maillage.studies.store.steps import (
    catchment,
    contours,
    facilities,
    facts,
    figures,
    geography,
    map_files,
)
from maillage.studies.store.workshop import Workshop

FICTIONAL_DEPARTMENT: Final = "20"
_KEPT_VERSIONS: Final = 2
_CODE_FOLDERS: Final = (
    "maillage.core",
    "maillage.sources",
    "maillage.engines.accessibility",
    "maillage.studies.indicators",
    "maillage.studies.store",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it reads, what it writes.

    message  French words for the progress bar
    sources  names of the data sets whose files it reads
    after    names of the steps whose outputs it reads
    share    rough share of the time of a full build
    """

    name: str
    message: str
    run: Callable[[Workshop], None]
    sources: tuple[str, ...]
    after: tuple[str, ...]
    outputs: tuple[str, ...]
    share: float


_FRAME: Final = ("cog", "cog_movements")

STEPS: Final = (
    Step(
        "contours",
        "Contours des communes",
        contours.run,
        (*_FRAME, "contours", "centroids"),
        (),
        contours.OUTPUTS,
        0.2,
    ),
    Step(
        "geography",
        "Communes, territoires et codes postaux",
        geography.run,
        (*_FRAME, "epci", "memberships", "populations", "centroids", "postal_codes", "contours"),
        ("contours",),
        geography.OUTPUTS,
        0.2,
    ),
    Step(
        "facilities",
        "Équipements de santé et écoles",
        facilities.run,
        (*_FRAME, "bpe", "bpe_counts", "finess", "maternities", "schools", "travel_times"),
        ("geography",),
        facilities.OUTPUTS,
        0.2,
    ),
    Step(
        "figures",
        "Indicateurs",
        figures.run,
        (
            *_FRAME,
            "apl_workbook",
            "age_shares",
            "bpe_counts",
            "practitioner_counts",
            "facility_distance",
            "zonage_gp",
            "zonage_nurse",
            "zrr",
            "petites_villes",
        ),
        ("geography", "facilities"),
        figures.OUTPUTS,
        0.2,
    ),
    Step(
        "facts",
        "Chiffres des départements et des zones",
        facts.run,
        (*_FRAME, "practitioner_counts", "living_zones", "medecin_traitant"),
        ("geography",),
        facts.OUTPUTS,
        0.02,
    ),
    Step(
        "catchment",
        "Qui peut se soigner où",
        catchment.run,
        (*_FRAME, "travel_times"),
        ("geography",),
        catchment.OUTPUTS,
        0.08,
    ),
    Step("map", "Carte", map_files.run, _FRAME, ("contours", "geography"), map_files.OUTPUTS, 0.1),
)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made.

    path     version folder, to be given to `open_store`
    changed  False when nothing was new: the version is the one already there
    made     names of the steps that ran; reused  names of those taken from the last version
    """

    path: Path
    version: str
    changed: bool
    made: tuple[str, ...]
    reused: tuple[str, ...]
    manifest: Manifest = field(repr=False)


def build(
    data_dir: Path,
    store_dir: Path,
    *,
    on_progress: Callable[[float, str], None] = lambda share, message: None,
    should_stop: Callable[[], bool] = lambda: False,
    now: datetime | None = None,
    in_use: Collection[Path] = (),
) -> BuildReport:
    """Build the store of `data_dir` in `store_dir`, or find that nothing is new.

    on_progress  called with the share done, 0 to 1, and French words
    should_stop  asked between files; True raises CancelledError
    now          time of the build, that names the version; the clock's when None
    in_use       versions that somebody reads: kept, however old

    Raises InputError when a file that no store can do without is absent or cannot be read, when
    another build of the same store is running, or when the store cannot be written.
    """
    if not data_dir.is_dir():
        raise InputError(f"{data_dir} is not a folder: MAILLAGE_DATA_DIR should name one.")
    try:
        layout.versions_dir(store_dir).mkdir(parents=True, exist_ok=True)
        with _only_build(store_dir):
            _remove_unfinished(store_dir)
            hashes = _file_hashes(data_dir, store_dir)
            last = _last_version(store_dir)
            if last.serves(_step_keys(hashes)):
                on_progress(1.0, "Rien de nouveau")
                return _report(last.path, last.manifest, changed=False)
            workshop = Workshop(
                data_dir, _new_folder(store_dir), on_progress=on_progress, should_stop=should_stop
            )
            path, manifest = _complete(workshop, store_dir, hashes, last, now)
            _prune(store_dir, in_use)
    except OSError as error:
        raise InputError(
            f"The store could not be built in {store_dir}: {error}. Check the room left on the "
            "disk and the right to write there; the last complete version stays in use."
        ) from error
    on_progress(1.0, "Terminé")
    return _report(path, manifest, changed=True)


@dataclass(frozen=True, slots=True)
class _LastVersion:
    """The newest version whose manifest and outputs are whole; an empty one before the first."""

    path: Path
    manifest: Manifest | None

    def step(self, name: str, key: str) -> StepRecord | None:
        """Return the step of that name if it was made of the same things and is all there."""
        found = [s for s in self.manifest.steps if s.name == name] if self.manifest else []
        if not found or found[0].key != key:
            return None
        return found[0] if all((self.path / out).exists() for out in found[0].outputs) else None

    def serves(self, keys: dict[str, str]) -> bool:
        """Say whether nothing has to be made again."""
        return all(self.step(name, key) for name, key in keys.items())


def _last_version(store_dir: Path) -> _LastVersion:
    """Return the newest version that this program can read: others are built again from nothing."""
    for path in reversed(layout.complete_versions(store_dir)):
        try:
            return _LastVersion(path, layout.read_manifest(path))
        except (InputError, ValueError, KeyError, TypeError):
            continue
    return _LastVersion(store_dir, None)


def _complete(
    workshop: Workshop,
    store_dir: Path,
    hashes: dict[str, dict[str, str]],
    last: _LastVersion,
    now: datetime | None,
) -> tuple[Path, Manifest]:
    """Run the steps and publish their version, or leave nothing behind."""
    made_at = now or datetime.now(tz=UTC)
    try:
        steps = _run_steps(workshop, _step_keys(hashes), last)
        manifest = _manifest(workshop, steps, hashes, made_at)
        return _publish(store_dir, workshop.out, manifest), manifest
    except BaseException:
        shutil.rmtree(workshop.out, ignore_errors=True)
        raise


def _report(path: Path, manifest: Manifest | None, *, changed: bool) -> BuildReport:
    assert manifest is not None
    made = {step.name for step in manifest.steps if changed and not step.reused}
    return BuildReport(
        path,
        manifest.version,
        changed,
        tuple(step.name for step in manifest.steps if step.name in made),
        tuple(step.name for step in manifest.steps if step.name not in made),
        manifest,
    )


@contextmanager
def _only_build(store_dir: Path) -> Iterator[None]:
    """Hold the lock of the store; the system lets go of it if this process dies."""
    with (store_dir / "build.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                f"Another build of {store_dir} is running: wait for it to end."
            ) from error
        yield


def _remove_unfinished(store_dir: Path) -> None:
    for folder in layout.versions_dir(store_dir).glob("building-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _new_folder(store_dir: Path) -> Path:
    folder = layout.versions_dir(store_dir) / f"building-{os.getpid()}"
    folder.mkdir()
    return folder


def _file_hashes(data_dir: Path, store_dir: Path) -> dict[str, dict[str, str]]:
    """Return data set → relative path → sha256; files of known size and date are not read again."""
    cache_path = store_dir / "hashes.json"
    cache = _known_hashes(cache_path)
    found: dict[str, dict[str, str]] = {}
    fresh: dict[str, str] = {}
    for source in SOURCES:
        found[source.name] = {}
        for path in _files_of(source, data_dir):
            state = path.stat()
            mark = f"{path}|{state.st_size}|{state.st_mtime_ns}"
            digest = cache.get(mark) or _sha256(path)
            fresh[mark] = digest
            found[source.name][path.relative_to(data_dir).as_posix()] = digest
    beside = cache_path.with_suffix(".new")
    beside.write_text(json.dumps(fresh), encoding="utf-8")
    beside.replace(cache_path)
    return found


def _known_hashes(path: Path) -> dict[str, str]:
    """Return what an earlier build wrote; nothing when it was cut short: files are read again."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _files_of(source: Source, data_dir: Path) -> list[Path]:
    beside = sorted(data_dir.glob("health_pros/ze2020_codes*.csv"))
    extra = beside if source.name == "practitioner_counts" else []
    return sorted({*source.locate(data_dir), *extra})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _step_keys(hashes: dict[str, dict[str, str]]) -> dict[str, str]:
    code = _code_hash()
    keys: dict[str, str] = {}
    for step in STEPS:
        inputs = {name: hashes[name] for name in step.sources}
        text = json.dumps([code, step.name, inputs, [keys[name] for name in step.after]])
        keys[step.name] = hashlib.sha256(text.encode()).hexdigest()
    return keys


def _code_hash() -> str:
    """Return a hash of the code and reviewed files that the steps are made of."""
    digest = hashlib.sha256()
    for package in _CODE_FOLDERS:
        for item in sorted(_sources_under(Path(str(files(package))))):
            digest.update(item.read_bytes())
    return digest.hexdigest()


def _sources_under(folder: Path) -> Iterator[Path]:
    for suffix in ("*.py", "*.toml"):
        yield from folder.rglob(suffix)


def _run_steps(workshop: Workshop, keys: dict[str, str], last: _LastVersion) -> list[StepRecord]:
    records: list[StepRecord] = []
    done = 0.0
    for step in STEPS:
        workshop.check_stop()
        workshop.on_progress(min(done, 0.99), step.message)
        known = last.step(step.name, keys[step.name])
        if known:
            records.append(_reuse(workshop, known, last.path))
        else:
            records.append(_make(workshop, step, keys[step.name]))
        done += step.share
    return records


def _make(workshop: Workshop, step: Step, key: str) -> StepRecord:
    start = process_time()
    workshop.rows, workshop.notes, workshop.years = {}, {}, {}
    step.run(workshop)
    outputs = tuple(name for name in step.outputs if (workshop.out / name).exists())
    state: dict[str, Any] = {
        "rows": workshop.rows,
        "notes": workshop.notes,
        "years": workshop.years,
    }
    return StepRecord(step.name, key, outputs, round(process_time() - start, 2), state=state)


def _reuse(workshop: Workshop, known: StepRecord, last: Path) -> StepRecord:
    for name in known.outputs:
        _link(last / name, workshop.out / name)
    return StepRecord(known.name, known.key, known.outputs, 0.0, True, known.state)


def _link(source: Path, target: Path) -> None:
    """Hard-link a file or the files of a folder; copy where the file system has no links."""
    if source.is_dir():
        target.mkdir()
        for child in source.iterdir():
            _link(child, target / child.name)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _manifest(
    workshop: Workshop,
    steps: list[StepRecord],
    hashes: dict[str, dict[str, str]],
    made_at: datetime,
) -> Manifest:
    whole = hashlib.sha256("".join(step.key for step in steps).encode()).hexdigest()[:8]
    records, missing = _source_records(steps, hashes)
    return Manifest(
        version=f"{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{whole}",
        built_at=made_at.astimezone(UTC).isoformat(timespec="seconds"),
        fictional=bool((workshop.frame.department_code == FICTIONAL_DEPARTMENT).any()),
        cog_year=workshop.frame.cog_year,
        sources=tuple(records),
        missing=tuple(missing),
        steps=tuple(steps),
        years={name: year for step in steps for name, year in step.state["years"].items()},
        notes=tuple(
            f"{source_named(name).title} : fichier illisible, fonctions coupées. {error}"
            for name, error in workshop.unreadable.items()
        ),
    )


def _source_records(
    steps: list[StepRecord], hashes: dict[str, dict[str, str]]
) -> tuple[list[SourceRecord], list[MissingRecord]]:
    records, missing = [], []
    for source in SOURCES:
        if not hashes[source.name]:
            missing.append(MissingRecord(source.name, source.title, source.enables))
            continue
        states = [step.state for step in steps]
        notes = [note for state in states for note in state["notes"].get(source.name, [])]
        rows = max((state["rows"].get(source.name, 0) for state in states), default=0)
        records.append(
            SourceRecord(
                name=source.name,
                title=source.title,
                producer=source.producer,
                licence=source.licence,
                vintage=source.vintage,
                files=hashes[source.name],
                rows=rows,
                notes=tuple(dict.fromkeys(notes)),
            )
        )
    return records, missing


def _publish(store_dir: Path, folder: Path, manifest: Manifest) -> Path:
    """Give a complete version its name, in one rename."""
    path = layout.versions_dir(store_dir) / manifest.version
    if path.exists():
        raise InputError(f"The version {path} is there already: build again in a second.")
    with (folder / layout.MANIFEST).open("w", encoding="utf-8") as file:
        file.write(manifest.to_json())
        file.flush()
        os.fsync(file.fileno())
    folder.rename(path)
    return path


def _prune(store_dir: Path, in_use: Collection[Path]) -> None:
    kept = {path.resolve() for path in in_use}
    for old in layout.complete_versions(store_dir)[:-_KEPT_VERSIONS]:
        if old.resolve() not in kept:
            shutil.rmtree(old, ignore_errors=True)
