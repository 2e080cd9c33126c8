"""The door to the studies that can be put as runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from maillage.core.errors import NotEnoughDataError
from maillage.studies import registry
from maillage.studies.registry import STUDIES
from maillage.web.runs.errors import UnknownStudy
from maillage.web.territories.models import StoreVersion
from maillage.web.territories.store import NoActiveStore, store_of_version


class Progress(Protocol):
    """What a study calls to say how far it is: a share from 0 to 1, and the step in French."""

    def __call__(self, share: float, message: str = "") -> None: ...


class Compute(Protocol):
    """A study's computation: same inputs, seed and data, same result.

    It calls `progress` when it can, asks `stop()` at least every few seconds, and raises
    CancelledError when that says yes. It returns finite, plain JSON.
    """

    def __call__(
        self,
        inputs: dict[str, Any],
        *,
        data_version: str,
        seed: int,
        progress: Progress,
        stop: Callable[[], bool],
    ) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study as runs know it.

    check    inputs as given -> inputs complete with their defaults; raises InputError
    compute  the long part
    """

    name: str
    title: str
    check: Callable[[dict[str, Any]], dict[str, Any]]
    compute: Compute


def available_studies() -> Mapping[str, Study]:
    """Return the studies offered by this site, by name: those of the one registry."""
    return {name: _as_run(study) for name, study in STUDIES.items()}


def _as_run(study: registry.Study) -> Study:
    def compute(
        inputs: dict[str, Any],
        *,
        data_version: str,
        seed: int,
        progress: Progress,
        stop: Callable[[], bool],
    ) -> Any:
        try:
            store = store_of_version(data_version)
        except NoActiveStore as error:
            raise NotEnoughDataError(
                f"Version {data_version} of the data has gone.",
                french="les données de ce calcul ont été remplacées par une version plus récente ; "
                "refaites-le.",
            ) from error
        return study.answer(inputs, store, progress=progress, stop=stop)

    return Study(name=study.name, title=study.title, check=study.check, compute=compute)


def find_study(name: str) -> Study:
    """Return the study of that name; raise UnknownStudy with the names that exist."""
    studies = available_studies()
    if name not in studies:
        known = ", ".join(sorted(studies)) or "none"
        raise UnknownStudy(f"{name!r} is not a study of this site; known: {known}.")
    return studies[name]


def current_data_version() -> str:
    """Return the version of the data that a run asked now is put to; raise NoActiveStore."""
    version = StoreVersion.objects.filter(active=True).values_list("version", flat=True).first()
    if version is None:
        raise NoActiveStore("No version of the data is active: run `maillage data build`.")
    return version
