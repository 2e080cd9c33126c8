"""How often workers look, write, and give up."""

from dataclasses import dataclass
from datetime import timedelta

from maillage.core.errors import InputError

KEEP_RESULT = timedelta(days=90)
"""A finished run's result is kept this long, and its permanent address says until when."""

FORGET_RUN = timedelta(days=365)
"""After its result expired, the row itself (question, dates, state) is kept this much longer."""

FORGET_TASK = timedelta(days=7)
"""Finished rows of the task queue are kept this long, for whoever looks into a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The clockwork of a worker, in seconds.

    lease_s   a run belongs to its worker until this long after its last sign of life
    write_s   at most one write of progress and lease per this long, while computing
    look_s    how often the run is looked at for a request to cancel, while computing
    grace_s   at shutdown, how long the study in hand may go on before it is handed back
    obey_s    after that, how long a study may take to stop before its run goes to another worker
    poll_s    how often an idle worker looks for work
    sweep_s   how often each worker looks for runs whose worker died, and for chores that are due
    """

    lease_s: float = 60.0
    write_s: float = 2.0
    look_s: float = 1.0
    grace_s: float = 10.0
    obey_s: float = 5.0
    poll_s: float = 0.5
    sweep_s: float = 10.0

    def __post_init__(self) -> None:
        if not 0 < self.look_s <= self.write_s < self.lease_s / 2:
            raise InputError(
                f"look_s={self.look_s}, write_s={self.write_s}, lease_s={self.lease_s}: expected "
                "0 < look_s <= write_s < lease_s / 2, so that one late write loses no lease."
            )

    @property
    def lease(self) -> timedelta:
        """Return how long one sign of life keeps a run."""
        return timedelta(seconds=self.lease_s)
