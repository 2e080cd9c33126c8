"""Duties, and how to name some of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from maillage.core.errors import InputError
from maillage.engines.rostering.people import Status


class Kind(StrEnum):
    """What a duty is."""

    GARDE = "garde"
    ASTREINTE = "astreinte"
    REGULATION = "regulation"
    CONSULTATION = "consultation"


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty to be held.

    line            the recurring line it belongs to, such as "urgences nuit"
    start_min       elapsed minutes since the period's start; end_min likewise. A garde from 20:00
                    to 08:00 lasts 660 min one night in March and 780 one in October
    skills          all of them are needed of each holder
    places          how many people hold it
    types           what it counts as: "night", "weekend", "holiday"…
    points          difficulty
    priority        weight of one place left empty, against other duties
    work_min        minutes counted as work; None: all of them. An astreinte counts fewer
    pay_cents       what each holder is paid, by status; a status not there is paid nothing
    harmonised_pay_cents  the same for everyone, in the harmonised grid
    """

    duty_id: str
    site: str
    kind: Kind
    start_min: int
    end_min: int
    line: str = ""
    skills: frozenset[str] = frozenset()
    places: int = 1
    types: frozenset[str] = frozenset()
    points: int = 0
    priority: int = 1
    work_min: int | None = None
    pay_cents: Mapping[Status, int] = field(default_factory=dict)
    harmonised_pay_cents: int = 0

    def __post_init__(self) -> None:
        if not self.duty_id:
            raise InputError("A duty has no identifier; give each one a text of its own.")
        if not self.start_min < self.end_min:
            raise InputError(
                f"{self.duty_id} runs from minute {self.start_min} to {self.end_min}; expected an "
                "end after its start."
            )
        amounts = {
            "places": self.places - 1,
            "priority": self.priority - 1,
            "points": self.points,
            "work_min": self.counted_min,
            "pay": min((*self.pay_cents.values(), self.harmonised_pay_cents)),
        }
        for name, value in amounts.items():
            if value < 0:
                raise InputError(
                    f"{self.duty_id}: {name} is too small; expected 1 or more for places and "
                    "priority, 0 or more for points, minutes and pay."
                )

    @property
    def duration_min(self) -> int:
        """Return how long it lasts, in minutes."""
        return self.end_min - self.start_min

    @property
    def counted_min(self) -> int:
        """Return the minutes that count as work."""
        return self.duration_min if self.work_min is None else self.work_min


@dataclass(frozen=True, slots=True)
class Match:
    """Names some duties: those of one of the kinds, on one of the lines…; empty means any."""

    kinds: frozenset[Kind] = frozenset()
    types: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()

    def takes(self, duty: Duty) -> bool:
        """Say whether a duty is one of those named."""
        return (
            (not self.kinds or duty.kind in self.kinds)
            and (not self.types or not self.types.isdisjoint(duty.types))
            and (not self.sites or duty.site in self.sites)
            and (not self.lines or duty.line in self.lines)
        )


ANY_DUTY = Match()
