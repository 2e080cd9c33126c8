"""What each person should carry, what they carry, and how far apart the two are.

Targets are in whole tenths that add up exactly: nobody's share is lost to rounding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from maillage.core.errors import InputError
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import ANY_DUTY, Match
from maillage.engines.rostering.model import BoolArray
from maillage.engines.rostering.roster import Roster

TENTHS: Final = 10
"""Targets and deviations are counted in tenths of a duty, or of a point."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to be shared fairly: nights, weekends, holidays, points.

    match    the duties that count
    points   count the points of a duty rather than one
    people   who shares, by identifier; empty: everyone
    history  what each has carried before, by identifier, in duties or points
    weight   of one tenth of deviation, to compare measures with one another
    """

    name: str
    match: Match = ANY_DUTY
    points: bool = False
    people: frozenset[str] = frozenset()
    history: Mapping[str, int] = field(default_factory=dict)
    weight: int = 1

    def __post_init__(self) -> None:
        if self.weight < 1:
            raise InputError(f"{self.name}: weight is {self.weight}; expected 1 or more.")

    def amount(self, case: Case, duty: int) -> int:
        """Return what holding a duty counts for."""
        if duty not in case.matching(self.match):
            return 0
        return case.duties[duty].points if self.points else 1


@dataclass(frozen=True, slots=True)
class Target:
    """What one person should carry of a measure over history and period, in tenths.

    tenths    their share of everything, history included
    history   what they carried before, in tenths
    """

    person: int
    tenths: int
    history: int

    @property
    def due(self) -> int:
        """Return what is left for them to carry in the period, in tenths; may be under 0."""
        return self.tenths - self.history


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account of one measure; amounts in tenths.

    deviation  carried, history included, less target; above 0: too much
    """

    person_id: str
    measure: str
    target: int
    history: int
    carried: int

    @property
    def deviation(self) -> int:
        """Return how far above (or under 0: below) the target."""
        return self.history + self.carried - self.target


def targets(case: Case, measure: Measure, *, allowed: BoolArray) -> list[Target]:
    """Return the target of each person who shares a measure.

    Pro rata to contract share × days of presence, of what everyone carried before plus all places
    of the period. Nobody's due passes what the rules on single pairs (`allowed`, shape (n_duties,
    n_people)) let them hold: what they cannot take is shared among the others.
    """
    people = _sharing(case, measure)
    amounts = [measure.amount(case, at) for at in range(len(case.duties))]
    history = {at: measure.history.get(case.people[at].person_id, 0) for at in people}
    most = {
        at: history[at] + sum(a for duty, a in enumerate(amounts) if a and allowed[duty, at])
        for at in people
    }
    places = sum(a * case.duties[at].places for at, a in enumerate(amounts))
    total = min(places + sum(history.values()), sum(most.values()))
    shares = _shared_out(total, {at: _weight(case, at) for at in people}, most)
    rounded = _rounded([shares[at] * TENTHS for at in people])
    return [
        Target(at, tenths, history[at] * TENTHS) for at, tenths in zip(people, rounded, strict=True)
    ]


def _sharing(case: Case, measure: Measure) -> list[int]:
    if not measure.people:
        return [*range(len(case.people))]
    return sorted(case.person_at(person_id) for person_id in measure.people)


def _weight(case: Case, at: int) -> int:
    person = case.people[at]
    days = case.period.n_days if person.presence_days is None else person.presence_days
    return person.contract_pct * days


def _shared_out(
    total: int, weights: Mapping[int, int], most: Mapping[int, int]
) -> dict[int, Fraction]:
    """Share `total` pro rata to `weights`, nobody above their `most`."""
    shares = dict.fromkeys(weights, Fraction(0))
    open_to = {at for at, weight in weights.items() if weight}
    left = Fraction(total)
    while open_to and left:
        weight = sum(weights[at] for at in open_to)
        full = {at for at in open_to if left * weights[at] >= most[at] * weight}
        for at in full or open_to:
            shares[at] = Fraction(most[at]) if full else left * weights[at] / weight
        left = left - sum(shares[at] for at in full) if full else Fraction(0)
        open_to -= full
    return shares


def _rounded(values: Sequence[Fraction]) -> list[int]:
    """Round to whole numbers that add up to the rounded sum: largest remainders first."""
    rounded = [value.__floor__() for value in values]
    short = round(sum(values, Fraction(0))) - sum(rounded)
    by_remainder = sorted(range(len(values)), key=lambda at: (rounded[at] - values[at], at))
    for at in by_remainder[:short]:
        rounded[at] += 1
    return rounded


def carried_tenths(case: Case, measure: Measure, roster: Roster, person: int) -> int:
    """Return what a person carries of a measure in the period, in tenths."""
    return TENTHS * sum(measure.amount(case, at) for at in roster.duties_of[person])


def accounts(case: Case, measure: Measure, roster: Roster, *, allowed: BoolArray) -> list[Account]:
    """Return each person's account of one measure, all figures that a fair board shows."""
    return [
        Account(
            case.people[target.person].person_id,
            measure.name,
            target.tenths,
            target.history,
            carried_tenths(case, measure, roster, target.person),
        )
        for target in targets(case, measure, allowed=allowed)
    ]


def gini(amounts: Sequence[int]) -> float:
    """Return the Gini coefficient of what people carry: 0 all the same, towards 1 one has it all.

    Half the mean absolute difference over the mean. 0 when nobody carries anything.
    """
    total, n = sum(amounts), len(amounts)
    if not total:
        return 0.0
    ranked = sum((2 * rank - n - 1) * amount for rank, amount in enumerate(sorted(amounts), 1))
    return ranked / (n * total)


def spread(amounts: Sequence[int]) -> int:
    """Return the range: the most carried less the least; 0 for nobody."""
    return max(amounts, default=0) - min(amounts, default=0)
