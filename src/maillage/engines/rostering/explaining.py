"""Why a duty is empty, why I am on duty, what it would cost to free me. Words: in `studies`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ortools.sat.python import cp_model

from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.improving import all_pairs, solver
from maillage.engines.rostering.levels import Level, values
from maillage.engines.rostering.model import Model, Reason
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.repairing import Repair, repair
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.coverage import Coverage
from maillage.engines.rostering.rules.eligibility import Locks


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps one person from one duty in a roster as it stands; nothing: they could take it."""

    person_id: str
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What comes of giving up one reason of a conflict.

    enough    the duty can then be held, all other reasons honoured
    takers    who would hold it, by identifier
    """

    reason: Reason
    enough: bool
    takers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a duty cannot be held: reasons that exclude one another, none of which can be left out.

    reasons      () when the duty can be held after all, or when work ran out: see `certain`
    relaxations  of each reason
    roster       one in which the duty is held, when there is one
    certain      False: work ran out; there is no answer, or some reason of it may be idle
    """

    duty_id: str
    reasons: tuple[Reason, ...]
    relaxations: tuple[Relaxation, ...]
    roster: Roster | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Instead:
    """Someone else who could hold a duty of mine, all else as it is: what each level would gain.

    change  value after less value before, by level; () when an obstacle forbids it
    """

    obstacle: Obstacle
    change: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Freeing:
    """What it would cost to free someone of a duty: the smallest change, and what it does.

    change  value after less value before, by level
    """

    repair: Repair
    change: tuple[int, ...]


def obstacles(problem: Problem, roster: Roster, duty_id: str) -> list[Obstacle]:
    """List, for each person who does not hold a duty, the rules they would break by taking it."""
    at = problem.case.duty_at(duty_id)
    return [
        _obstacle(problem, roster, at, person)
        for person in range(roster.n_people)
        if person not in roster.holders[at]
    ]


def _obstacle(problem: Problem, roster: Roster, duty: int, person: int) -> Obstacle:
    """Compare what one person breaks with a duty and without it; nobody else changes."""
    alone = Roster.of(problem.case, ((at, person) for at in roster.duties_of[person]))
    more = alone.with_changes(added=[(duty, person)])
    already = set(problem.breaches(alone))
    new = tuple(one for one in problem.breaches(more) if one not in already)
    return Obstacle(problem.case.people[person].person_id, new)


def why_empty(
    problem: Problem,
    roster: Roster,
    duty_id: str,
    *,
    seed: int,
    days: int = 7,
    work: float = 5.0,
) -> Conflict:
    """Return the smallest conflict that keeps a duty empty; cut by deletion, so none is idle.

    days  on both sides of the duty in which the roster may change; all else stays. Duties held now
          in those days are to stay held: that is one of the reasons.
    work  deterministic units in all
    """
    return _Inquiry(problem, roster, duty_id, seed, days, work).answer()


class _Inquiry:
    """A model in which each reason has a switch, asked again with fewer reasons each time."""

    def __init__(
        self, problem: Problem, roster: Roster, duty_id: str, seed: int, days: int, work: float
    ) -> None:
        self.problem, self.duty_id, self.seed, self.left = problem, duty_id, seed, work
        self.duty = problem.case.duty_at(duty_id)
        near = self._near(days)
        everyone = [(self.duty, person) for person in range(len(problem.case.people))]
        free = {*all_pairs(problem, near), *everyone}
        self.model = Model(
            problem.case, allowed=problem.allowed, free=free, kept=roster, asked=self.duty
        )
        for rule in problem.rules:
            rule.constrain(self.model)
        self._ask_for_places(roster, near)

    def _near(self, days: int) -> list[int]:
        day_of = self.problem.case.day_of
        near = [at for at, day in enumerate(day_of) if abs(day - day_of[self.duty]) <= days]
        return sorted(self.problem.with_groups(near))

    def _ask_for_places(self, roster: Roster, near: Sequence[int]) -> None:
        """Ask for the duty, and that what is held stays so."""
        for at in near:
            if at == self.duty or len(roster.holders[at]) >= self.problem.case.duties[at].places:
                Coverage().require(self.model, at)
        self.asked = Reason("coverage", (), (self.duty_id,))

    def answer(self) -> Conflict:
        """Return the conflict, or the roster that shows that there is none."""
        switches = [one for one in sorted(self.model.switches) if one != self.asked]
        core, roster = self._ask(switches)
        if core is None:
            return Conflict(self.duty_id, (), (), roster, certain=roster is not None)
        relaxed = {reason: self._relaxed(switches, reason) for reason in core}
        reasons = self._cut(core, [reason for reason in core if not relaxed[reason].enough])
        told = tuple(relaxed[reason] for reason in reasons)
        return Conflict(self.duty_id, tuple(reasons), told, None, certain=self.left > 0)

    def _is_all_that_keeps(self, reason: Reason) -> bool:
        """Say, without the solver, whether one person would break nothing else by the duty."""
        if len(reason.people) != 1 or reason.duties != (self.duty_id,):
            return False
        person = self.problem.case.person_at(reason.people[0])
        obstacle = _obstacle(self.problem, self.model.kept, self.duty, person)
        return len(obstacle.breaches) == 1

    def _ask(self, reasons: Iterable[Reason]) -> tuple[list[Reason] | None, Roster | None]:
        """Return reasons that exclude one another, or a roster that honours all, or neither."""
        on = {self.model.switch(one).index: one for one in (self.asked, *reasons)}
        self.model.cp.clear_assumptions()
        self.model.cp.add_assumptions([self.model.switch(one) for one in on.values()])
        made = solver(seed=self.seed, work=max(self.left, 0.0))
        made.parameters.cp_model_presolve = False
        made.parameters.linearization_level = 0
        status = made.solve(self.model.cp)
        self.left -= made.response_proto.deterministic_time
        if status == cp_model.INFEASIBLE:
            found = {on[at] for at in made.sufficient_assumptions_for_infeasibility()}
            return sorted(found - {self.asked}), None
        feasible = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return None, self.model.roster(made) if feasible else None

    def _cut(self, reasons: list[Reason], doubtful: Sequence[Reason]) -> list[Reason]:
        """Leave out doubtful reasons while a conflict stays: by whole rules, then one by one.

        The others are in every conflict: giving up one of them is enough.
        """
        for rule in sorted({one.rule for one in doubtful}):
            reasons = self._without(reasons, [one for one in doubtful if one.rule == rule])
        for reason in doubtful:
            reasons = self._without(reasons, [reason])
        return reasons

    def _without(self, reasons: list[Reason], dropped: Sequence[Reason]) -> list[Reason]:
        kept = [one for one in reasons if one not in dropped]
        if len(kept) == len(reasons):
            return reasons
        fewer, _ = self._ask(kept)
        return reasons if fewer is None else fewer

    def _relaxed(self, switches: Sequence[Reason], reason: Reason) -> Relaxation:
        if self._is_all_that_keeps(reason):
            return Relaxation(reason, True, reason.people)
        _, roster = self._ask([one for one in switches if one != reason])
        holders = () if roster is None else roster.holders[self.duty]
        takers = tuple(self.problem.case.people[at].person_id for at in holders)
        return Relaxation(reason, roster is not None, takers)


def why_me(
    problem: Problem, roster: Roster, duty_id: str, person_id: str, *, levels: Sequence[Level]
) -> list[Instead]:
    """List everyone else: what forbids them to hold my duty, or what each level would gain."""
    at, me = problem.case.duty_at(duty_id), problem.case.person_at(person_id)
    before = values(problem, levels, roster)
    answers = []
    for obstacle in obstacles(problem, roster, duty_id):
        change: tuple[int, ...] = ()
        if not obstacle.breaches:
            other = problem.case.person_at(obstacle.person_id)
            swapped = roster.with_changes(added=[(at, other)], removed=[(at, me)])
            change = _difference(before, values(problem, levels, swapped))
        answers.append(Instead(obstacle, change))
    return answers


_FREEING_WORK: Final = 2.0


def price_of_freeing(
    problem: Problem,
    roster: Roster,
    duty_id: str,
    person_id: str,
    *,
    seed: int,
    levels: Sequence[Level],
    from_min: int = 0,
) -> Freeing:
    """Return the smallest change that frees someone of a duty, and what each level loses."""
    freed = Locks(name="freed", freed=frozenset({(person_id, duty_id)}))
    without = replace(problem, rules=(*problem.rules, freed))
    mended = repair(without, roster, seed=seed, work=_FREEING_WORK, from_min=from_min)
    before, after = (values(problem, levels, one) for one in (roster, mended.roster))
    return Freeing(mended, _difference(before, after))


def _difference(before: Sequence[int], after: Sequence[int]) -> tuple[int, ...]:
    return tuple(new - old for old, new in zip(before, after, strict=True))
