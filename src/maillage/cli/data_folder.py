"""Which data a command works on: the folder that is named, or the fictional department."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import maillage
from maillage.cli.outcome import MissingError, say
from maillage.web.config.folders import data_dir, var_dir

_MARK: Final = ".made-by"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A folder of files in the official formats; `fictional` when they describe nowhere."""

    path: Path
    fictional: bool


def named_folder(given: Path | None) -> Path | None:
    """Return the folder that an option or MAILLAGE_DATA_DIR names, or None."""
    return given.expanduser().resolve() if given else data_dir()


def folder_to_fill(given: Path | None) -> Path:
    """Return the folder that downloads go to. Raises MissingError when none is named."""
    folder = named_folder(given)
    if folder is None:
        raise MissingError(
            "Où ranger les fichiers ? Donnez --folder DOSSIER, ou réglez MAILLAGE_DATA_DIR."
        )
    return folder


def folder_to_read(given: Path | None) -> DataFolder:
    """Return the named folder, or the fictional department, made now if it was never.

    Raises MissingError when a folder is named that does not exist.
    """
    folder = named_folder(given)
    if folder is None:
        return DataFolder(fictional_department(), fictional=True)
    if not folder.is_dir():
        raise MissingError(
            f"Le dossier de données {folder} n'existe pas. Corrigez MAILLAGE_DATA_DIR, ou "
            "remplissez-le avec « maillage data pull »."
        )
    return DataFolder(folder, fictional=False)


def fictional_department() -> Path:
    """Return the folder of the fictional department; written once by each version of Maillage."""
    folder = var_dir() / "fictional"
    mark = folder / _MARK
    if mark.is_file() and mark.read_text(encoding="utf-8") == maillage.__version__:
        return folder
    from maillage.sources.fictional import DEFAULT_SEED, write_department

    say("Création du département fictif…")
    draft = folder.with_name("fictional.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    write_department(draft, seed=DEFAULT_SEED)
    (draft / _MARK).write_text(maillage.__version__, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(draft, folder)
    return folder
