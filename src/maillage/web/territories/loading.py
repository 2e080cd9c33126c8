"""Make the site show a version of the data store: rows and active version, in one transaction."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from maillage.studies.store import Store, open_store
from maillage.studies.store.layout import Manifest, read_manifest
from maillage.web.territories.differences import (
    FIELDS,
    Addition,
    Difference,
    Edition,
    Ending,
    Fields,
    Key,
    differences,
)
from maillage.web.territories.models import StoreVersion, Territory

BATCH_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class SwitchReport:
    """What a switch did.

    already_active  the version was shown already: nothing was written
    """

    version: str
    additions: int = 0
    editions: int = 0
    endings: int = 0
    already_active: bool = False


def switch_to(version_path: Path, *, now: datetime) -> SwitchReport:
    """Bring the territories to a version of the store and show it from now on, or change nothing.

    Pages see the former version or the new one, never a mixture: a page reads the active version
    once. Raises InputError when the folder is not a version of the store.
    """
    manifest = read_manifest(version_path)
    if StoreVersion.objects.filter(
        version=manifest.version, active=True, path=_kept_path(version_path)
    ).exists():
        return SwitchReport(manifest.version, already_active=True)
    store = open_store(version_path)
    with transaction.atomic():
        found = list(differences(existing_territories(), store))
        apply(found)
        _activate(store, version_path, now=now)
    counts = Counter(type(difference) for difference in found)
    return SwitchReport(
        store.version,
        additions=counts[Addition],
        editions=counts[Edition],
        endings=counts[Ending],
    )


def existing_territories() -> dict[Key, Fields]:
    """Return the fields of every territory of the database, by kind and code."""
    rows = Territory.objects.values("kind", "code", *FIELDS)
    return {(row.pop("kind"), row.pop("code")): row for row in rows.iterator(chunk_size=5_000)}


def apply(found: Iterable[Difference]) -> None:
    """Write differences; a row that exists keeps its number."""
    written: list[Territory] = []
    ended: list[Key] = []
    for difference in found:
        if isinstance(difference, Ending):
            ended.append(difference.key)
        else:
            kind, code = difference.key
            written.append(Territory(kind=kind, code=code, **difference.fields))
    Territory.objects.bulk_create(
        written,
        batch_size=BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["kind", "code"],
        update_fields=FIELDS,
    )
    for kind in {kind for kind, _ in ended}:
        _end(kind, [code for key_kind, code in ended if key_kind == kind])


def _end(kind: str, codes: Sequence[str]) -> None:
    for start in range(0, len(codes), BATCH_SIZE):
        Territory.objects.filter(kind=kind, code__in=codes[start : start + BATCH_SIZE]).update(
            ended=True
        )


def _activate(store: Store, version_path: Path, *, now: datetime) -> None:
    StoreVersion.objects.filter(active=True).update(active=False)
    StoreVersion.objects.update_or_create(
        version=store.version,
        defaults={
            "path": _kept_path(version_path),
            "active": True,
            "fictional": store.fictional,
            "cog_year": store.cog_year,
            "built_at": datetime.fromisoformat(store.manifest.built_at),
            "activated_at": now,
            "manifest": _manifest_kept(store.manifest),
        },
    )


def _manifest_kept(manifest: Manifest) -> dict[str, object]:
    """Return the manifest without the steps of the build, which no page shows."""
    kept = json.loads(json.dumps(asdict(manifest)))
    del kept["steps"]
    return dict(kept)


def _kept_path(version_path: Path) -> str:
    """Return the path from the store's folder when it is inside, so that the folder may move."""
    path = version_path.resolve()
    root = Path(settings.STORE_DIR).resolve()
    return str(path.relative_to(root) if path.is_relative_to(root) else path)
