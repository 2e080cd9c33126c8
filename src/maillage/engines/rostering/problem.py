"""One question put to the engine: facts, rules, wishes, what is fair, what comes first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from maillage.core.errors import InputError
from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.fairness import Measure, Target, targets
from maillage.engines.rostering.model import BoolArray
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.coverage import NotTooMany
from maillage.engines.rostering.rules.eligibility import (
    Absences,
    Locks,
    PairRule,
    RestBeforePeriod,
    Skills,
    Volunteering,
)
from maillage.engines.rostering.rules.grouped import Together
from maillage.engines.rostering.rules.rest import OnePlace
from maillage.engines.rostering.rules.rule import Rule
from maillage.engines.rostering.wishes import Wish

ALWAYS: tuple[Rule, ...] = (
    NotTooMany(),
    Skills(),
    Volunteering(),
    Absences(),
    RestBeforePeriod(),
    OnePlace(),
)
"""Rules that no territory may leave out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that defines a roster to be found; checks itself.

    rules     those of law and of the territory; `ALWAYS` is added
    wishes    what people ask for
    measures  what is shared fairly
    before    the roster to change as little as possible, where there is one
    allowed   pairs that no rule on a single pair refuses, shape (n_duties, n_people); worked out
    targets   of each measure, in order; worked out
    """

    case: Case
    rules: tuple[Rule, ...] = ()
    wishes: tuple[Wish, ...] = ()
    measures: tuple[Measure, ...] = ()
    before: Roster | None = None
    allowed: BoolArray = field(init=False, repr=False, compare=False)
    targets: tuple[tuple[Target, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", (*ALWAYS, *(r for r in self.rules if r not in ALWAYS)))
        object.__setattr__(self, "wishes", tuple(sorted(self.wishes)))
        self._check_names()
        self._check_groups()
        allowed = self._allowed()
        object.__setattr__(self, "allowed", allowed)
        shared = tuple(tuple(targets(self.case, m, allowed=allowed)) for m in self.measures)
        object.__setattr__(self, "targets", shared)

    def _check_names(self) -> None:
        for rule in self.rules:
            for person_id in rule.scope.people:
                self.case.person_at(person_id)
        for wish in self.wishes:
            self.case.person_at(wish.person_id)
            if wish.partner_id:
                self.case.person_at(wish.partner_id)
            for duty_id in (one for group in wish.groups for one in group):
                self.case.duty_at(duty_id)

    def _check_groups(self) -> None:
        """Raise InputError for duties that go together and want different numbers of people."""
        for group in self.groups:
            if len({self.case.duties[at].places for at in group}) > 1:
                names = [self.case.duties[at].duty_id for at in group]
                raise InputError(
                    f"{names} go together and do not have as many places; give them the same "
                    "number of places, or part them."
                )

    def _allowed(self) -> BoolArray:
        shape = (len(self.case.duties), len(self.case.people))
        refused = (rule.refused(self.case) for rule in self.rules if isinstance(rule, PairRule))
        allowed = ~reduce(np.logical_or, refused, np.zeros(shape, dtype=np.bool_))
        for rule in self.rules:
            if isinstance(rule, Locks):
                for person_id, duty_id in rule.freed:
                    allowed[self.case.duty_at(duty_id), self.case.person_at(person_id)] = False
        return allowed

    @property
    def groups(self) -> list[list[int]]:
        """Return the positions of the duties of each group that goes together."""
        return [
            [self.case.duty_at(duty_id) for duty_id in group]
            for rule in self.rules
            if isinstance(rule, Together)
            for group in rule.groups
        ]

    def breaches(self, roster: Roster) -> list[Breach]:
        """List everything that a roster does against a rule; empty duties are not in it."""
        return [one for rule in self.rules for one in rule.breaches(self.case, roster)]

    def with_groups(self, duties: Iterable[int]) -> frozenset[int]:
        """Return `duties` and those that go together with them."""
        taken = set(duties)
        growing = True
        while growing:
            more = {at for group in self.groups if not taken.isdisjoint(group) for at in group}
            growing = not more <= taken
            taken |= more
        return frozenset(taken)
