"""Someone falls ill: the smallest change to a published roster, and who is asked what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from maillage.engines.rostering.improving import Aim, Outcome, all_pairs, improve
from maillage.engines.rostering.levels import Level, value
from maillage.engines.rostering.problem import Problem
from maillage.engines.rostering.roster import Pair, Roster

_DAYS_AROUND: Final = (0, 3, 10, 31)
"""Days on both sides of what is broken that may change too, tried in turn."""
_PLACE: Final = 1_000
"""Changes that one place held is worth: more than any repair ever makes."""


@dataclass(frozen=True, slots=True)
class Move:
    """What one person is asked: duties they take and duties they give up, by identifier."""

    person_id: str
    takes: tuple[str, ...]
    gives_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """A roster that breaks no rule where it could change, as near as possible to the one before.

    moves     one for each person asked; those who must give up first in order of identifier
    empty     identifiers of the duties that were held and no longer are
    smallest  no other roster that holds as many places changes fewer cells
    work      deterministic units used
    """

    roster: Roster
    moves: tuple[Move, ...]
    empty: tuple[str, ...]
    smallest: bool
    work: float


def repair(
    problem: Problem, published: Roster, *, seed: int, work: float = 2.0, from_min: int = 0
) -> Repair:
    """Return the smallest change to `published` under the rules and facts of `problem` today.

    work      deterministic units for each width tried, most often a small part is used
    from_min  elapsed minute before which nothing changes: what has begun is done

    Coverage first, then the fewest cells, then fairness and wishes. The repair looks at the broken
    duties alone, then at more and more days around them while something is left to win.
    """
    today = replace(problem, before=published)
    broken = _broken(today, published, from_min)
    if not broken:
        return Repair(published, (), (), True, 0.0)
    spent, roster, smallest = 0.0, published, False
    for days in _DAYS_AROUND:
        duties = _around(today, broken, days, from_min)
        free = _free(today, published, duties, broken)
        found = _fewest_changes(today, free, roster, seed=seed, work=work)
        spent += found.work
        roster = found.roster or roster
        smallest = found.proven and _cannot_be_bettered(today, roster, published)
        if smallest:
            break
    kind = _kindest(today, free, roster, seed=seed, work=work)
    return _told(today, published, kind.roster or roster, smallest, spent + kind.work)


def _broken(problem: Problem, published: Roster, from_min: int) -> frozenset[int]:
    """Return the duties, still to begin, that a rule or a new fact no longer lets stand."""
    duties = problem.case.duties
    refused = {at for at, person in published.pairs if not problem.allowed[at, person]}
    named = {problem.case.duty_at(one) for b in problem.breaches(published) for one in b.duties}
    taken = problem.with_groups(refused | named)
    return frozenset(at for at in taken if duties[at].start_min >= from_min)


def _around(problem: Problem, broken: Iterable[int], days: int, from_min: int) -> list[int]:
    day_of, duties = problem.case.day_of, problem.case.duties
    near = {day + by for at in broken for day in (day_of[at],) for by in range(-days, days + 1)}
    taken = set(broken) if not days else {at for at in range(len(duties)) if day_of[at] in near}
    return sorted(at for at in problem.with_groups(taken) if duties[at].start_min >= from_min)


def _free(
    problem: Problem, published: Roster, duties: Iterable[int], broken: frozenset[int]
) -> list[Pair]:
    """Return the pairs that may change; a duty that was empty is not filled on the occasion."""
    full = [
        at
        for at in duties
        if at in broken or len(published.holders[at]) >= problem.case.duties[at].places
    ]
    held = [(at, person) for at in duties for person in published.holders[at]]
    return [*all_pairs(problem, full), *held]


def _fewest_changes(
    problem: Problem, free: Sequence[Pair], roster: Roster, *, seed: int, work: float
) -> Outcome:
    aim = Aim({Level.COVERAGE: _PLACE, Level.CHANGES: 1}, {})
    return improve(problem, free=free, kept=roster, aim=aim, seed=seed, work=work, mending=True)


def _kindest(
    problem: Problem, free: Sequence[Pair], roster: Roster, *, seed: int, work: float
) -> Outcome:
    """Among rosters that change as little, return the fairest and most wished."""
    caps = {level: value(problem, level, roster) for level in (Level.COVERAGE, Level.CHANGES)}
    aim = Aim({Level.SUM_UNFAIR: 1, Level.WISHES: 1}, caps)
    return improve(problem, free=free, kept=roster, aim=aim, seed=seed, work=work / 2, mending=True)


def _cannot_be_bettered(problem: Problem, roster: Roster, published: Roster) -> bool:
    """Say whether nothing is empty that was held, with only the changes that nobody can avoid."""
    gone = {pair for pair in published.pairs if not problem.allowed[pair]}
    worth = value(problem, Level.COVERAGE, roster)
    held_again = worth <= value(problem, Level.COVERAGE, published)
    return held_again and len(roster.pairs ^ published.pairs) <= 2 * len(gone)


def _told(
    problem: Problem, published: Roster, roster: Roster, smallest: bool, work: float
) -> Repair:
    case = problem.case
    moves = []
    for at, person in enumerate(case.people):
        before, after = published.duties_of[at], roster.duties_of[at]
        if before != after:
            takes = tuple(case.duties[one].duty_id for one in after if one not in before)
            gives_up = tuple(case.duties[one].duty_id for one in before if one not in after)
            moves.append(Move(person.person_id, takes, gives_up))
    empty = tuple(
        duty.duty_id
        for duty, before_, after_ in zip(
            case.duties, published.holders, roster.holders, strict=True
        )
        if len(after_) < len(before_)
    )
    return Repair(roster, tuple(moves), empty, smallest, work)
