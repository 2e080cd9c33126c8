"""What people ask for, and what a roster leaves unmet. "Never" is a rule: `rules.eligibility`."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from maillage.core.errors import InputError
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.model import Held, Model
from maillage.engines.rostering.roster import Roster


class Wanted(StrEnum):
    """What a wish asks for.

    ANY        to hold at least one of the duties: costs once when none is held
    NONE       to hold none of them: costs for each one held ("only weekends" names all the others)
    ALTERNATE  not two groups in a row ("every other holiday"): costs for each two in a row worked
    WITH       to hold them with someone: costs for each one held without that person
    WITHOUT    to hold none of them with someone: costs for each one held with that person
    """

    ANY = "any"
    NONE = "none"
    ALTERNATE = "alternate"
    WITH = "with"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """One person's wish.

    groups    identifiers of duties; one group, but for ALTERNATE: groups in order of time
    strength  what one unmet time costs
    partner   the other person, for WITH and WITHOUT
    """

    wish_id: str
    person_id: str
    wanted: Wanted
    groups: tuple[tuple[str, ...], ...]
    strength: int = 1
    partner_id: str = ""

    def __post_init__(self) -> None:
        if self.strength < 1:
            raise InputError(f"{self.wish_id}: strength is {self.strength}; expected 1 or more.")
        if (len(self.groups) != 1) != (self.wanted is Wanted.ALTERNATE):
            raise InputError(
                f"{self.wish_id} has {len(self.groups)} groups of duties; expected one, or several "
                "for a wish to alternate."
            )
        if bool(self.partner_id) != (self.wanted in (Wanted.WITH, Wanted.WITHOUT)):
            raise InputError(
                f"{self.wish_id}: partner is {self.partner_id!r}; expected someone for a wish with "
                "or without, and nobody for any other."
            )


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that a roster does not honour: how many times, and what that costs."""

    wish: Wish
    times: int
    cost: int


def unmet(case: Case, wishes: Iterable[Wish], roster: Roster) -> list[Unmet]:
    """List the wishes that a roster does not honour."""
    found = ((wish, _times_unmet(case, wish, roster)) for wish in wishes)
    return [Unmet(wish, times, times * wish.strength) for wish, times in found if times]


def _times_unmet(case: Case, wish: Wish, roster: Roster) -> int:
    held = set(roster.duties_of[case.person_at(wish.person_id)])
    worked = [held.intersection(case.duty_at(one) for one in group) for group in wish.groups]
    if wish.wanted is Wanted.ANY:
        return int(not worked[0])
    if wish.wanted is Wanted.NONE:
        return len(worked[0])
    if wish.wanted is Wanted.ALTERNATE:
        return sum(bool(one) and bool(next_one) for one, next_one in pairwise(worked))
    partner = case.person_at(wish.partner_id)
    together = sum(partner in roster.holders[at] for at in worked[0])
    return together if wish.wanted is Wanted.WITHOUT else len(worked[0]) - together


Cost = tuple[Held, int]
"""What is 1 when something is paid for, and how much."""


def unmet_costs(model: Model, wish: Wish) -> list[Cost]:
    """Return what adds up to the cost of a wish in a model."""
    case = model.case
    person = case.person_at(wish.person_id)
    groups = [[case.duty_at(one) for one in group] for group in wish.groups]
    if wish.wanted is Wanted.ANY:
        return [(1, wish.strength), (model.any_of(person, groups[0]), -wish.strength)]
    if wish.wanted is Wanted.NONE:
        return [(model.held(at, person), wish.strength) for at in groups[0]]
    if wish.wanted is Wanted.ALTERNATE:
        worked = [model.any_of(person, group) for group in groups]
        return [(model.both(*two), wish.strength) for two in pairwise(worked)]
    partner = case.person_at(wish.partner_id)
    costs: list[Cost] = []
    for at in groups[0]:
        mine = model.held(at, person)
        shared = model.both(mine, model.held(at, partner))
        if wish.wanted is Wanted.WITH:
            costs += [(mine, wish.strength), (shared, -wish.strength)]
        else:
            costs.append((shared, wish.strength))
    return costs
