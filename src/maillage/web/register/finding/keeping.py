"""What a web process keeps of the index from one request to the next, under its revision.

Every change of what is public draws a new revision in its own transaction (`indexing`); what was
read under another one is read again, at once or, where it may be a little late, after a while.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Final, Generic, TypeVar

from django.db import connection

from maillage.web.register.finding.texts import FIELD_WEIGHTS
from maillage.web.register.models.search import SearchState

SECONDS_LATE: Final = 60.0
"""What may be late is read again at most that often, however busy the register is."""

T = TypeVar("T")


def index_state() -> SearchState:
    """Return the state of the index; an empty one before anything was indexed."""
    return SearchState.objects.filter(pk=1).first() or SearchState(lengths=[0] * len(FIELD_WEIGHTS))


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """Something read from the index: in which database, of what, when, under which revision."""

    database: str
    of: object
    read_at_s: float
    revision: int
    value: T


class Keeper(Generic[T]):
    """The last thing read of its kind; one for each kind, shared by the threads of a process."""

    def __init__(self, may_be_late: Callable[[T], bool] = lambda value: False) -> None:
        """Say which values may be `SECONDS_LATE` late: large ones, which cost to read."""
        self._may_be_late = may_be_late
        self._reading = Lock()
        self._kept: Kept[T] | None = None

    def get(
        self,
        state: SearchState,
        read: Callable[[], T],
        *,
        of: object = None,
        anew: bool = False,
    ) -> Kept[T]:
        """Return what is kept, read first when it is out of date or when `anew` asks for it.

        state  of the index now, read before
        of     what the value is made of beside the index: the very same object, or it is read again
        """
        database = str(connection.settings_dict["NAME"])
        with self._reading:
            kept = self._kept
            if anew or kept is None or not self._is_fresh(kept, database, of, state.revision):
                self._kept = kept = Kept(database, of, monotonic(), state.revision, read())
            return kept

    def _is_fresh(self, kept: Kept[T], database: str, of: object, revision: int) -> bool:
        # One that is ahead was read by a transaction that was taken back, or is of other tables.
        if kept.database != database or kept.of is not of or kept.revision > revision:
            return False
        recent = monotonic() - kept.read_at_s < SECONDS_LATE
        return kept.revision == revision or (recent and self._may_be_late(kept.value))
