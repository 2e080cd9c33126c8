"""A scenario as an address, so that it can be shared, undone with "back", and read without script.

    /simuler/?m=gp:64422:2&m=bus:64102:1:30&m=cabin:64422:1000::0.4

One `m` per move, in the order in which they were made: kind:commune:count[:acts[:counted]].
Kinds and defaults are in `gestures`; an empty or missing field takes the default. Numbers have a
decimal point. `v` is the version of this language; without it, version 1. A later version will
still read this one: addresses are kept in e-mails and council reports.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from maillage.core.errors import InputError, MaillageError
from maillage.studies.french import french_name
from maillage.studies.indicators import french_number
from maillage.studies.scenarios import MOST_MOVES, MOVE_KINDS, MoveInput
from maillage.studies.store import Store
from maillage.web.atlas.scenarios.gestures import Gesture, Quantity, gesture_of

VERSION: Final = "1"
_LONGEST_TOKEN: Final = 60
_PROBLEMS_TOLD: Final = 5
_NUMBER: Final = re.compile(r"-?[0-9]{1,7}(?:[.,][0-9]{1,3})?")
_EXAMPLE: Final = "attendu type:commune:nombre, par exemple gp:64422:2"


class MoveRefused(MaillageError):
    """A move that cannot be read or is out of bounds; the text is French, for the visitor."""


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """One move of a scenario, understood and checked.

    move   what the study takes; gesture: its words and bounds
    place  name of the commune; at: "à Oloron-Sainte-Marie", "au Mans"
    """

    move: MoveInput
    gesture: Gesture
    place: str
    at: str

    @property
    def token(self) -> str:
        """The move as addresses write it, in its shortest form."""
        parts = [self.move.kind, self.move.code, plain_number(self.move.count)]
        acts, counted = self.gesture.acts, self.gesture.counted
        if acts is not None and self.move.acts != acts.default:
            parts.append(plain_number(self.move.acts))
        if counted is not None and self.move.counted != counted.default:
            parts += [""] * (4 - len(parts)) + [plain_number(self.move.counted)]
        return ":".join(parts)

    @property
    def sentence(self) -> str:
        """The move in words: "2 généralistes de plus à Oloron-Sainte-Marie"."""
        return _SENTENCES[self.gesture.key](self)

    @property
    def detail(self) -> str:
        """Acts behind the move, in words; "" when there are none to say."""
        if self.gesture.acts is None:
            return ""
        acts = french_number(self.move.acts, decimals=0)
        per = "jour de présence" if self.gesture.key == "bus" else "médecin et par an"
        return f"{acts} consultations par {per}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The moves of an address, and in French what could not be read of it."""

    moves: tuple[PlannedMove, ...]
    problems: tuple[str, ...] = ()

    @property
    def tokens(self) -> list[str]:
        """The moves as addresses write them."""
        return [move.token for move in self.moves]

    @property
    def inputs(self) -> list[MoveInput]:
        """The moves as the study takes them."""
        return [move.move for move in self.moves]


def read_plan(store: Store, tokens: Sequence[str], *, version: str = VERSION) -> Plan:
    """Return the moves that an address asks for; what is wrong is told, the rest is kept."""
    if version != VERSION:
        return Plan(
            (),
            (
                f"Cette adresse est écrite dans la version « {version[:20]} » du langage des "
                f"scénarios ; ce site lit la version {VERSION}.",
            ),
        )
    if len(tokens) > MOST_MOVES:
        count = french_number(len(tokens), decimals=0)
        return Plan((), (f"{count} gestes : un scénario en compte au plus {MOST_MOVES}.",))
    moves, problems = [], []
    retired: dict[int, float] = {}
    for token in tokens:
        try:
            planned = read_move(store, token)
            _check_retired(store, planned, retired)
            moves.append(planned)
        except MoveRefused as error:
            problems.append(str(error))
    told = problems[:_PROBLEMS_TOLD]
    if len(problems) > len(told):
        told.append(f"Et {len(problems) - len(told)} autres gestes qui n’ont pas été compris.")
    return Plan(tuple(moves), tuple(told))


def read_move(store: Store, token: str) -> PlannedMove:
    """Return one move of an address. Raises MoveRefused."""
    shown = token[:_LONGEST_TOKEN]
    parts = token.split(":")
    if not 3 <= len(parts) <= 5 or len(token) > _LONGEST_TOKEN:
        raise MoveRefused(f"« {shown} » n’est pas un geste : {_EXAMPLE}.")
    kind, code = parts[0], parts[1]
    if kind not in MOVE_KINDS:
        known = ", ".join(MOVE_KINDS)
        raise MoveRefused(f"« {kind} » n’est pas un type de geste : attendu {known}.")
    count = number(parts[2], what="Le nombre")
    rest = [*parts[3:], "", ""]
    return planned_move(
        store,
        gesture_of_count(kind, count),
        code,
        count=abs(count),
        acts=number(rest[0], what="Le nombre de consultations") if rest[0] else None,
        counted=number(rest[1], what="La part comptée") if rest[1] else None,
    )


def gesture_of_count(kind: str, count: float) -> Gesture:
    """Return the gesture of a signed count. Raises MoveRefused where only doctors may leave."""
    if count < 0 and kind != "gp":
        raise MoveRefused(
            f"Un geste « {kind} » compte {_written(count)} : seuls des médecins (gp) peuvent "
            "être en nombre négatif, pour des départs."
        )
    return gesture_of(kind, count)


def planned_move(
    store: Store,
    gesture: Gesture,
    code: str,
    *,
    count: float,
    acts: float | None = None,
    counted: float | None = None,
) -> PlannedMove:
    """Return a checked move; `count` is positive, left-out figures take the defaults.

    Raises MoveRefused: unknown commune, figure out of its bounds.
    """
    commune_code, name = commune_named(store, code)
    _check_bounds(gesture.count, count)
    if gesture.acts is not None:
        acts = gesture.acts.default if acts is None else acts
        _check_bounds(gesture.acts, acts)
    if gesture.counted is not None:
        counted = gesture.counted.default if counted is None else counted
        _check_bounds(gesture.counted, counted)
    move = MoveInput(
        gesture.kind,
        commune_code,
        gesture.sign * count,
        acts=(acts or 0.0) if gesture.acts is not None else 0.0,
        counted=0.5 if counted is None or gesture.counted is None else counted,
    )
    return PlannedMove(move, gesture, name, french_name("commune", commune_code, name).at)


def commune_named(store: Store, code: str) -> tuple[str, str]:
    """Return today's code and the name of a commune; an ended one leads to its successor.

    Raises MoveRefused, for a code that is none, or that was split.
    """
    unknown = MoveRefused(
        f"« {code[:12]} » n’est le code d’aucune commune de {store.cog_year} : "
        "cherchez-la par son nom."
    )
    if code in store.row_of:
        return code, str(store.units["name"][store.row_of[code]])
    if code in store.membership("commune"):
        return code, store.territory_name("commune", code)
    try:
        rows = store.rows_of_codes([code])
    except InputError:
        raise unknown from None
    if rows.size != 1:
        raise MoveRefused(
            f"La commune {code} a été partagée : choisissez l’une de celles qui lui succèdent."
        )
    return str(store.units["code"][rows[0]]), str(store.units["name"][rows[0]])


def number(text: str, *, what: str) -> float:
    """Read a number with a point or a comma. Raises MoveRefused."""
    cleaned = text.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(cleaned):
        raise MoveRefused(f"{what} « {text[:20]} » n’est pas un nombre : attendu par exemple 1,5.")
    return float(cleaned.replace(",", "."))


def plain_number(value: float) -> str:
    """Return a number as addresses write it: "2", "0.5", never an exponent."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def address(path: str, tokens: Iterable[str], *, extra: Sequence[tuple[str, str]] = ()) -> str:
    """Return the address of `path` with moves and other parameters."""
    pairs = [*(("m", token) for token in tokens), *extra]
    return f"{path}?{urlencode(pairs, safe=':', quote_via=quote)}" if pairs else path


def _check_bounds(quantity: Quantity, value: float) -> None:
    if not quantity.least <= value <= quantity.most:
        low, high, found = (
            _written(100 * one if quantity.is_pct else one)
            for one in (quantity.least, quantity.most, value)
        )
        raise MoveRefused(f"{quantity.label} : {found} a été demandé, attendu de {low} à {high}.")


def _check_retired(store: Store, planned: PlannedMove, retired: dict[int, float]) -> None:
    """Refuse that the same doctors retire twice; remember who retires."""
    if planned.gesture.key != "retire":
        return
    rows = store.rows_of_codes([planned.move.code]).tolist()
    if any(retired.get(row, 0.0) + planned.move.count > 1 + 1e-9 for row in rows):
        raise MoveRefused(
            f"Les départs {planned.at} dépassent 100 % des médecins de plus de 65 ans : "
            "gardez un seul geste de ce type par commune."
        )
    for row in rows:
        retired[row] = retired.get(row, 0.0) + planned.move.count


def _written(value: float) -> str:
    return plain_number(value).replace(".", ",").replace("-", "−")


def _doctors(count: float, adjective: str = "") -> str:
    plural = "s" if count >= 2 else ""
    words = f"{_written(count)} généraliste{plural}"
    return f"{words} {adjective}{plural}" if adjective else words


def _arrive(planned: PlannedMove) -> str:
    return f"{_doctors(planned.move.count)} de plus {planned.at}"


def _leave(planned: PlannedMove) -> str:
    return f"{_doctors(-planned.move.count)} de moins {planned.at}"


def _house(planned: PlannedMove) -> str:
    return f"Maison de santé {planned.at} : {_doctors(planned.move.count)} de plus"


def _centre(planned: PlannedMove) -> str:
    return f"Centre de santé {planned.at} : {_doctors(planned.move.count, 'salarié')}"


def _bus(planned: PlannedMove) -> str:
    days = planned.move.count
    return f"Bus {planned.at}, {_written(days)} jour{'s' if days >= 2 else ''} par semaine"


def _cabin(planned: PlannedMove) -> str:
    acts = french_number(planned.move.count, decimals=0)
    share = _written(100 * planned.move.counted)
    return f"Cabine {planned.at} : {acts} téléconsultations par an, comptées à {share} %"


def _retire(planned: PlannedMove) -> str:
    share = _written(100 * planned.move.count)
    return f"Médecins de plus de 65 ans non remplacés {planned.at} : {share} %"


_SENTENCES: Final = {
    "arrive": _arrive,
    "leave": _leave,
    "house": _house,
    "centre": _centre,
    "bus": _bus,
    "cabin": _cabin,
    "retire": _retire,
}
