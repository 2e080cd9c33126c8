"""A CP-SAT model over the pairs that are free to change; all others stay as they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from maillage.engines.rostering.case import Case
from maillage.engines.rostering.roster import Pair, Roster

BoolArray = NDArray[np.bool_]
Held = cp_model.IntVar | int
"""A variable, 1 when held; or 0 or 1 where nothing is free."""


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Where a constraint comes from: a rule, and the people and duties it was written for."""

    rule: str
    people: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


class Model:
    """Variables for the free pairs, constants for the rest, and the constraints of rules on them.

    allowed     shape (n_duties, n_people): pairs that the rules on a single pair let through
    free        pairs that may change; the rest keep the value they have in `kept`
    asked       the duty to be explained, by position; None: nothing is. Everyone then has a
                variable on it, refused or not, and each constraint holds only while the switch of
                its reason is on: a solver can then say which reasons exclude one another
    open_end    the period is not filled to its end yet: what must be reached by then waits
    mending     a constraint that kept pairs alone break is left out: what a published roster
                already breaks elsewhere does not forbid to mend it here
    """

    def __init__(
        self,
        case: Case,
        *,
        allowed: BoolArray,
        free: Iterable[Pair],
        kept: Roster,
        asked: int | None = None,
        open_end: bool = False,
        mending: bool = False,
    ) -> None:
        self.case = case
        self.asked = asked
        self.open_end = open_end
        self.mending = mending or asked is not None
        self.cp = cp_model.CpModel()
        self.kept = kept
        self.free = frozenset(free)
        self.variables = {
            pair: self.cp.new_bool_var("")
            for pair in sorted(self.free)
            if allowed[pair] or pair[0] == asked
        }
        self.switches: dict[Reason, cp_model.IntVar] = {}
        self._any: dict[tuple[int, tuple[int, ...]], Held] = {}
        self._index_terms()
        whole = len(self.free) >= allowed.sum()
        duties, people = ({pair[side] for pair in self.variables} for side in (0, 1))
        self.people = tuple(range(len(case.people)) if whole else sorted(people))
        self.duties = tuple(range(len(case.duties)) if whole else sorted(duties))

    def _index_terms(self) -> None:
        held: dict[Pair, Held] = dict.fromkeys(self.kept.pairs - self.free, 1)
        held.update(self.variables)
        self._by_person: list[dict[int, Held]] = [{} for _ in self.case.people]
        self._by_duty: list[dict[int, Held]] = [{} for _ in self.case.duties]
        for duty, person in sorted(held):
            self._by_person[person][duty] = held[duty, person]
            self._by_duty[duty][person] = held[duty, person]

    def terms_of(self, person: int) -> dict[int, Held]:
        """Return the duties a person holds or may hold, in order of start."""
        return self._by_person[person]

    def holders_of(self, duty: int) -> dict[int, Held]:
        """Return the people who hold or may hold a duty."""
        return self._by_duty[duty]

    def held(self, duty: int, person: int) -> Held:
        """Return the variable of a pair, or 0 or 1."""
        return self._by_person[person].get(duty, 0)

    def any_of(self, person: int, duties: Iterable[int]) -> Held:
        """Return what is 1 exactly when the person holds at least one of `duties`."""
        terms = self.terms_of(person)
        present = tuple(duty for duty in duties if duty in terms)
        if any(_is_constant(terms[duty]) for duty in present):
            return 1
        if len(present) < 2:
            return terms[present[0]] if present else 0
        if (person, present) not in self._any:
            works = self.cp.new_bool_var("")
            self.cp.add_max_equality(works, [terms[duty] for duty in present])
            self._any[person, present] = works
        return self._any[person, present]

    def both(self, one: Held, other: Held) -> Held:
        """Return what is 1 exactly when both are held."""
        if isinstance(one, int) or isinstance(other, int):
            fixed, rest = (one, other) if isinstance(one, int) else (other, one)
            return rest if fixed else 0
        both = self.cp.new_bool_var("")
        self.cp.add_min_equality(both, [one, other])
        return both

    def at_most(
        self, held: Sequence[Held], limit: int, reason: Reason, *, weights: Sequence[int] = ()
    ) -> None:
        """Hold Σ weight × held to `limit` (weights 1 unless given)."""
        weights = weights or [1] * len(held)
        fixed = sum(w * h for w, h in zip(weights, held, strict=True) if isinstance(h, int))
        pairs = [(w, h) for w, h in zip(weights, held, strict=True) if not isinstance(h, int) and w]
        room = limit - fixed
        if room < 0:
            self._already_broken()
            room = 0
        if sum(weight for weight, _ in pairs) <= room:
            return
        total = cp_model.LinearExpr.weighted_sum([h for _, h in pairs], [w for w, _ in pairs])
        if room == 1 and self.asked is None and all(weight == 1 for weight, _ in pairs):
            self.cp.add_at_most_one(h for _, h in pairs)
        else:
            self._add(total <= room, reason)

    def at_least(
        self, held: Sequence[Held], limit: int, reason: Reason, *, weights: Sequence[int] = ()
    ) -> None:
        """Hold Σ weight × held to `limit` or more (weights 1 unless given)."""
        weights = weights or [1] * len(held)
        fixed = [w * h for w, h in zip(weights, held, strict=True) if isinstance(h, int)]
        if len(fixed) == len(held):
            if sum(fixed) < limit:
                self._already_broken()
        else:
            self._add(cp_model.LinearExpr.weighted_sum(held, weights) >= limit, reason)

    def implies(self, when: Held, then: Sequence[Held], reason: Reason) -> None:
        """When `when` is held, at least one of `then` is."""
        self.at_least([*then, when], 0, reason, weights=[1] * len(then) + [-1])

    def fix(self, duty: int, person: int, value: int, reason: Reason) -> None:
        """Hold a pair to a value."""
        held = self.held(duty, person)
        if not isinstance(held, int):
            self._add(held == value, reason)
        elif held != value:
            self._already_broken()

    def _already_broken(self) -> None:
        """Make the model impossible, unless it is there to mend something else."""
        if not self.mending:
            self.cp.add_bool_or([])

    def _add(self, constraint: cp_model.BoundedLinearExpression | bool, reason: Reason) -> None:
        added = self.cp.add(constraint)
        if self.asked is not None:
            added.only_enforce_if(self.switch(reason))

    def switch(self, reason: Reason) -> cp_model.IntVar:
        """Return the variable that, when true, puts the constraints of a reason in force."""
        if reason not in self.switches:
            self.switches[reason] = self.cp.new_bool_var("")
        return self.switches[reason]

    def hint(self, roster: Roster) -> None:
        """Tell the solver where to start."""
        for pair, variable in self.variables.items():
            self.cp.add_hint(variable, pair in roster.pairs)

    def roster(self, solver: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Roster:
        """Return the whole roster: kept pairs, and the free ones as the solver has them."""
        held = {pair for pair, variable in self.variables.items() if solver.boolean_value(variable)}
        return Roster.of(self.case, (self.kept.pairs - self.free) | held)


def _is_constant(held: Held) -> bool:
    return isinstance(held, int)
