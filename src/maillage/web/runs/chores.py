"""Work that comes back: mails that are due, clocks to turn, rows to forget.

Each chore has one row, which says when it is next due and which worker has it in hand. A worker
takes it by one conditional update, under a lease: two workers never do the same chore at the same
time, and one that dies in the middle leaves it to another. What a chore does must still be safe to
do twice: a worker may outlive its lease.

Features offer theirs from the `ready` of their application; workers and `run_due` do what is due.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_tb
from typing import Final

from django.db.models import Q, QuerySet

from maillage.core.errors import InputError
from maillage.web.runs.models import ChoreState

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=15)
"""A chore in hand belongs to its worker this long; then the worker is taken for dead."""
RETRY: Final = timedelta(minutes=10)
"""A chore that failed is tried again after this long, or at its usual pace if that is sooner."""

Clock = Callable[[], datetime]
Counts = Mapping[str, int]
_OFFERED: dict[str, "Chore"] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """What is to be done again and again.

    name   unique among all chores, such as "register.freshness"
    label  what it does, in French, for administrators
    every  from the beginning of one time to the beginning of the next
    work   does what is due at a moment; returns how many of each, by French word
    """

    name: str
    label: str
    every: timedelta
    work: Callable[[datetime], Counts]

    def __post_init__(self) -> None:
        if self.every <= timedelta(0):
            raise InputError(f"chore {self.name} comes back every {self.every}: expected above 0.")


def offer(chore: Chore) -> None:
    """Have a chore done from now on; called again with the same name, the last one counts."""
    _OFFERED[chore.name] = chore


def offered() -> tuple[Chore, ...]:
    """Return every chore, in the order of their names."""
    return tuple(_OFFERED[name] for name in sorted(_OFFERED))


def do_due(*, owner: str, clock: Clock, chores: Iterable[Chore] | None = None) -> dict[str, Counts]:
    """Do the chores that are due and free, one after the other; return what each one counted.

    A chore that fails is written down as failed and keeps nothing else from being done.
    """
    wanted = {one.name: one for one in (offered() if chores is None else chores)}
    done: dict[str, Counts] = {}
    for name in _due(wanted, at=clock()):
        at = clock()
        if _take(name, owner=owner, at=at):
            done[name] = _do(wanted[name], owner=owner, at=at, clock=clock)
    return done


def _due(wanted: Mapping[str, Chore], *, at: datetime) -> list[str]:
    """Return the names of what is due and free, the longest due first."""
    states = {one.name: one for one in ChoreState.objects.filter(name__in=wanted)}
    new = [ChoreState(name=name, due_at=at) for name in wanted if name not in states]
    if new:
        ChoreState.objects.bulk_create(new, ignore_conflicts=True)
        states |= {one.name: one for one in new}
    due = [one for one in states.values() if one.due_at <= at and one.is_free(at=at)]
    return [one.name for one in sorted(due, key=lambda one: (one.due_at, one.name))]


def _take(name: str, *, owner: str, at: datetime) -> bool:
    """Take a chore in hand; False when another worker was quicker."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    ready = ChoreState.objects.filter(free, name=name, due_at__lte=at)
    return bool(ready.update(lease_owner=owner, lease_until=at + LEASE, started_at=at))


def _do(chore: Chore, *, owner: str, at: datetime, clock: Clock) -> Counts:
    mine = ChoreState.objects.filter(name=chore.name, lease_owner=owner)
    try:
        counts = dict(chore.work(at))
    except Exception as error:
        # The kind and the place of the error, without its message: a mail server's refusal names
        # the address that it refuses.
        kind, place = type(error).__name__, "".join(format_tb(error.__traceback__))
        logger.error("The chore %s failed (%s).\n%s", chore.name, kind, place)
        _settle(mine, error=kind, due_at=at + min(chore.every, RETRY), at=clock())
        return {}
    _settle(mine, report=counts, error="", due_at=at + chore.every, at=clock())
    return counts


def _settle(mine: QuerySet[ChoreState], *, at: datetime, **fields: object) -> None:
    """Write what became of a chore, unless its lease ended and another worker has it."""
    mine.update(lease_owner="", lease_until=None, ended_at=at, **fields)
