"""The rules from day to day as an automaton: which lines may come next, from where to where.

Runs of work, rest and waits depend on what came just before, so each is a state; minutes,
weekends and tallies are sums, counted apart. Lines that nothing distinguishes day to day form
one kind, which keeps the automaton small however many sites there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from maillage.engines.rostering.search.grid import OFF, DutyGrid, IntArray

State = tuple[str, int, int, bool]
"""Name ("work", "off", "free", "start"), class of the last line or OFF, length, exempt or not."""

FREE: State = ("free", OFF, 0, False)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Lines grouped by the waits they ask before and after.

    of_line    kind of each line, shape (n_lines,)
    after      class of each kind by what may follow it, shape (n_kinds,)
    wait_days  shape (n_classes, n_kinds)
    """

    of_line: IntArray
    after: IntArray
    wait_days: IntArray


def kinds_of(wait_days: IntArray) -> Kinds:
    """Group the lines of a (n_lines, n_lines) matrix of waits."""
    classes, class_of_line = np.unique(wait_days, axis=0, return_inverse=True)
    _, columns = np.unique(wait_days, axis=1, return_inverse=True)
    pairs = np.stack([class_of_line.ravel(), columns.ravel()])
    _, first, of_line = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
    return Kinds(of_line.ravel(), class_of_line.ravel()[first], classes[:, first])


@dataclass(frozen=True, slots=True)
class Habits:
    """The limits on consecutive days that a person shares with others."""

    min_run: int
    max_run: int
    min_rest: int


@dataclass(frozen=True, slots=True)
class Automaton:
    """States and steps. Every state may be the last.

    step     next state, -1 where forbidden, shape (n_states, 1 + n_kinds); column 0 is a day off
    at_work  is the state one of work, shape (n_states,)
    start    first state of each person, by position in `people`
    """

    step: IntArray
    at_work: IntArray
    start: dict[int, int]


@dataclass
class _Builder:
    """Numbers the states as it meets them; no run is longer than `longest_run` days."""

    kinds: Kinds
    habits: Habits
    longest_run: int
    number: dict[State, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.longest_wait = self.kinds.wait_days.max(axis=1, initial=1)

    def index(self, state: State) -> int:
        """Return the number of a state, a new one where it was not met yet."""
        return self.number.setdefault(state, len(self.number))

    def resting(self, line_class: int, days: int, exempt: bool = False) -> State:
        """Return the state after `days` off; all that nothing holds back are one."""
        rested = days >= self.habits.min_rest
        waited = line_class == OFF or days >= self.longest_wait[line_class] - 1
        if exempt:
            return ("start", OFF if waited else line_class, -1 if rested and waited else days, True)
        if rested and waited:
            return FREE
        return ("off", OFF if waited else line_class, days, False)

    def day_off(self, state: State) -> State | None:
        """Return the state after a day off, None where the run is too short to end."""
        name, line_class, length, exempt = state
        if name == "work":
            if length < self.habits.min_run and not exempt:
                return None
            return self.resting(line_class, 1)
        if name == "free" or length < 0:
            return FREE
        return self.resting(line_class, length + 1)

    def duty(self, state: State, kind: int) -> State | None:
        """Return the state after a duty of this kind, None where it may not be."""
        name, line_class, length, exempt = state
        run = length + 1 if name == "work" else 1
        if name == "work":
            if length >= self.habits.max_run or self.kinds.wait_days[line_class, kind] > 1:
                return None
        elif name != "free" and length >= 0:
            short = length < self.habits.min_rest
            if short or (line_class != OFF and length + 1 < self.kinds.wait_days[line_class, kind]):
                return None
        return self.working(int(self.kinds.after[kind]), run, exempt)

    def working(self, line_class: int, run: int, exempt: bool) -> State:
        """Return the state after `run` days worked; lengths that bind nothing more are one."""
        unlimited = self.habits.max_run >= self.longest_run
        length = min(run, max(self.habits.min_run, 1)) if unlimited else run
        return ("work", line_class, length, exempt and length < self.habits.min_run)


def build_automaton(
    grid: DutyGrid, kinds: Kinds, habits: Habits, people: Iterable[int]
) -> Automaton:
    """Build the automaton of people who share habits, from the states they start in."""
    longest_run = grid.n_days + int(grid.eve.run_before.max(initial=0))
    builder = _Builder(kinds, habits, longest_run)
    start = {person: builder.index(_first_state(builder, grid, person)) for person in people}
    steps: list[list[int]] = []
    at_work: list[int] = []
    while len(steps) < len(builder.number):
        state = list(builder.number)[len(steps)]
        after = [builder.day_off(state)]
        after += [builder.duty(state, kind) for kind in range(kinds.after.size)]
        steps.append([-1 if next_ is None else builder.index(next_) for next_ in after])
        at_work.append(int(state[0] == "work"))
    return Automaton(np.array(steps, np.int64), np.array(at_work, np.int64), start)


def _first_state(builder: _Builder, grid: DutyGrid, person: int) -> State:
    last_line = int(grid.eve.last_line[person])
    line_class = (
        OFF if last_line == OFF else int(builder.kinds.after[builder.kinds.of_line[last_line]])
    )
    run, rest = int(grid.eve.run_before[person]), int(grid.eve.rest_before[person])
    if run:
        return builder.working(line_class, run, False)
    return builder.resting(line_class, rest, exempt=True)
