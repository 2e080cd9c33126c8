"""The one list of studies: web, command line and documentation read it."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final, Protocol

from maillage.core.errors import InputError
from maillage.engines.accessibility.moves import ACTS_PER_FTE
from maillage.studies import scenarios
from maillage.studies.profile import profile
from maillage.studies.scenarios import MoveInput
from maillage.studies.store.reading import Store


class Progress(Protocol):
    """Told how far a study is: a share from 0 to 1, and the step in French."""

    def __call__(self, share: float, message: str = "") -> None: ...


def silent(share: float, message: str = "") -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class ProfileInputs:
    """kind and code of a territory, or kind "custom" with the codes and the name of a list."""

    kind: str
    code: str = ""
    codes: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class WhatIfInputs:
    """moves: list of {"kind", "code", "count", "acts", "counted"}, see `scenarios.MoveInput`."""

    moves: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class BestPlacesInputs:
    """k places among the communes of a territory (kind and code), or among `codes`.

    acts  acts a year of one more doctor; 0 for the reviewed default
    """

    k: int
    kind: str = ""
    code: str = ""
    codes: tuple[str, ...] = ()
    acts: float = 0.0
    most_per_place: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.k <= 50:
            raise InputError(
                f"k is {self.k}: expected 1 to 50 places.",
                french=f"{self.k} lieux demandés : de 1 à 50 sont possibles.",
            )
        if not 1 <= self.most_per_place <= 50:
            raise InputError(
                f"most_per_place is {self.most_per_place}: expected 1 to 50.",
                french=f"{self.most_per_place} médecins par lieu : de 1 à 50 sont possibles.",
            )
        if not 0 <= self.acts <= 1e6:
            raise InputError(
                f"acts is {self.acts}: expected 0 to 1,000,000 a year.",
                french="le nombre d’actes par an va de 0 à 1 000 000.",
            )
        if bool(self.kind) == bool(self.codes):
            raise InputError(
                "Say either kind and code of a territory, or codes of communes.",
                french="donnez le type et le code d’un territoire, ou des codes de communes.",
            )


Answer = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Study:
    """One question that can be put to a store.

    inputs  dataclass whose fields are the question
    run     (inputs, store, *, progress, stop) → plain JSON
    """

    name: str
    title: str
    description: str
    inputs: type[Any]
    run: Answer = field(repr=False)

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the inputs complete with their defaults, plain JSON. Raises InputError."""
        made = self.parse(given)
        return {item.name: _plain(getattr(made, item.name)) for item in fields(self.inputs)}

    def parse(self, given: Mapping[str, Any]) -> Any:
        """Return the inputs as their dataclass. Raises InputError: unknown, missing or wrong."""
        known = {item.name: item for item in fields(self.inputs)}
        if unknown := sorted(set(given) - set(known)):
            raise InputError(
                f"{self.name}: unknown inputs {unknown}; expected {sorted(known)}.",
                french=f"données inconnues {_listed(unknown)} ; "
                f"cette étude attend {_listed(sorted(known))}.",
            )
        missing = [
            name for name, item in known.items() if item.default is MISSING and name not in given
        ]
        if missing:
            raise InputError(
                f"{self.name}: inputs {missing} are missing.",
                french=f"il manque {_listed(missing)}.",
            )
        return self.inputs(
            **{name: _typed(self.name, known[name], value) for name, value in given.items()}
        )

    def answer(
        self,
        given: Mapping[str, Any],
        store: Store,
        *,
        progress: Progress = silent,
        stop: Callable[[], bool] = lambda: False,
    ) -> Any:
        """Return the answer as plain JSON.

        Raises InputError for wrong inputs, NotEnoughDataError when the store cannot answer, and
        CancelledError when `stop` says so.
        """
        return self.run(self.parse(given), store, progress=progress, stop=stop)


def _profile(inputs: ProfileInputs, store: Store, *, progress: Progress, stop: Any) -> Any:
    rows = store.rows_of_codes(list(inputs.codes)) if inputs.codes else None
    progress(0.2, "Profil du territoire")
    return profile(store, inputs.kind, inputs.code, rows=rows, name=inputs.name).as_json()


def _what_if(inputs: WhatIfInputs, store: Store, *, progress: Progress, stop: Any) -> Any:
    moves = [_move(one) for one in inputs.moves]
    progress(0.2, "Simulation")
    return scenarios.scenario_report(store, moves)


def _best_places(
    inputs: BestPlacesInputs, store: Store, *, progress: Progress, stop: Callable[[], bool]
) -> Any:
    if inputs.codes:
        candidates = store.rows_of_codes(list(inputs.codes))
    else:
        candidates = store.rows(inputs.kind, inputs.code)
    progress(0.1, f"Recherche parmi {candidates.size} communes")
    found = scenarios.best_places(
        store,
        candidates,
        k=min(inputs.k, candidates.size * inputs.most_per_place),
        acts=inputs.acts or ACTS_PER_FTE,
        most_per_place=inputs.most_per_place,
        stop=stop,
    )
    return scenarios.placement_report(store, found)


def _move(given: Mapping[str, Any]) -> MoveInput:
    study = Study("move", "", "", MoveInput, silent)
    move: MoveInput = study.parse(given)
    return move


def _typed(study: str, item: Any, value: Any) -> Any:
    """Check a plain JSON value against the type of a field."""
    wanted = str(item.type)
    name = item.name
    if wanted.startswith("tuple"):
        if not isinstance(value, list | tuple):
            raise InputError(
                f"{study}: {name} is {value!r}, expected a list.",
                french=f"« {name} » est une liste.",
            )
        if "Mapping" not in wanted and not all(isinstance(one, str) for one in value):
            raise InputError(
                f"{study}: {name} holds something that is not text.",
                french=f"« {name} » est une liste de textes.",
            )
        if "Mapping" in wanted and not all(isinstance(one, Mapping) for one in value):
            raise InputError(
                f"{study}: {name} holds something that is not an object.",
                french=f"« {name} » est une liste d’objets JSON.",
            )
        return tuple(value)
    kinds: dict[type, tuple[type, ...]] = {str: (str,), int: (int,), float: (int, float)}
    if isinstance(value, bool) or not isinstance(value, kinds[item.type]):
        words = {str: "un texte", int: "un nombre entier", float: "un nombre"}[item.type]
        raise InputError(
            f"{study}: {name} is {value!r}, expected {item.type.__name__}.",
            french=f"« {name} » est {words}.",
        )
    return value


def _listed(names: list[str]) -> str:
    return ", ".join(f"« {name} »" for name in names)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [dict(one) if isinstance(one, Mapping) else one for one in value]
    return value


WORDS: Final[Mapping[str, str]] = {
    "kind": "type de territoire",
    "code": "code du territoire",
    "codes": "codes des communes",
    "name": "nom",
    "moves": "gestes",
    "k": "médecins à placer",
    "acts": "consultations par médecin et par an",
    "most_per_place": "médecins au plus par commune",
    "store_version": "version des données",
    "threshold": "seuil, en consultations par an et par habitant",
    "proven_share": "part du meilleur choix possible, prouvée",
    "people_lifted": "habitants passés au-dessus du seuil",
    "complete": "autant de lieux que demandé",
    "shortfall_before": "consultations manquantes avant, par an",
    "shortfall_removed": "consultations manquantes comblées, par an",
    "places": "lieux",
}
"""Inputs and answers that pages show by name, in French."""

STUDIES: Final[Mapping[str, Study]] = {
    study.name: study
    for study in (
        Study(
            "profile",
            "Profil d'un territoire",
            "Ce qui compte d'abord, comparé au département, à la région, à la France.",
            ProfileInputs,
            _profile,
        ),
        Study(
            "what_if",
            "Et si… : ajouter ou retirer de l'offre de soins",
            "Ce que des installations, un bus, une cabine ou des départs changent à l'accès.",
            WhatIfInputs,
            _what_if,
        ),
        Study(
            "best_places",
            "Meilleurs lieux pour de nouveaux médecins",
            "Les communes où un médecin de plus aide le plus d'habitants sous 2,5 consultations.",
            BestPlacesInputs,
            _best_places,
        ),
    )
}
