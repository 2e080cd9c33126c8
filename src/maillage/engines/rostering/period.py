"""The days of a roster, in minutes truly elapsed since it starts."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from maillage.core.errors import InputError

Days = tuple[int, int]
"""First day and the day after the last."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a roster; the engine knows no date, only positions from 0 to n_days - 1.

    day_starts  elapsed minutes at each local midnight, n_days + 1 values from 0, the last being
                the end; a day lasts 1,380 min when clocks go forward and 1,500 when they go back
    weekends    days that make one weekend each (bridges may lengthen it), in order
    day_sets    name → days, such as "holiday", "school_holiday", "bridge"
    """

    day_starts: tuple[int, ...]
    weekends: tuple[tuple[int, ...], ...] = ()
    day_sets: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rising = all(earlier < later for earlier, later in pairwise(self.day_starts))
        if len(self.day_starts) < 2 or self.day_starts[0] != 0 or not rising:
            raise InputError(
                f"day_starts is {self.day_starts[:4]}…; expected two values or more, rising from "
                "0: the elapsed minutes at each midnight, and the end."
            )
        for name, days in (*self.day_sets.items(), *(("weekends", w) for w in self.weekends)):
            self._check_days(name, days)

    def _check_days(self, name: str, days: Iterable[int]) -> None:
        outside = sorted(day for day in days if not 0 <= day < self.n_days)
        if outside:
            raise InputError(f"{name} names day {outside[0]}; expected 0 to {self.n_days - 1}.")

    @property
    def n_days(self) -> int:
        """Return how many days the period has."""
        return len(self.day_starts) - 1

    def day_of(self, minute: int) -> int:
        """Return the day in which an elapsed minute falls."""
        return bisect_right(self.day_starts, minute) - 1
