"""What the forms of the what-if ask, read by hand: the whole state is in the address."""

from collections.abc import Mapping
from dataclasses import dataclass

from maillage.studies.store import Store
from maillage.web.atlas.scenarios.gestures import GESTURE_BY_KEY, GESTURES, Gesture, Quantity
from maillage.web.atlas.scenarios.language import (
    MoveRefused,
    PlannedMove,
    number,
    plain_number,
    planned_move,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One figure asked: name in the form, words, text shown."""

    name: str
    id: str
    label: str
    help: str
    text: str


@dataclass(frozen=True, slots=True)
class GestureForm:
    """One gesture as the page offers it at a commune."""

    gesture: Gesture
    fields: tuple[Field, ...]
    is_open: bool
    error: str = ""


def gesture_forms(
    given: Mapping[str, str], *, error: str = "", opened: str = "arrive"
) -> tuple[GestureForm, ...]:
    """Return the forms of every gesture; the one that was sent keeps what was typed."""
    sent = given.get("geste", "")
    opened = sent if sent in GESTURE_BY_KEY else opened
    return tuple(
        GestureForm(
            gesture,
            tuple(_fields(gesture, given if gesture.key == sent else {})),
            gesture.key == opened,
            error if gesture.key == sent else "",
        )
        for gesture in GESTURES
    )


def move_asked(store: Store, given: Mapping[str, str]) -> PlannedMove:
    """Return the move that a form asks for. Raises MoveRefused."""
    gesture = GESTURE_BY_KEY.get(given.get("geste", ""))
    if gesture is None:
        raise MoveRefused("Choisissez un geste dans la liste.")
    return planned_move(
        store,
        gesture,
        given.get("lieu", ""),
        count=_figure(gesture.count, given.get("nombre", "")),
        acts=_optional(gesture.acts, given.get("actes", "")),
        counted=_optional(gesture.counted, given.get("part", "")),
    )


def _optional(quantity: Quantity | None, text: str) -> float | None:
    return None if quantity is None or not text.strip() else _figure(quantity, text)


def _figure(quantity: Quantity, text: str) -> float:
    value = number(text, what=f"« {quantity.label} » :")
    return value / 100 if quantity.is_pct else value


def _fields(gesture: Gesture, given: Mapping[str, str]) -> list[Field]:
    asked = [("nombre", gesture.count), ("actes", gesture.acts), ("part", gesture.counted)]
    return [
        Field(
            name,
            f"{gesture.key}-{name}",
            quantity.label,
            quantity.help,
            given.get(name, _shown(quantity)),
        )
        for name, quantity in asked
        if quantity is not None
    ]


def _shown(quantity: Quantity) -> str:
    default = 100 * quantity.default if quantity.is_pct else quantity.default
    return plain_number(default).replace(".", ",")
