"""Where the store keeps what: version folders, their files, and the manifest that describes them.

    STORE_DIR/versions/20261122T054611Z-1f3a9c2e/manifest.json, units.parquet, numbers.parquet…

A version folder is complete or absent: it is built beside (`building-…`) and renamed at the end.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from maillage.core.errors import InputError

STORE_FORMAT: Final = 1

MANIFEST: Final = "manifest.json"
UNITS: Final = "units.parquet"
NUMBERS: Final = "numbers.parquet"
TEXTS: Final = "texts.parquet"
TERRITORIES: Final = "territories.parquet"
POSTAL_CODES: Final = "postal_codes.parquet"
CODE_CHANGES: Final = "code_changes.parquet"
FACILITIES: Final = "facilities.parquet"
FACTS: Final = "facts.parquet"
CONTOURS: Final = "contours.parquet"
CATCHMENT: Final = "catchment"
TILES: Final = "tiles.pmtiles"
OVERVIEW: Final = "communes-overview.bin"
MAP_ORDER: Final = "map_order.npy"


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One public data set as it went into a version.

    files   relative path → sha256 of the content
    rows    rows kept by the reader
    notes   what the reader and the join had to say, with counts
    """

    name: str
    title: str
    producer: str
    licence: str
    vintage: str
    files: dict[str, str]
    rows: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingRecord:
    """A public data set that the data folder lacks, and what is switched off without it."""

    name: str
    title: str
    enables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of the build: the key of its inputs and code, its output files, its CPU time."""

    name: str
    key: str
    outputs: tuple[str, ...]
    seconds: float
    reused: bool = False
    state: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version is made of.

    version    name of the folder: UTC time of the build and hash of its inputs
    built_at   ISO 8601, UTC
    fictional  True when the files describe the fictional department
    cog_year   year of the official geographic code that every row is brought to
    years      indicator → year of the file that its figures come from, where the file says it
    """

    version: str
    built_at: str
    fictional: bool
    cog_year: int
    sources: tuple[SourceRecord, ...] = ()
    missing: tuple[MissingRecord, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    notes: tuple[str, ...] = ()
    years: dict[str, str] = field(default_factory=dict)
    store_format: int = STORE_FORMAT

    def to_json(self) -> str:
        """Return the manifest as indented JSON, accents kept."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def manifest_from_json(text: str) -> Manifest:
    """Read a manifest written by `to_json`. Raises InputError when the format is another one."""
    raw = json.loads(text)
    found = raw.get("store_format")
    if found != STORE_FORMAT:
        raise InputError(
            f"This store was written in format {found}, this program reads format {STORE_FORMAT}: "
            "build it again with `maillage data build`."
        )
    raw["sources"] = tuple(
        SourceRecord(**{**item, "notes": tuple(item["notes"])}) for item in raw["sources"]
    )
    raw["missing"] = tuple(
        MissingRecord(**{**item, "enables": tuple(item["enables"])}) for item in raw["missing"]
    )
    raw["steps"] = tuple(
        StepRecord(**{**item, "outputs": tuple(item["outputs"])}) for item in raw["steps"]
    )
    raw["notes"] = tuple(raw["notes"])
    return Manifest(**raw)


def read_manifest(version_dir: Path) -> Manifest:
    """Return the manifest of a version folder. Raises InputError when there is none."""
    path = version_dir / MANIFEST
    if not path.is_file():
        raise InputError(
            f"{version_dir} is not a version of the store: it has no {MANIFEST}. "
            "Build one with `maillage data build`."
        )
    return manifest_from_json(path.read_text(encoding="utf-8"))


def versions_dir(store_dir: Path) -> Path:
    """Return the folder that holds the versions of a store."""
    return store_dir / "versions"


def complete_versions(store_dir: Path) -> list[Path]:
    """List the complete versions of a store, oldest first."""
    folder = versions_dir(store_dir)
    if not folder.is_dir():
        return []
    return sorted(
        child
        for child in folder.iterdir()
        if not child.name.startswith("building-") and (child / MANIFEST).is_file()
    )


def newest_version(store_dir: Path) -> Path | None:
    """Return the newest complete version of a store, None before the first build."""
    versions = complete_versions(store_dir)
    return versions[-1] if versions else None
