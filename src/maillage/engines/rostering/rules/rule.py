"""What every rule has: a name, the people it binds, the law behind it, two ways to state it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.model import Model, Reason
from maillage.engines.rostering.people import Person, Status
from maillage.engines.rostering.roster import Roster


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a rule binds: these statuses, or these people by identifier; empty means anyone."""

    statuses: frozenset[Status] = frozenset()
    people: frozenset[str] = frozenset()

    def binds(self, person: Person) -> bool:
        """Say whether a person is bound."""
        return (not self.statuses or person.status in self.statuses) and (
            not self.people or person.person_id in self.people
        )


EVERYONE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(ABC):
    """A rule: `breaches` says it in plain code, `constrain` says the same to the solver.

    name     identifies it, such as "rest"; its words are made in `studies`
    article  the text of law or agreement; "" when it is a choice of the territory
    """

    name: str
    article: str = ""
    scope: Scope = EVERYONE

    @abstractmethod
    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List what a roster does that the rule forbids."""

    @abstractmethod
    def constrain(self, model: Model) -> None:
        """Forbid the same in a model."""

    def bound(self, case: Case, people: Iterable[int]) -> Iterator[int]:
        """Yield those of `people`, by position, whom the rule binds."""
        return (at for at in people if self.scope.binds(case.people[at]))

    def breach(
        self,
        case: Case,
        *,
        people: Iterable[int] = (),
        duties: Iterable[int] = (),
        found: int,
        limit: int,
        unit: str,
        days: tuple[int, ...] = (),
    ) -> Breach:
        """Return one breach of this rule, positions turned into identifiers."""
        return Breach(
            self.name,
            tuple(case.people[at].person_id for at in people),
            tuple(case.duties[at].duty_id for at in duties),
            found,
            limit,
            unit,
            self.article,
            days,
        )

    def reason(
        self, case: Case, *, people: Iterable[int] = (), duties: Iterable[int] = ()
    ) -> Reason:
        """Return the reason to give for a constraint of this rule."""
        return Reason(
            self.name,
            tuple(case.people[at].person_id for at in people),
            tuple(case.duties[at].duty_id for at in duties),
        )
