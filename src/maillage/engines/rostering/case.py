"""The facts that rules speak of: who, what, when, how far. No rule and no preference in it."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from maillage.core.errors import InputError
from maillage.engines.rostering.duties import Duty, Match
from maillage.engines.rostering.people import Person
from maillage.engines.rostering.period import Period

Worked = TypeVar("Worked")


@dataclass(frozen=True, slots=True)
class Case:
    """People, duties and days, checked.

    people      kept in order of identifier, duties in order of start then identifier: the answer
                does not depend on the order in which they were given
    travel_min  minutes between two sites, in either order; 0 where nothing is said
    day_of      day on which each duty starts, by position
    """

    period: Period
    people: tuple[Person, ...]
    duties: tuple[Duty, ...]
    travel_min: Mapping[tuple[str, str], int] = field(default_factory=dict)
    day_of: tuple[int, ...] = field(init=False)
    _people: Mapping[str, int] = field(init=False, repr=False)
    _duties: Mapping[str, int] = field(init=False, repr=False)
    _worked_out: dict[Hashable, Any] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        people = tuple(sorted(self.people, key=lambda one: one.person_id))
        duties = tuple(sorted(self.duties, key=lambda one: (one.start_min, one.duty_id)))
        end = self.period.day_starts[-1]
        for duty in duties:
            if not 0 <= duty.start_min < end:
                raise InputError(
                    f"{duty.duty_id} starts at minute {duty.start_min}; expected 0 to {end - 1}, "
                    "inside the period."
                )
        for pair, minutes in self.travel_min.items():
            if minutes < 0:
                raise InputError(f"Travel between {pair} takes {minutes} min; expected 0 or more.")
        object.__setattr__(self, "people", people)
        object.__setattr__(self, "duties", duties)
        object.__setattr__(self, "day_of", tuple(self.period.day_of(d.start_min) for d in duties))
        object.__setattr__(self, "_people", _positions("person", (p.person_id for p in people)))
        object.__setattr__(self, "_duties", _positions("duty", (d.duty_id for d in duties)))

    def person_at(self, person_id: str) -> int:
        """Return the position of a person. Raises InputError for an unknown identifier."""
        return _found(self._people, person_id, "person")

    def duty_at(self, duty_id: str) -> int:
        """Return the position of a duty. Raises InputError for an unknown identifier."""
        return _found(self._duties, duty_id, "duty")

    def matching(self, match: Match) -> frozenset[int]:
        """Return the positions of the duties that `match` takes."""
        return self.once(
            match, lambda: frozenset(at for at, d in enumerate(self.duties) if match.takes(d))
        )

    def once(self, key: Hashable, work_out: Callable[[], Worked]) -> Worked:
        """Return what `work_out` gives, worked out the first time that `key` is asked for."""
        if key not in self._worked_out:
            self._worked_out[key] = work_out()
        found: Worked = self._worked_out[key]
        return found

    def travel_between(self, earlier: int, later: int) -> int:
        """Return the minutes between the sites of two duties."""
        one, other = self.duties[earlier].site, self.duties[later].site
        if one == other:
            return 0
        return self.travel_min.get((one, other), self.travel_min.get((other, one), 0))


def _positions(what: str, names: Iterable[str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for at, name in enumerate(names):
        if name in positions:
            raise InputError(f"Two have the identifier {name!r}; each {what} needs its own.")
        positions[name] = at
    return positions


def _found(positions: Mapping[str, int], name: str, what: str) -> int:
    if name not in positions:
        raise InputError(f"No {what} is called {name!r}; expected one of those of the case.")
    return positions[name]
