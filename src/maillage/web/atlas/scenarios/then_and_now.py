"""A saved result beside the one that today's data give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from maillage.web.atlas.scenarios.presenting import (
    NOT_AVAILABLE,
    before_and_after,
    people,
    signed,
)

_FIGURES: Final = (
    ("acts", "Consultations par an"),
    ("gaining", "Habitants dont l’accès augmente"),
    ("losing", "Habitants dont l’accès diminue"),
    ("lifted", "Habitants qui passent au-dessus de 2,5"),
    ("dropped", "Habitants qui descendent sous 2,5"),
)
_COMMUNES_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Aged:
    """One figure then and now, as people read it."""

    label: str
    then: str
    now: str


def then_and_now(saved: Mapping[str, Any], today: Mapping[str, Any]) -> list[Aged]:
    """Return the figures of two snapshots side by side, then the communes saved."""
    lines = [
        Aged(label, _written(name, saved.get(name)), _written(name, today.get(name)))
        for name, label in _FIGURES
    ]
    current = {row["code"]: row for row in today.get("communes", [])}
    for row in saved.get("communes", [])[:_COMMUNES_SHOWN]:
        now = current.get(row["code"])
        lines.append(Aged(row["name"], _change(row), _change(now) if now else "n’est plus touchée"))
    return lines


def _written(name: str, value: float | None) -> str:
    if value is None:
        return NOT_AVAILABLE
    return signed(value, decimals=0) if name == "acts" else people(value)


def _change(row: Mapping[str, Any]) -> str:
    if row["published"] is None or row["estimated"] is None:
        return NOT_AVAILABLE
    before, after = before_and_after(row["published"], row["estimated"])
    return f"{before} → {after}"
