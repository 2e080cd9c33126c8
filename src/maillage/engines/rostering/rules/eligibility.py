"""Rules on one person and one duty: who may hold what at all."""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import Duty
from maillage.engines.rostering.model import BoolArray, Model
from maillage.engines.rostering.people import Person
from maillage.engines.rostering.roster import Pair, Roster
from maillage.engines.rostering.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRule(Rule):
    """A rule that looks at one duty and one person."""

    @abstractmethod
    def refuses(self, duty: Duty, person: Person) -> bool:
        """Say whether the person may not hold the duty."""

    def refused(self, case: Case) -> BoolArray:
        """Return the pairs that the rule refuses, shape (n_duties, n_people)."""
        refused = np.zeros((len(case.duties), len(case.people)), dtype=np.bool_)
        for at in self.bound(case, range(len(case.people))):
            person = case.people[at]
            refused[:, at] = [self.refuses(duty, person) for duty in case.duties]
        return refused

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the pairs that are held and refused."""
        return [
            self.breach(case, people=[person], duties=[duty], found=1, limit=0, unit="duties")
            for duty, person in sorted(roster.pairs)
            if self.scope.binds(case.people[person])
            and self.refuses(case.duties[duty], case.people[person])
        ]

    def constrain(self, model: Model) -> None:
        """Refuse people the duty that is asked about: elsewhere, refused pairs have no variable."""
        if model.asked is not None:
            asked = model.case.duties[model.asked]
            for person in self.bound(model.case, model.holders_of(model.asked)):
                if self.refuses(asked, model.case.people[person]):
                    reason = self.reason(model.case, people=[person], duties=[model.asked])
                    model.fix(model.asked, person, 0, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills(PairRule):
    """Who holds a duty has each of its skills."""

    name: str = "skills"

    def refuses(self, duty: Duty, person: Person) -> bool:
        """Say whether a skill is lacking."""
        return not duty.skills <= person.skills


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteering(PairRule):
    """Nobody is sent to a site that is neither in their contract nor accepted by them."""

    name: str = "volunteering"

    def refuses(self, duty: Duty, person: Person) -> bool:
        """Say whether the site is not one of theirs."""
        return not person.may_work_at(duty.site)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absences(PairRule):
    """Nobody is on duty for one minute of an absence."""

    name: str = "absence"

    def refuses(self, duty: Duty, person: Person) -> bool:
        """Say whether the duty overlaps an absence."""
        return any(duty.start_min < end and start < duty.end_min for start, end in person.absences)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestBeforePeriod(PairRule):
    """Nobody starts before the rest due after the last period's duties has ended."""

    name: str = "rest_before_period"

    def refuses(self, duty: Duty, person: Person) -> bool:
        """Say whether the duty starts too early."""
        return duty.start_min < person.free_from_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals(PairRule):
    """What people said "never" to: (person, duty) identifiers. As hard as a law."""

    name: str = "never"
    pairs: frozenset[tuple[str, str]]

    def refuses(self, duty: Duty, person: Person) -> bool:
        """Say whether the person said never to this duty."""
        return (person.person_id, duty.duty_id) in self.pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks(Rule):
    """Cells that a coordinator has fixed: (person, duty) identifiers held, or left free."""

    name: str = "lock"
    held: frozenset[tuple[str, str]] = frozenset()
    freed: frozenset[tuple[str, str]] = frozenset()

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the locked cells that the roster changes."""
        wrong = [(pair, 1) for pair in self._positions(case, self.held) if pair not in roster.pairs]
        wrong += [(pair, 0) for pair in self._positions(case, self.freed) if pair in roster.pairs]
        return [
            self.breach(
                case, people=[who], duties=[what], found=1 - value, limit=value, unit="duties"
            )
            for (what, who), value in wrong
        ]

    def constrain(self, model: Model) -> None:
        """Fix the cells that are free to change."""
        for value, cells in ((1, self.held), (0, self.freed)):
            for duty, person in self._positions(model.case, cells):
                reason = self.reason(model.case, people=[person], duties=[duty])
                model.fix(duty, person, value, reason)

    @staticmethod
    def _positions(case: Case, cells: frozenset[tuple[str, str]]) -> list[Pair]:
        return sorted((case.duty_at(duty), case.person_at(person)) for person, duty in cells)
