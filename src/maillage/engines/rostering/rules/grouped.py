"""Duties that go together, and duties that may not, or must, follow one another."""

from collections.abc import Iterator
from dataclasses import dataclass

from maillage.core.errors import InputError
from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import Match
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(Rule):
    """Who holds one duty of a group holds them all: paired duties, a weekend in one piece.

    groups  identifiers of duties
    """

    name: str = "together"
    groups: tuple[tuple[str, ...], ...]

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the people who hold part of a group."""
        found = []
        for group in self._positions(case):
            for person in self.bound(case, sorted({p for at in group for p in roster.holders[at]})):
                held = [at for at in group if person in roster.holders[at]]
                if len(held) < len(group):
                    found.append(
                        self.breach(
                            case,
                            people=[person],
                            duties=held,
                            found=len(held),
                            limit=len(group),
                            unit="duties",
                        )
                    )
        return found

    def constrain(self, model: Model) -> None:
        """Hold the duties of each group, in turn, to one another."""
        for group in self._positions(model.case):
            for person in self.bound(model.case, model.people):
                held = [model.held(at, person) for at in group]
                reason = self.reason(model.case, people=[person], duties=group)
                for one, other in zip(held, [*held[1:], held[0]], strict=True):
                    model.implies(one, [other], reason)

    def _positions(self, case: Case) -> list[list[int]]:
        return [sorted(case.duty_at(duty_id) for duty_id in group) for group in self.groups]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence(Rule):
    """Duties counted in days: so many days after `first`, `then` is forbidden, or wanted.

    wanted  False: nobody holds both. True: who holds `first` holds a `then` so many days later,
            where the period has one
    """

    first: Match
    then: Match
    days_apart: int = 1
    wanted: bool = False

    def __post_init__(self) -> None:
        if self.days_apart < 0:
            raise InputError(f"days_apart is {self.days_apart}; expected 0 or more.")

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the sequences held that are forbidden, or not held that are wanted."""
        found = []
        for person in self.bound(case, range(roster.n_people)):
            held = set(roster.duties_of[person])
            for at, later in self._sequences(case):
                both = [*held.intersection(later)]
                if at in held and bool(both) != self.wanted:
                    found.append(
                        self.breach(
                            case,
                            people=[person],
                            duties=[at, *sorted(both)],
                            found=len(both),
                            limit=int(self.wanted),
                            unit="duties",
                        )
                    )
        return found

    def constrain(self, model: Model) -> None:
        """Forbid each pair, or ask for one of those wanted."""
        for person in self.bound(model.case, model.people):
            reason = self.reason(model.case, people=[person])
            for at, later in self._sequences(model.case):
                held, following = model.held(at, person), model.any_of(person, later)
                if self.wanted and not model.open_end:
                    model.implies(held, [following], reason)
                elif not self.wanted:
                    model.at_most([held, following], 1, reason)

    def _sequences(self, case: Case) -> Iterator[tuple[int, list[int]]]:
        """Yield each first duty with those that may stand for what follows, where there are."""
        then_on: dict[int, list[int]] = {}
        for at in sorted(case.matching(self.then)):
            then_on.setdefault(case.day_of[at], []).append(at)
        for at in sorted(case.matching(self.first)):
            later = [one for one in then_on.get(case.day_of[at] + self.days_apart, ()) if one != at]
            if later:
                yield at, later
