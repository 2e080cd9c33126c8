"""One place at a time, rest between duties, and how long one may work on end."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from maillage.engines.rostering.breaches import Breach
from maillage.engines.rostering.case import Case
from maillage.engines.rostering.duties import ANY_DUTY, Match
from maillage.engines.rostering.model import Model
from maillage.engines.rostering.roster import Roster
from maillage.engines.rostering.rules.rule import Rule

Close = list[frozenset[int]]
"""For each duty, those that start no later and are too close to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing(Rule):
    """A rule on the minutes between the end of one duty and the start of a later one."""

    @abstractmethod
    def needed_min(self, case: Case, earlier: int, later: int) -> int | None:
        """Return the minutes needed between two duties, in order of start; None: no matter."""

    @abstractmethod
    def longest_min(self, case: Case) -> int:
        """Return a number of minutes beyond which no two duties are too close."""

    def conflicts(self, case: Case, duties: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Yield each two of `duties`, in order of start, that are too close, and what they need."""
        longest = self.longest_min(case)
        for rank, earlier in enumerate(duties):
            end = case.duties[earlier].end_min
            for later in duties[rank + 1 :]:
                start = case.duties[later].start_min
                if start >= end + longest:
                    break
                needed = self.needed_min(case, earlier, later)
                if needed is not None and start < end + needed:
                    yield earlier, later, needed

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List each two duties of one person that are too close."""
        return [
            self.breach(
                case,
                people=[person],
                duties=[earlier, later],
                found=case.duties[later].start_min - case.duties[earlier].end_min,
                limit=needed,
                unit="min",
            )
            for person in self.bound(case, range(roster.n_people))
            for earlier, later, needed in self.conflicts(case, roster.duties_of[person])
        ]

    def constrain(self, model: Model) -> None:
        """Let nobody hold both of two duties that are too close."""
        close = model.case.once(self, lambda: self._close(model.case))
        for person in self.bound(model.case, model.people):
            terms = model.terms_of(person)
            reason = self.reason(model.case, people=[person])
            for group in _largest(terms, close):
                model.at_most([terms[duty] for duty in group], 1, reason)

    def _close(self, case: Case) -> Close:
        close: Close = [frozenset()] * len(case.duties)
        for earlier, later, _ in self.conflicts(case, range(len(case.duties))):
            close[later] |= {earlier}
        return close


def _largest(duties: Iterable[int], close: Close) -> Iterator[set[int]]:
    """Yield groups of `duties`, each two of a group too close, that hold all that are too close."""
    present: set[int] = set()
    waiting: list[set[int]] = []
    for later in duties:
        groups = [{*group, later} for group in _cliques(close[later] & present, close)]
        present.add(later)
        yield from (one for one in waiting if not any(one <= other for other in groups))
        waiting = groups
    yield from waiting


def _cliques(duties: Iterable[int], close: Close) -> list[set[int]]:
    """Cut `duties` into groups of which each two are too close."""
    groups: list[set[int]] = []
    for duty in sorted(duties):
        near = close[duty]
        for group in groups:
            if group <= near:
                group.add(duty)
                break
        else:
            groups.append({duty})
    return groups


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePlace(Spacing):
    """Nobody is on two duties at once, nor on two sites without the time to go."""

    name: str = "one_place"

    def needed_min(self, case: Case, earlier: int, later: int) -> int:
        """Return the minutes by road between two duties."""
        return case.travel_between(earlier, later)

    def longest_min(self, case: Case) -> int:
        """Return the longest trip."""
        return max(case.travel_min.values(), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Spacing):
    """At least so many minutes between the end of one duty and the start of another.

    after, before  which duties: daily rest takes any two, safety rest any after a garde on site
    may_join       a duty may start at the minute at which one ends on the same site: both are then
                   one stretch of work, which `Stretch` limits
    """

    name: str = "rest"
    least_min: int
    after: Match = ANY_DUTY
    before: Match = ANY_DUTY
    may_join: bool = False

    def needed_min(self, case: Case, earlier: int, later: int) -> int | None:
        """Return the minutes of rest due between two duties."""
        one, other = case.duties[earlier], case.duties[later]
        joined = one.site == other.site and other.start_min == one.end_min
        if (self.may_join and joined) or not (self.after.takes(one) and self.before.takes(other)):
            return None
        return self.least_min

    def longest_min(self, case: Case) -> int:
        """Return the rest."""
        return self.least_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch(Rule):
    """The longest time on end, in duties that join up, and a rest as long after a long one.

    most_min              of one stretch
    equal_rest_over_min   a stretch longer than this is followed by a rest as long as itself;
                          None: no such rest
    match                 duties that are work on end (not an astreinte at home)
    """

    name: str = "stretch"
    most_min: int
    equal_rest_over_min: int | None = None
    match: Match = ANY_DUTY

    def breaches(self, case: Case, roster: Roster) -> list[Breach]:
        """List the stretches that are too long, and those without their rest."""
        found: list[Breach] = []
        for person in self.bound(case, range(roster.n_people)):
            held = [at for at in roster.duties_of[person] if self.match.takes(case.duties[at])]
            for chain in _chains(case, held):
                if not _can_grow(case, chain, held):
                    found += self._of_chain(case, person, chain, held)
        return found

    def _of_chain(
        self, case: Case, person: int, chain: tuple[int, ...], held: Sequence[int]
    ) -> Iterator[Breach]:
        length = _length(case, chain)
        if length > self.most_min:
            yield self.breach(
                case, people=[person], duties=chain, found=length, limit=self.most_min, unit="min"
            )
        for later in self._too_soon(case, chain, held):
            rest = case.duties[later].start_min - case.duties[chain[-1]].end_min
            yield self.breach(
                case, people=[person], duties=(*chain, later), found=rest, limit=length, unit="min"
            )

    def _too_soon(self, case: Case, chain: tuple[int, ...], duties: Sequence[int]) -> Iterator[int]:
        """Yield the duties that start after a stretch and before its rest is over."""
        length, end = _length(case, chain), case.duties[chain[-1]].end_min
        if self.equal_rest_over_min is not None and length > self.equal_rest_over_min:
            for later in duties:
                if end < case.duties[later].start_min < end + length:
                    yield later

    def constrain(self, model: Model) -> None:
        """Forbid each stretch that is too long, and what comes too soon after a long one."""
        case = model.case
        for person in self.bound(case, model.people):
            terms = model.terms_of(person)
            duties = [at for at in terms if self.match.takes(case.duties[at])]
            reason = self.reason(case, people=[person])
            for chain in _chains(case, duties, stop_over=self.most_min):
                if _length(case, chain) > self.most_min:
                    model.at_most([terms[at] for at in chain], len(chain) - 1, reason)
                for later in self._too_soon(case, chain, duties):
                    held = [terms[at] for at in (*chain, later)]
                    model.at_most(held, len(chain), reason)


def _length(case: Case, chain: Sequence[int]) -> int:
    return case.duties[chain[-1]].end_min - case.duties[chain[0]].start_min


def _follows(case: Case, earlier: int, later: int) -> bool:
    return case.duties[later].start_min == case.duties[earlier].end_min


def _can_grow(case: Case, chain: tuple[int, ...], held: Sequence[int]) -> bool:
    """Say whether a duty held joins a chain at either end."""
    return any(_follows(case, chain[-1], at) or _follows(case, at, chain[0]) for at in held)


def _chains(
    case: Case, duties: Sequence[int], *, stop_over: int | None = None
) -> Iterator[tuple[int, ...]]:
    """Yield each sequence of duties that join up, end to start; none grows beyond `stop_over`."""
    starting: dict[int, list[int]] = {}
    for at in duties:
        starting.setdefault(case.duties[at].start_min, []).append(at)
    growing: list[tuple[int, ...]] = [(at,) for at in duties]
    while growing:
        chain = growing.pop()
        yield chain
        if stop_over is None or _length(case, chain) <= stop_over:
            following = starting.get(case.duties[chain[-1]].end_min, ())
            growing += [(*chain, at) for at in following]
