"""`pull.json`, beside the data: where each downloaded file came from, when, and its checksum."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from maillage.core.errors import InputError
from maillage.sources.pull.download import Stamp

LEDGER_NAME: Final = "pull.json"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one downloaded file.

    fetched_at  ISO date and time, UTC
    sha256      of the file as it lies in the data folder
    rows        data rows its reader found; -1 when the reader does not count
    """

    url: str
    fetched_at: str
    sha256: str
    bytes: int
    rows: int = -1
    etag: str = ""
    last_modified: str = ""

    @property
    def stamp(self) -> Stamp:
        """The version of the address that the file is."""
        return Stamp(self.url, self.etag, self.last_modified)


def read_ledger(folder: Path) -> dict[str, Entry]:
    """Return the entries by path relative to `folder`; none when nothing was ever pulled.

    Raises InputError when the file is damaged.
    """
    path = folder / LEDGER_NAME
    if not path.exists():
        return {}
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {name: Entry(**values) for name, values in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} ne se lit pas ({error}). Supprimez-le : les fichiers restent, et le prochain "
            "téléchargement les vérifiera tous."
        ) from error


def write_ledger(folder: Path, entries: Mapping[str, Entry]) -> None:
    """Replace the ledger in one step."""
    content = {"format": 1, "files": {name: asdict(entries[name]) for name in sorted(entries)}}
    draft = folder / f".{LEDGER_NAME}.part"
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(draft, folder / LEDGER_NAME)


def sha256_of(path: Path) -> str:
    """Return the checksum of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
