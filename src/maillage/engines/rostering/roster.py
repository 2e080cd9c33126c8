"""Who holds which duty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from maillage.core.errors import InputError
from maillage.engines.rostering.case import Case

Pair = tuple[int, int]
"""Position of a duty, position of a person."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Pairs of a duty and a person who holds it, by position in a case of that size.

    holders    people of each duty, in order; shape (n_duties,) of tuples
    duties_of  duties of each person, in order of start; shape (n_people,) of tuples
    """

    pairs: frozenset[Pair]
    n_duties: int
    n_people: int
    holders: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)
    duties_of: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        holders: list[list[int]] = [[] for _ in range(self.n_duties)]
        duties_of: list[list[int]] = [[] for _ in range(self.n_people)]
        for duty, person in sorted(self.pairs):
            if not (0 <= duty < self.n_duties and 0 <= person < self.n_people):
                raise InputError(
                    f"The roster gives duty {duty} to person {person}; expected positions below "
                    f"{self.n_duties} and {self.n_people}."
                )
            holders[duty].append(person)
            duties_of[person].append(duty)
        object.__setattr__(self, "holders", tuple(map(tuple, holders)))
        object.__setattr__(self, "duties_of", tuple(map(tuple, duties_of)))

    @classmethod
    def of(cls, case: Case, pairs: Iterable[Pair]) -> "Roster":
        """Return the roster of a case made of `pairs` of positions."""
        return cls(frozenset(pairs), len(case.duties), len(case.people))

    @classmethod
    def named(cls, case: Case, holders: Mapping[str, Iterable[str]]) -> "Roster":
        """Return the roster in which each duty, by identifier, has these holders."""
        return cls.of(
            case,
            (
                (case.duty_at(duty_id), case.person_at(person_id))
                for duty_id, people in holders.items()
                for person_id in people
            ),
        )

    def with_changes(self, *, added: Iterable[Pair] = (), removed: Iterable[Pair] = ()) -> "Roster":
        """Return this roster with some pairs taken out and others put in."""
        pairs = (self.pairs - frozenset(removed)) | frozenset(added)
        return Roster(pairs, self.n_duties, self.n_people)
